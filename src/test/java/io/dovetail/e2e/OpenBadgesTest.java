package io.dovetail.e2e;

import static io.dovetail.camel.ShopRoute.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.counterpart.BadgeHost;
import io.dovetail.event.Event;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import io.dovetail.event.Lineage;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.camel.CamelTranslator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped connector open-badges asks of an issuer's host, over the wire, and what it makes of the answers. */
class OpenBadgesTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00.123456Z");
    private static final Configuration SHIPPED = shipped();

    private final BadgeHost host = new BadgeHost();
    private final HttpNetwork network = new HttpNetwork();
    private final Map<String, String> secrets = new HashMap<>(host.secrets());
    private final Callers callers = new Callers(network, secrets::get, Clock.systemUTC(), new SimpleMeterRegistry());

    @AfterEach
    void close() {
        network.close();
        host.close();
    }

    /** As it is, but that no TLS is spoken. */
    private static Configuration shipped() {
        var files = new HashMap<String, byte[]>();
        Configuration.filesBelow(Path.of(".")).forEach((path, content) -> {
            if (path.matches(
                    "schemas/.*|connectors/(hub|open-badges)/.*|routes/translate/(default|open-badges)\\..*")) {
                var text = new String(content, UTF_8);
                files.put(
                        path,
                        text.replace("https://{{open-badges", "http://{{open-badges")
                                .getBytes(UTF_8));
            }
        });
        var problems = new Problems();
        var configuration = Configuration.of(files, problems);
        assertThat(problems.list()).isEmpty();
        return configuration;
    }

    private static ObjectNode credential(int entry) {
        return (ObjectNode) Shop.tree("""
                {"iss":"%s","jti":"urn:uuid:1","nbf":1741683600,"sub":"did:web:mia","id":"urn:uuid:1",
                "type":["VerifiableCredential","OpenBadgeCredential"],"issuer":"%s","validFrom":"2025-03-11T09:00:00Z",
                "credentialSubject":{"id":"did:web:mia","achievement":{"name":"Hydraulics"}},
                "credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation",
                "statusListIndex":"%d","statusListCredential":"%s"}}""".formatted(BadgeHost.ISSUER, BadgeHost.ISSUER, entry, BadgeHost.LIST));
    }

    private Event said(JsonNode credential) {
        var source = new Source(
                SHIPPED.connectors().get("open-badges"),
                "default",
                Ids.event("open-badges", "default", "1"),
                credential,
                "urn:uuid:1",
                new UUID(0, 1),
                NOW,
                "00-trace",
                0,
                null,
                Lineage.NONE);
        try (var translator = new CamelTranslator(SHIPPED)) {
            var said = translator.translate(source, callers.of("open-badges", Duration.ofSeconds(10)));
            return ((Translated.Said) said).event();
        }
    }

    @Test
    void asksOnceForManyWhichOfThemAreRevoked() {
        host.revokes(94_567);
        assertThat(said(credential(94_566)).type()).isEqualTo("certification.granted.v1");
        var revoked = said(credential(94_567));
        assertThat(revoked.type()).isEqualTo("certification.revoked.v1");
        assertThat(revoked.time()).isEqualTo(NOW);
        assertThat(revoked.data().path("certificationId").asText()).isEqualTo("urn:uuid:1");
        assertThat(host.seen()).hasSize(1);
        assertThat(host.seen().getFirst().header("Accept")).isEqualTo("application/vc+jwt");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-04-30T12:00:00Z, certification.expired.v1",
        "2026-05-30T12:00:00Z, certification.expiring.v1",
        "2026-06-30T12:00:00Z, certification.granted.v1"
    })
    void saysWhereItStandsInItsTime(Instant until, String type) {
        var credential = credential(1).put("exp", until.getEpochSecond());
        assertThat(said(credential).type()).isEqualTo(type);
    }

    @Test
    void takesNoListThatSomebodyElseHasSignedOrThatIsOver() {
        host.isTakenOver();
        var failure = failure(() -> said(credential(1))).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.message()).contains("not signed by the keys in {{open-badges.status-keys}}");
        host.answers(AskedSystem.text(200, "application/vc+jwt", "e30.e30."));
        assertThat(failure(() -> said(credential(1))).failure().rule()).isEqualTo("signature");
        host.answers(AskedSystem.json(200, "{\"credentialSubject\":{\"statusPurpose\":\"revocation\"}}"));
        assertThat(failure(() -> said(credential(1))).failure().rule()).isEqualTo("signature");
    }

    @Test
    void takesNoListWhoseTimeIsOver() {
        host.says("4102444800", "1704153600");
        assertThat(failure(() -> said(credential(1))).failure().rule()).isEqualTo("signature");
        host.says("1704067200", "4102444800");
        assertThat(failure(() -> said(credential(1))).failure().rule()).isEqualTo("signature");
        host.says("", "");
        assertThat(said(credential(1)).type()).isEqualTo("certification.granted.v1");
    }

    @Test
    void waitsWhileTheHostIsAway() {
        host.answers(AskedSystem.json(503, "{}"));
        assertThat(failure(() -> said(credential(1))).failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        host.answers(AskedSystem.half());
        assertThat(failure(() -> said(credential(1))).failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        host.answers(null);
        assertThat(said(credential(1)).type()).isEqualTo("certification.granted.v1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status/3\",\"type|status/4\",\"type|is not the list that the credential names",
                "\"iss\":\"https://badges|\"iss\":\"https://other|of another issuer",
                "\"statusPurpose\":\"revocation\"|\"statusPurpose\":\"suspension\"|not of revocations",
                "\"statusPurpose\"|\"statusSize\":2,\"statusPurpose\"|more than one bit",
            })
    void parksWhatItsListDoesNotFit(String piece, String other, String why) {
        host.says(piece.replace("\",\"type", "\",\n\"type"), other);
        var failure = failure(() -> said(credential(1))).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.message()).contains(why);
    }

    /** Whoever signs credentials does not decide whom the hub asks. */
    @Test
    void asksNobodyElseWhateverTheCredentialSays() {
        var elsewhere = credential(1);
        ((ObjectNode) elsewhere.path("credentialStatus"))
                .put("statusListCredential", "https://169.254.169.254/credentials/status/3");
        assertThat(failure(() -> said(elsewhere)).failure().message()).contains("is not the list");
        for (var address : new String[] {
            "https://h/credentials/status/..%2F..%2Fadmin", "http://h/credentials/status/3", "https://h/admin", "x", ""
        }) {
            ((ObjectNode) elsewhere.path("credentialStatus")).put("statusListCredential", address);
            assertThat(failure(() -> said(elsewhere)).failure().message()).contains("is not at an address");
        }
        assertThat(host.seen()).hasSize(1);
    }
}
