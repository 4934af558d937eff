package io.dovetail;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.ObjectInputStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.X509TrustManager;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.stereotype.Component;

/** The rules of the house, each with classes planted to break it. */
class ArchitectureTest {

    private static final ArchRule CAMEL_STAYS_IN_ITS_ROOMS = noClasses()
            .that()
            .resideOutsideOfPackage("io.dovetail..camel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    // the wiring may open a database and hear that it cannot; nobody else can make a statement
    private static final ArchRule SQL_STAYS_IN_THE_LEDGER = noClasses()
            .that()
            .resideOutsideOfPackage("io.dovetail..ledger..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.sql..", "org.springframework.jdbc..")
                    .and(not(type(SQLException.class))));

    private static final ArchRule NOTHING_IS_DESERIALISED_BY_JAVA =
            noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

    // one place has the settings that keep documents from the network, the disk and endless entities
    private static final ArchRule XML_IS_READ_BY_THE_CODECS = noClasses()
            .that()
            .resideOutsideOfPackage("io.dovetail.codec..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("javax.xml..", "org.xml.sax..", "org.w3c.dom..")
                    .and(not(type(XMLStreamException.class))));

    // how long a wrong secret takes must not tell how much of it was right: MessageDigest.isEqual
    private static final ArchRule SECRETS_ARE_COMPARED_IN_CONSTANT_TIME = noClasses()
            .that()
            .resideInAnyPackage("io.dovetail.connector.verify..", "io.dovetail.planted.doors.verify..")
            .should()
            .callMethodWhere(describe("compares in a proof, or bytes anywhere", ArchitectureTest::endsAtADifference));

    // what a document may name the class of, whoever writes the document runs
    private static final ArchRule DOCUMENTS_NAME_NO_CLASSES = noClasses()
            .should()
            .callMethodWhere(describe(
                    "has Jackson make what a document names",
                    call -> call.getName().matches("(enable|activate|set)DefaultTyping.*")));

    // Java says whom to trust, and by which name; OwnCertificates trusts a few certificates and nobody else
    private static final ArchRule JAVA_SAYS_WHOM_TO_TRUST = noClasses()
            .that()
            .doNotBelongToAnyOf(OwnCertificates.class)
            .should()
            .beAssignableTo(X509TrustManager.class)
            .orShould()
            .beAssignableTo(HostnameVerifier.class)
            // or else an expression may be one
            .orShould()
            .callMethodWhere(describe(
                    "hands over a HostnameVerifier",
                    call -> call.getTarget().getRawParameterTypes().stream()
                            .anyMatch(parameter -> parameter.isAssignableTo(HostnameVerifier.class))));

    // elsewhere nobody looks for them, and nobody would miss them before a request does
    private static final ArchRule SPRING_FINDS_ITS_COMPONENTS = noClasses()
            .that()
            .resideOutsideOfPackages(
                    HubApplication.class.getAnnotation(ComponentScan.class).value())
            .and()
            .areNotAnnotatedWith(SpringBootConfiguration.class)
            .should()
            .beMetaAnnotatedWith(Component.class);

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.dovetail");

    @Test
    void roomsUseOnlyTheRoomsTheyName() {
        ApplicationModules.of("io.dovetail").verify();
    }

    @Test
    void noticesARoomThatUsesWhatItDoesNotName() {
        var planted = ApplicationModules.of("io.dovetail.planted.rooms", (ImportOption) location -> true);
        assertThat(planted.detectViolations().getMessages()).anyMatch(message -> message.contains("Nosy"));
    }

    @Test
    void onlyCamelRoomsSeeCamel() {
        CAMEL_STAYS_IN_ITS_ROOMS.check(HOUSE);
    }

    @Test
    void onlyTheLedgerSpeaksSql() {
        SQL_STAYS_IN_THE_LEDGER.check(HOUSE);
    }

    @Test
    void nothingIsDeserialisedByJava() {
        NOTHING_IS_DESERIALISED_BY_JAVA.check(HOUSE);
    }

    @Test
    void springFindsItsComponents() {
        SPRING_FINDS_ITS_COMPONENTS.check(HOUSE);
    }

    @Test
    void onlyCodecsReadXml() {
        XML_IS_READ_BY_THE_CODECS.check(HOUSE);
    }

    @Test
    void secretsAreComparedInConstantTime() {
        SECRETS_ARE_COMPARED_IN_CONSTANT_TIME.check(HOUSE);
    }

    @Test
    void documentsNameNoClasses() {
        DOCUMENTS_NAME_NO_CLASSES.check(HOUSE);
    }

    @Test
    void javaSaysWhomToTrust() {
        JAVA_SAYS_WHOM_TO_TRUST.check(HOUSE);
    }

    @Test
    void roomsFormNoCircle() {
        slices().matching("io.dovetail.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void noticesCamelOutsideItsRooms() {
        assertThat(offenders(CAMEL_STAYS_IN_ITS_ROOMS, "doors"))
                .contains("CamelOutsideItsRoom")
                .doesNotContain("CamelInItsRoom");
    }

    @Test
    void noticesSqlOutsideTheLedger() {
        assertThat(offenders(SQL_STAYS_IN_THE_LEDGER, "doors"))
                .contains("SqlOutsideTheLedger")
                .doesNotContain("SqlInTheLedger");
    }

    @Test
    void noticesJavaDeserialisation() {
        assertThat(offenders(NOTHING_IS_DESERIALISED_BY_JAVA, "doors")).contains("Deserialises");
    }

    @Test
    void noticesXmlOutsideTheCodecs() {
        assertThat(offenders(XML_IS_READ_BY_THE_CODECS, "doors")).contains("ReadsXml");
    }

    @Test
    void noticesAComparisonThatEndsAtADifference() {
        assertThat(offenders(SECRETS_ARE_COMPARED_IN_CONSTANT_TIME, "doors"))
                .contains("ComparesTexts.proof(", "ComparesBytes.is(")
                .doesNotContain("ComparesBytes.name(");
    }

    @Test
    void noticesDocumentsThatNameClasses() {
        assertThat(offenders(DOCUMENTS_NAME_NO_CLASSES, "doors")).contains("ReadsIntoAnyClass");
    }

    @Test
    void noticesTrustInAnybody() {
        assertThat(offenders(JAVA_SAYS_WHOM_TO_TRUST, "doors"))
                .contains("TrustsAnybody>", "TakesAnyName>", "AsksForNoName.open(");
    }

    @Test
    void noticesAComponentThatNobodyLooksFor() {
        assertThat(offenders(SPRING_FINDS_ITS_COMPONENTS, "doors")).contains("LostController");
    }

    @Test
    void noticesACircle() {
        var rule =
                slices().matching("io.dovetail.planted.circle.(*)..").should().beFreeOfCycles();
        assertThat(offenders(rule, "circle")).contains("One").contains("Two");
    }

    private static boolean endsAtADifference(JavaMethodCall call) {
        return Set.of("equals", "contentEquals", "equalsIgnoreCase", "compareTo", "compare", "mismatch")
                        .contains(call.getName())
                && (call.getOrigin().getName().equals("proof")
                        || call.getTargetOwner().isEquivalentTo(Arrays.class));
    }

    private static String offenders(ArchRule rule, String room) {
        EvaluationResult result = rule.evaluate(planted(room));
        return result.getFailureReport().toString();
    }

    private static JavaClasses planted(String room) {
        var classes = new ClassFileImporter().importPackages("io.dovetail.planted." + room);
        assertThat(classes).extracting(JavaClass::getSimpleName).isNotEmpty();
        return classes;
    }
}
