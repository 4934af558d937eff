package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.codec.JsonCodec;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Limits;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Requests;
import io.dovetail.connector.Webhook;
import io.dovetail.connector.answer.Answers;
import io.dovetail.connector.answer.Handshake;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.connector.verify.Verify;
import io.dovetail.intake.RefusedException.Reason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandshakesTest {

    private static final Limits LIMITS = Limits.ofRequests(1, 2, 1);

    @TempDir
    Path secrets;

    private final Allowances allowances = new Allowances(() -> 0);
    private final InHand inHand = new InHand();
    private Handshakes handshakes;

    @BeforeEach
    void makeAVendor() throws IOException {
        Files.writeString(secrets.resolve("vendor.key"), "new\nold");
        var connector = new Connector(
                "vendor",
                "A vendor",
                "partner",
                "standard",
                new Webhook(
                        Verify.read(json("{'scheme': 'token', 'header': 'X-Key', 'secret': 'key'}")),
                        null,
                        false,
                        Set.of("application/json"),
                        1000,
                        LIMITS,
                        List.of(
                                Handshake.read(
                                        json(
                                                "{'when': {'method': 'POST', 'query': 'token'}, 'verified': false, 'answer': {'status': 200}}")),
                                Handshake.read(json(
                                        "{'when': {'method': 'GET', 'header': 'X-C'}, 'answer': {'status': 200}}"))),
                        Answers.NONE,
                        List.of(),
                        Requests.PLAIN,
                        null),
                null,
                null,
                null,
                new JsonCodec(),
                "none",
                null,
                List.of(),
                true,
                null,
                null);
        var configuration = new Configuration(
                "",
                Map.of(),
                Map.of("vendor", connector),
                Configuration.of(Map.of(), new Problems()).schemas());
        var files = new Secrets(secrets, Clock.systemUTC());
        handshakes = new Handshakes(
                () -> configuration,
                files,
                new KeySets(
                        address -> {
                            throw new IOException("nobody publishes anything");
                        },
                        () -> 0),
                new Rotations(() -> configuration, Map.of(), files, Clock.systemUTC(), new SimpleMeterRegistry()),
                allowances,
                inHand,
                Clock.systemUTC());
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    private record Knock(
            String method,
            Map<String, String> sent,
            @Nullable String token,
            boolean hasBody) implements Handshakes.Knock {

        @Override
        public Envelope envelope() {
            return Envelope.of(name -> sent.containsKey(name) ? List.of(sent.get(name)) : List.of());
        }

        @Override
        public List<String> parameters(String name) {
            return name.equals("token") && token != null ? List.of(token) : List.of();
        }
    }

    private static final Knock STRANGER = new Knock("POST", Map.of(), "t", false);
    private static final Knock VENDOR = new Knock("GET", Map.of("X-C", "c", "X-Key", "new"), null, false);

    private void isRefusedFor(Reason reason, Knock knock) {
        assertThatThrownBy(() -> handshakes.greet("vendor", knock))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void knowsWhatIsNone() throws Exception {
        assertThat(handshakes.greet("nobody", STRANGER)).isEmpty();
        assertThat(handshakes.greet("vendor", new Knock("GET", Map.of(), "t", false)))
                .isEmpty();
        assertThat(handshakes.greet("vendor", new Knock("POST", Map.of("X-C", "c"), null, true)))
                .isEmpty();
    }

    @Test
    void takesNothingFromASendersAllowanceByWhatStrangersSend() throws Exception {
        handshakes.greet("vendor", STRANGER);
        handshakes.greet("vendor", STRANGER);
        isRefusedFor(Reason.TOO_OFTEN, STRANGER);
        assertThat(handshakes.greet("vendor", VENDOR)).isPresent();
        // a handshake in its own name counts as a delivery would
        allowances.spend("vendor", "default", LIMITS, 1);
        isRefusedFor(Reason.TOO_OFTEN, VENDOR);
    }

    @Test
    void spendsNothingForAWrongProof() throws Exception {
        for (var i = 0; i < 5; i++) {
            isRefusedFor(Reason.UNAUTHENTICATED, new Knock("GET", Map.of("X-C", "c", "X-Key", "x"), null, false));
            isRefusedFor(Reason.UNAUTHENTICATED, new Knock("GET", Map.of("X-C", "c"), null, false));
        }
        assertThat(handshakes.greet("vendor", VENDOR)).isPresent();
    }

    @Test
    void givesItsPlaceBackHoweverItEnds() throws Exception {
        assertThat(handshakes.greet("vendor", STRANGER)).isPresent();
        isRefusedFor(Reason.BAD_HANDSHAKE, new Knock("POST", Map.of(), "t", true));
        isRefusedFor(Reason.UNAUTHENTICATED, new Knock("GET", Map.of("X-C", "c"), null, false));
        try (var place = inHand.enter("vendor", LIMITS)) {
            isRefusedFor(Reason.TOO_MANY_AT_ONCE, VENDOR);
        }
        assertThat(handshakes.greet("vendor", VENDOR)).isPresent();
    }

    @Test
    void hasWordsInTheSchemaForEveryRefusalOfADelivery() throws IOException {
        var schema = new ObjectMapper()
                .readTree(Path.of("schemas/hub/connector.v1.schema.json").toFile());
        var listed = new ArrayList<String>();
        schema.at("/$defs/answers/properties/refused/properties").fieldNames().forEachRemaining(listed::add);
        assertThat(Reason.values())
                .filteredOn(reason -> reason != Reason.UNKNOWN_CONNECTOR
                        && reason != Reason.BAD_HANDSHAKE
                        && reason != Reason.UNWANTED_HANDSHAKE)
                .extracting(Reason::word)
                .containsExactlyInAnyOrderElementsOf(listed);
        for (var reason : Reason.values()) {
            var form = schema.at("/$defs/answers/properties/refused/properties/" + reason.word() + "/$ref")
                    .asText();
            if (!form.isEmpty()) {
                assertThat(form).endsWith(reason.isPassing() ? "/postponement" : "/refusal");
            }
        }
    }
}
