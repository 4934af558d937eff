package io.dovetail.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Days;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallersTest {

    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Answer GOOD = answer(200, "{\"name\": \"ACME\"}");
    private static final Answer AWAY = answer(503, "{}");

    private final Days clock = new Days();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<String, String> secrets = new HashMap<>();
    private final List<Request.Outgoing> sent = new ArrayList<>();
    private Answer answer = GOOD;
    private final Callers callers = new Callers(
            (request, within) -> {
                sent.add(request);
                return answer;
            },
            name -> {
                if (!secrets.containsKey(name)) {
                    throw new IOException("the secret " + name + " cannot be read");
                }
                return secrets.get(name);
            },
            clock,
            meters);

    private static Answer answer(int status, String body) {
        return new Answer(
                status, "application/json", null, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), false);
    }

    private static Request request(Credentials credentials, String address) {
        return new Request(
                "GET",
                address,
                address,
                Map.of("X-Key", SecretReference.to("shop.key")),
                credentials,
                Statuses.of("200-299"),
                null);
    }

    private static Request request() {
        return new Request("GET", "https://crm/1", "https://crm/{n}", Map.of(), null, Statuses.of("200-299"), null);
    }

    private Failure failure(Request request) {
        return catchThrowableOfType(
                        FailedException.class, () -> callers.of("shop", WITHIN).ask(request))
                .failure();
    }

    private void ask(int times) {
        for (var i = 0; i < times; i++) {
            try {
                callers.of("shop", WITHIN).ask(request());
            } catch (FailedException e) {
                // what becomes of the circuit is what counts here
            }
        }
    }

    private double count(String outcome) {
        return meters.counter("hub_calls_total", "connector", "shop", "outcome", outcome)
                .count();
    }

    @Test
    void putsSecretsInAtTheLastMomentAndNowhereElse() {
        var request = request(
                new Credentials("hub", SecretReference.to("shop.crm")),
                "https://" + SecretReference.to("shop.host") + "/a");
        secrets.putAll(Map.of("shop.key", "k1", "shop.crm", "pass:word", "shop.host", "crm.example.com:8443"));
        callers.of("shop", WITHIN).ask(request);
        var outgoing = sent.getFirst();
        assertThat(outgoing.uri()).hasToString("https://crm.example.com:8443/a");
        assertThat(outgoing.headers())
                .containsEntry("X-Key", "k1")
                .containsEntry("Authorization", "Basic aHViOnBhc3M6d29yZA==");
        assertThat(request.line()).isEqualTo("GET https://{{shop.host}}/a");
        assertThat(request.toString()).doesNotContain("pass:word", "crm.example.com");
        // a new one counts from the next request on
        secrets.put("shop.key", "k2");
        callers.of("shop", WITHIN).ask(request);
        assertThat(sent.getLast().headers()).containsEntry("X-Key", "k2");
    }

    @Test
    void waitsForASecretThatIsMissing() {
        var failure = failure(request(new Credentials(null, SecretReference.to("shop.token")), "https://crm/a"));
        assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.message()).contains("the secret shop.");
        assertThat(sent).isEmpty();
    }

    /** Whoever may write the secret of a host may not make an address of it that leads somewhere else. */
    @Test
    void sendsNothingToAnAddressThatIsNone() {
        secrets.put("shop.key", "k");
        for (var host : List.of("evil.com/ x", "user:pw@evil.com", "")) {
            secrets.put("shop.host", host);
            var failure = failure(request(null, "https://" + SecretReference.to("shop.host") + "/a"));
            assertThat(failure.rule()).isEqualTo("address");
            assertThat(failure.message()).doesNotContain("evil");
        }
        assertThat(sent).isEmpty();
    }

    @Test
    void countsWhatCameOfRequests() {
        ask(2);
        answer = answer(422, "{}");
        ask(1);
        answer = AWAY;
        ask(1);
        assertThat(List.of(count("answered"), count("rejected"), count("external")))
                .containsExactly(2.0, 1.0, 1.0);
        assertThat(meters.timer("hub_call_seconds", "connector", "shop").count())
                .isEqualTo(4);
    }

    @Test
    void sparesASystemThatDoesNotAnswer() {
        answer = AWAY;
        ask(Circuit.FEWEST + 3);
        assertThat(sent).hasSize(Circuit.FEWEST);
        assertThat(count("circuit_open")).isEqualTo(3);
        assertThat(callers.most("shop")).isZero();
        assertThat(callers.closedUntil("shop")).isAfter(clock.instant());
        assertThat(gauge()).isOne();
        assertThat(failure(request()).rule()).isEqualTo("circuit open");
        // nobody else's affair
        assertThat(callers.most("jira")).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void asksAgainAfterAPauseFewAtFirst() {
        answer = AWAY;
        ask(Circuit.FEWEST);
        clock.pass(Circuit.PAUSE.plusMillis(2));
        assertThat(callers.most("shop")).isOne();
        ask(Circuit.PROBES);
        assertThat(callers.most("shop")).isZero();
        clock.pass(Circuit.PAUSE.plusMillis(2));
        answer = GOOD;
        ask(Circuit.PROBES);
        assertThat(callers.most("shop")).isEqualTo(Integer.MAX_VALUE);
        assertThat(gauge()).isZero();
    }

    /** An answer that an event is not taken is an answer. */
    @Test
    void isNotMovedByRejections() {
        answer = answer(422, "{}");
        ask(50);
        assertThat(callers.most("shop")).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void asksNothingMoreWhenTheTimeIsOver() {
        var failure = catchThrowableOfType(
                FailedException.class, () -> callers.of("shop", Duration.ZERO).ask(request()));
        assertThat(failure.failure().rule()).isEqualTo("deadline");
        assertThat(failure.failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(sent).isEmpty();
    }

    @Test
    void asksNobodyForConnectorsThatDoNotSaySo() {
        var failure = catchThrowableOfType(FailedException.class, () -> Caller.NOBODY.ask(request()));
        assertThat(failure.failure().kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.getMessage()).contains("declare \"calls\"");
    }

    /** No message knows the number in a reference. */
    @Test
    void takesNoTextOfAMessageForAReference() {
        secrets.put("shop.key", "k");
        var forged = new Request(
                "GET",
                "https://crm/1",
                "https://crm/1",
                Map.of("X-Note", "{{shop.key}} s0123456789abcdef0123456789abcdef.shop.key.s"),
                null,
                Statuses.of("200-299"),
                null);
        callers.of("shop", WITHIN).ask(forged);
        assertThat(sent.getFirst().headers())
                .containsEntry("X-Note", forged.headers().get("X-Note"));
    }

    private double gauge() {
        return meters.get("hub_calls_circuit_open")
                .tag("connector", "shop")
                .gauge()
                .value();
    }
}
