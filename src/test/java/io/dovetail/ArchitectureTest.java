package io.dovetail;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The rules of the house, each with classes planted to break it. */
class ArchitectureTest {

    private static final ArchRule CAMEL_STAYS_IN_ITS_ROOMS = noClasses()
            .that()
            .resideOutsideOfPackage("io.dovetail..camel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    private static final ArchRule SQL_STAYS_IN_THE_LEDGER = noClasses()
            .that()
            .resideOutsideOfPackage("io.dovetail..ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.springframework.jdbc..", "org.postgresql..", "org.flywaydb..");

    private static final ArchRule NOTHING_IS_DESERIALISED_BY_JAVA =
            noClasses().should().dependOnClassesThat().areAssignableTo(java.io.ObjectInputStream.class);

    private final JavaClasses house = new ClassFileImporter()
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
        CAMEL_STAYS_IN_ITS_ROOMS.check(house);
    }

    @Test
    void onlyTheLedgerSpeaksSql() {
        SQL_STAYS_IN_THE_LEDGER.check(house);
    }

    @Test
    void nothingIsDeserialisedByJava() {
        NOTHING_IS_DESERIALISED_BY_JAVA.check(house);
    }

    @Test
    void roomsFormNoCircle() {
        slices().matching("io.dovetail.(*)..").should().beFreeOfCycles().check(house);
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
    void noticesACircle() {
        var rule =
                slices().matching("io.dovetail.planted.circle.(*)..").should().beFreeOfCycles();
        assertThat(offenders(rule, "circle")).contains("One").contains("Two");
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
