package io.dovetail.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.connector.Verify;
import io.dovetail.intake.Secrets.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The signatures here were reckoned with openssl, not with the code under test. */
class ProofTest {

    private static final Verify HEX = new Verify.HmacSha256("X-Sig", "sha256=", "hex", "webhook");
    private static final Verify BASE64 = new Verify.HmacSha256("X-Sig", "", "base64", "webhook");
    private static final List<Credential> CREDENTIALS =
            List.of(new Credential("old", "not-this"), new Credential("acme", "s3cr3t"));

    private static Optional<String> sender(Verify verify, Map<String, List<String>> headers, String body) {
        return sender(verify, headers, body, Clock.systemUTC(), CREDENTIALS);
    }

    private static Optional<String> sender(
            Verify verify, Map<String, List<String>> headers, String body, Clock clock, List<Credential> credentials) {
        return Proof.in(name -> headers.getOrDefault(name, List.of()), verify, clock)
                .flatMap(proof -> proof.sender(body.getBytes(UTF_8), credentials));
    }

    @Test
    void knowsTheSenderByAnHmacInHexOrBase64() {
        // printf '{"a":1}' | openssl dgst -sha256 -hmac s3cr3t
        assertThat(sender(
                        HEX,
                        Map.of(
                                "X-Sig",
                                List.of("sha256=d42927434049e0b8c73ce887062238cc1c6bb6644bfe66e66d8dd0f30b85679e")),
                        "{\"a\":1}"))
                .contains("acme");
        assertThat(sender(
                        BASE64, Map.of("X-Sig", List.of("1CknQ0BJ4LjHPOiHBiI4zBxrtmRL/mbmbY3Q8wuFZ54=")), "{\"a\":1}"))
                .contains("acme");
        assertThat(sender(
                        HEX,
                        Map.of(
                                "X-Sig",
                                List.of("sha256=d42927434049e0b8c73ce887062238cc1c6bb6644bfe66e66d8dd0f30b85679e")),
                        "{\"a\":2}"))
                .isEmpty();
        assertThat(sender(
                        HEX,
                        Map.of("X-Sig", List.of("d42927434049e0b8c73ce887062238cc1c6bb6644bfe66e66d8dd0f30b85679e")),
                        "{\"a\":1}"))
                .isEmpty();
        assertThat(sender(
                        HEX,
                        Map.of("X-Sig", List.of("sha256=1CknQ0BJ4LjHPOiHBiI4zBxrtmRL/mbmbY3Q8wuFZ54=")),
                        "{\"a\":1}"))
                .isEmpty();
        assertThat(sender(
                        HEX,
                        Map.of(
                                "X-Sig",
                                List.of(
                                        "sha256=d42927434049e0b8c73ce887062238cc1c6bb6644bfe66e66d8dd0f30b85679e",
                                        "sha256=d42927434049e0b8c73ce887062238cc1c6bb6644bfe66e66d8dd0f30b85679e")),
                        "{\"a\":1}"))
                .isEmpty();
        assertThat(sender(HEX, Map.of(), "{\"a\":1}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Basic czNjcjN0, acme",
        "basic czNjcjN0, acme",
        "BASIC   czNjcjN0, acme",
        "Basic czNjcjN, ",
        "Basic czNjcjN0 x, ",
        "Bearer czNjcjN0, ",
        "Basic, ",
        "Basicczn, "
    })
    void knowsTheSenderByItsPassword(String authorization, String sender) {
        assertThat(sender(new Verify.Basic("basic"), Map.of("Authorization", List.of(authorization)), "x"))
                .isEqualTo(Optional.ofNullable(sender));
    }

    @Test
    void provesNobodyWhereThereIsNoSecret() {
        assertThat(sender(
                        new Verify.Basic("basic"),
                        Map.of("Authorization", List.of("Basic czNjcjN0")),
                        "x",
                        Clock.systemUTC(),
                        List.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"300, true", "-300, true", "301, false", "-301, false", "0, true"})
    void takesStandardWebhooksForFiveMinutesEitherWay(long off, boolean taken) throws IOException {
        var sent = 1614265330L;
        var headers = Map.of(
                "webhook-id", List.of("msg_1"),
                "webhook-timestamp", List.of("" + sent),
                "webhook-signature", List.of("v1a,x v1,6JMdAqmek5rzmULwmA9G+tj0VWdUKTnJxbrJaom2/ao="));
        var clock = Clock.fixed(Instant.ofEpochSecond(sent + off), ZoneOffset.UTC);
        // 24 bytes: the least that is a secret
        var secrets = List.of(new Credential("acme", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"));
        assertThat(sender(new Verify.StandardWebhooks("webhook"), headers, "{\"a\":1}", clock, secrets)
                        .isPresent())
                .isEqualTo(taken);
        var weak = List.of(
                new Credential("acme", "whsec_MDEy"), new Credential("acme", "0123"), new Credential("b", "whsec_!"));
        assertThat(sender(new Verify.StandardWebhooks("webhook"), headers, "{\"a\":1}", clock, weak))
                .isEmpty();
    }

    static Stream<JsonNode> published() throws IOException {
        var file = Path.of("../shared/payloads/standard-webhooks/vectors.json");
        if (!Files.exists(file)) {
            return Stream.empty();
        }
        var all = new ObjectMapper().readTree(file.toFile());
        var vectors = new ArrayList<JsonNode>();
        all.path("vectors")
                .forEach(v -> vectors.add(((com.fasterxml.jackson.databind.node.ObjectNode) v)
                        .put("secret", all.path("secret").asText())));
        return vectors.stream();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("published")
    void agreesWithPublishedVectors(JsonNode vector) {
        var headers = Map.of(
                "webhook-id", List.of(vector.path("id").asText()),
                "webhook-timestamp", List.of(vector.path("timestamp").asText()),
                "webhook-signature", List.of(vector.path("signature").asText()));
        var clock = Clock.fixed(Instant.ofEpochSecond(vector.path("now").asLong()), ZoneOffset.UTC);
        var credentials = List.of(new Credential("acme", vector.path("secret").asText()));
        assertThat(sender(
                                new Verify.StandardWebhooks("webhook"),
                                headers,
                                vector.path("body").asText(),
                                clock,
                                credentials)
                        .isPresent())
                .as(vector.path("comment").asText())
                .isEqualTo(vector.path("valid").asBoolean());
    }
}
