package io.dovetail.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Days;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersTest {

    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Answer GOOD = answer(200, "{\"name\": \"ACME\"}");
    private static final Answer AWAY = answer(503, "{}");

    private final Days clock = new Days();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<String, String> secrets = new HashMap<>();
    private final List<Request.Outgoing> sent = new ArrayList<>();
    private final ArrayDeque<Answer> sequence = new ArrayDeque<>();
    private Answer answer = GOOD;
    private final Callers callers = new Callers(
            (request, within) -> {
                sent.add(request);
                return sequence.isEmpty() ? answer : sequence.remove();
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
        return new Answer(status, "application/json", null, body.getBytes(UTF_8), false);
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
                new Credentials.Basic("hub", SecretReference.to("shop.crm")),
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
        var failure = failure(request(new Credentials.Bearer(SecretReference.to("shop.token")), "https://crm/a"));
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

    private Request asClient() {
        var client = new Credentials.Client(
                "hub",
                SecretReference.to("shop.client"),
                "https://" + SecretReference.to("shop.idp") + "/token",
                "read");
        return new Request("GET", "https://crm/1", "https://crm/{n}", Map.of(), client, Statuses.of("200-299"), null);
    }

    private void tokens(Answer... answers) {
        secrets.putAll(Map.of("shop.client", "p:ä&/s", "shop.idp", "idp.example.com"));
        sequence.addAll(List.of(answers));
    }

    private static Answer token(String token, String more) {
        return answer(200, "{\"access_token\": \"" + token + "\"" + more + "}");
    }

    private List<String> requests() {
        return sent.stream()
                .map(request -> request.method() + " " + request.uri() + " "
                        + request.headers().get("Authorization"))
                .toList();
    }

    /** RFC 6749, sections 2.3.1 and 4.4. */
    @Test
    void getsItselfATokenAndUsesItWhileItIsGood() {
        tokens(token("t1", ", \"expires_in\": 300"), GOOD, GOOD, token("t2", ", \"expires_in\": 300"), GOOD);
        assertThat(callers.of("shop", WITHIN).ask(asClient()).path("name").asText())
                .isEqualTo("ACME");
        callers.of("shop", WITHIN).ask(asClient());
        clock.pass(Duration.ofSeconds(271));
        callers.of("shop", WITHIN).ask(asClient());
        var basic = "Basic " + Base64.getEncoder().encodeToString("hub:p%3A%C3%A4%26%2Fs".getBytes(UTF_8));
        assertThat(requests())
                .containsExactly(
                        "POST https://idp.example.com/token " + basic,
                        "GET https://crm/1 Bearer t1",
                        "GET https://crm/1 Bearer t1",
                        "POST https://idp.example.com/token " + basic,
                        "GET https://crm/1 Bearer t2");
        assertThat(sent.getFirst().body()).asString(UTF_8).isEqualTo("grant_type=client_credentials&scope=read");
        assertThat(sent.getFirst().headers()).containsEntry("Content-Type", "application/x-www-form-urlencoded");
        assertThat(asClient().toString()).doesNotContain("p:ä&/s");
    }

    /** RFC 6749, section 4.3. */
    @Test
    void getsItselfATokenInTheNameOfAUser() {
        secrets.putAll(Map.of("shop.user", "hub", "shop.password", "p&w=ä"));
        var user = new Credentials.User(SecretReference.to("shop.user"), SecretReference.to("shop.password"), "Prod");
        var client = new Credentials.Client("public", null, "https://idp/token", "All", user);
        var request = new Request("GET", "https://crm/1", "https://crm/1", Map.of(), client, Statuses.of("200"), null);
        sequence.addAll(List.of(
                token("t1", ", \"expires_in\": 300"),
                GOOD,
                token("t2", ", \"expires_in\": 0"),
                GOOD,
                answer(400, "{}")));
        callers.of("shop", WITHIN).ask(request);
        assertThat(sent.getFirst().body())
                .asString(UTF_8)
                .isEqualTo(
                        "grant_type=password&scope=All&client_id=public&username=hub&password=p%26w%3D%C3%A4&database=Prod");
        assertThat(sent.getFirst().headers()).doesNotContainKey("Authorization");
        assertThat(requests().getLast()).endsWith("Bearer t1");
        secrets.put("shop.password", "new");
        callers.of("shop", WITHIN).ask(request);
        assertThat(requests().getLast()).endsWith("Bearer t2");
        assertThat(notBefore(request)).isEqualTo(Duration.ofMinutes(5));
        assertThat(request.toString()).doesNotContain("p&w");
    }

    @Test
    void getsAnotherTokenWhenItsOwnIsRefusedOrItsSecretIsAnother() {
        tokens(token("t1", ", \"expires_in\": 300"), answer(401, "{}"), token("t2", ", \"expires_in\": 300"), GOOD);
        assertThat(failure(asClient()).rule()).isEqualTo("status 401");
        callers.of("shop", WITHIN).ask(asClient());
        assertThat(requests().getLast()).endsWith("Bearer t2");
        secrets.put("shop.client", "new");
        sequence.addAll(List.of(token("t3", ""), GOOD, GOOD, token("t4", ""), GOOD));
        callers.of("shop", WITHIN).ask(asClient());
        assertThat(requests().getLast()).endsWith("Bearer t3");
        // one that does not say for how long it is good
        callers.of("shop", WITHIN).ask(asClient());
        assertThat(requests().getLast()).endsWith("Bearer t3");
        clock.pass(Duration.ofMinutes(5));
        callers.of("shop", WITHIN).ask(asClient());
        assertThat(requests().getLast()).endsWith("Bearer t4");
    }

    /** No event is to blame for a client that is not let in, or for what its token holds. */
    @Test
    void waitsForATokenThatIsNotToBeHad() {
        tokens(answer(400, "{\"error\": \"unauthorized_client\"}"), token("", ""), token("a\\r\\nX-Evil: 1", ""));
        for (var rule : List.of("status 400", "token", "token")) {
            var failure = failure(asClient());
            assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
            assertThat(failure.rule()).isEqualTo(rule);
            assertThat(failure.message()).startsWith("POST https://{{shop.idp}}/token ");
        }
        secrets.remove("shop.client");
        assertThat(failure(asClient()).message()).contains("the secret shop.client");
        assertThat(sent).hasSize(3);
    }

    /** What is answered to a log-in may be what it was for, in whatever form. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        200 | application/x-www-form-urlencoded | access_token=t-0815
        200 | application/json                  | {"access_token": "t-0815"
        201 | application/json                  | {"access_token": "t-0815"}
        302 | text/html                         | <a href="https://idp/?code=t-0815">
        """)
    void keepsNothingOfWhatItIsGiven(int status, String type, String body) {
        var said = new Answer(status, type, null, body.getBytes(UTF_8), false);
        tokens(said);
        assertThat(failure(asClient()).toString()).contains("shop.idp").doesNotContain("0815");
        sequence.add(said);
        assertThat(failure(loggedIn()).toString()).contains("/login").doesNotContain("0815");
        // why it is refused is for somebody to read
        sequence.add(answer(400, "{\"error\": \"invalid_scope\"}"));
        assertThat(failure(asClient()).detail()).contains("invalid_scope");
    }

    private Request inSession() {
        secrets.putAll(Map.of("shop.crm", "pw", "shop.host", "crm.example.com"));
        var login = new Credentials.Basic("hub", SecretReference.to("shop.crm"));
        var service = "https://" + SecretReference.to("shop.host") + "/orders/";
        return new Request(
                "POST",
                service + "1",
                service + "{n}",
                Map.of("Content-Type", "application/json"),
                new Credentials.Session(login, service, null),
                Statuses.of("200-299"),
                "{}".getBytes(UTF_8));
    }

    private static Answer session(@Nullable String token, String... cookies) {
        // the body is not looked at
        return new Answer(200, "application/xml", null, token, List.of(cookies), "<x/>".getBytes(UTF_8), true);
    }

    private static Answer refused() {
        return new Answer(403, "text/plain", null, "Required", List.of(), "no".getBytes(UTF_8), false);
    }

    private List<String> shown() {
        return sent.stream()
                .map(request -> request.method() + " " + request.headers().get("X-CSRF-Token") + " "
                        + request.headers().get("Cookie"))
                .toList();
    }

    @Test
    void showsATokenAgainstForgeryWithTheCookiesItCameWith() {
        sequence.addAll(List.of(session("t1", "id=a%3d; path=/; secure", "x=1; Expires=now", "id=b=="), GOOD, GOOD));
        callers.of("shop", WITHIN).ask(inSession());
        callers.of("shop", WITHIN).ask(inSession());
        assertThat(shown()).containsExactly("GET Fetch null", "POST t1 id=b==; x=1", "POST t1 id=b==; x=1");
        assertThat(sent)
                .allMatch(request -> "Basic aHViOnB3".equals(request.headers().get("Authorization")));
        assertThat(sent.getFirst().uri()).hasToString("https://crm.example.com/orders/");
        assertThat(sent.getFirst().body()).isNull();
        // sessions end sometime; and another password begins another one
        clock.pass(Duration.ofMinutes(16));
        sequence.addAll(List.of(session("t2"), GOOD, session("t3"), GOOD));
        callers.of("shop", WITHIN).ask(inSession());
        var other = inSession();
        secrets.put("shop.crm", "pw2");
        callers.of("shop", WITHIN).ask(other);
        assertThat(shown()).endsWith("GET Fetch null", "POST t2 null", "GET Fetch null", "POST t3 null");
    }

    @Test
    void beginsAnotherSessionOnceAndSaysWhatIsWrongIfThatIsRefusedToo() {
        sequence.addAll(List.of(session("t1", "a=1"), refused(), session("t2", "a=2"), GOOD));
        callers.of("shop", WITHIN).ask(inSession());
        assertThat(shown()).containsExactly("GET Fetch null", "POST t1 a=1", "GET Fetch null", "POST t2 a=2");
        sequence.addAll(List.of(refused(), session("t3"), refused()));
        var failure = failure(inSession());
        assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.rule()).isEqualTo("csrf token");
        assertThat(failure.message()).contains("see that all requests reach the same server");
        sequence.addAll(List.of(session("t4"), GOOD));
        callers.of("shop", WITHIN).ask(inSession());
        assertThat(shown()).endsWith("POST t4 null");
    }

    /** A right that is missing is no matter of the session. */
    @Test
    void takesNoOtherRefusalForOneOfTheToken() {
        sequence.addAll(List.of(session("t1"), answer(403, "{}"), GOOD));
        assertThat(failure(inSession()).rule()).isEqualTo("status 403");
        callers.of("shop", WITHIN).ask(inSession());
        assertThat(shown()).containsExactly("GET Fetch null", "POST t1 null", "POST t1 null");
    }

    /** No event is to blame for it, and nothing is sent without. */
    @Test
    void waitsForASessionThatIsNotToBeHad() {
        sequence.addAll(List.of(
                answer(404, "{}"), session(null), session("a\r\nX-Evil: 1"), session("t", "a=" + "x".repeat(9_000))));
        for (var rule : List.of("status 404", "token", "token", "cookies")) {
            var failure = failure(inSession());
            assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
            assertThat(failure.rule()).isEqualTo(rule);
            assertThat(failure.message()).startsWith("GET https://{{shop.host}}/orders/ ");
        }
        sequence.addAll(List.of(session("t1", "no cookie", "a b=1", "c=d e; path=/", "f=g"), GOOD));
        callers.of("shop", WITHIN).ask(inSession());
        assertThat(shown()).endsWith("POST t1 f=g");
    }

    private Request loggedIn() {
        secrets.putAll(Map.of("shop.user", "hub", "shop.crm", "p\"w\\ä", "shop.host", "crm.example.com"));
        var body = "{\"user\":\"" + SecretReference.to("shop.user") + "\",\"pw\":\"" + SecretReference.to("shop.crm")
                + "\"}";
        var place = "https://" + SecretReference.to("shop.host");
        var form = new Credentials.Form(body, "id", "session_id", Set.of(401));
        return new Request(
                "GET",
                place + "/1",
                place + "/{n}",
                Map.of(),
                new Credentials.Session(null, place + "/login", form),
                Reading.of(Statuses.of("200-299")),
                null,
                new Allowance("X-Left", "X-Reset", 2));
    }

    @Test
    void logsInWithSecretsThatJsonWouldBreakOnAndShowsTheSession() {
        sequence.addAll(List.of(
                answer(200, "{\"id\": \"s1|\"}"), GOOD, answer(401, "{}"), answer(200, "{\"id\": \"s2\"}"), GOOD));
        callers.of("shop", WITHIN).ask(loggedIn());
        callers.of("shop", WITHIN).ask(loggedIn());
        assertThat(sent)
                .extracting(request -> request.method() + " " + request.uri().getPath() + " "
                        + request.headers().get("session_id"))
                .containsExactly("POST /login null", "GET /1 s1|", "GET /1 s1|", "POST /login null", "GET /1 s2");
        assertThat(sent.getFirst().body()).asString(UTF_8).isEqualTo("{\"user\":\"hub\",\"pw\":\"p\\\"w\\\\ä\"}");
        assertThat(sent.getFirst().headers())
                .containsEntry("Content-Type", "application/json")
                .doesNotContainKey("Authorization");
        assertThat(loggedIn().toString()).doesNotContain("p\"w");
    }

    /** Many systems lock a user out who is refused a few times. */
    @Test
    void leavesASystemAloneThatRefusesToLogItIn() {
        sequence.addAll(List.of(answer(400, "{}"), answer(200, "{}"), answer(200, "{\"id\": \"a\\r\\nX-Evil: 1\"}")));
        assertThat(notBefore(loggedIn())).isEqualTo(Duration.ofMinutes(5));
        for (var attempt = 0; attempt < 2; attempt++) {
            var failure = failure(loggedIn());
            assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
            assertThat(failure.message()).isEqualTo("POST https://{{shop.host}}/login gives no id");
        }
    }

    /** Which says nothing of the login: whoever comes too often is let in later. */
    @Test
    void comesAgainWhenASystemSaysItThatCannotLogItInNow() {
        sequence.add(new Answer(429, "application/json", "20", "{}".getBytes(UTF_8), false));
        assertThat(notBefore(loggedIn())).isEqualTo(Duration.ofSeconds(20));
    }

    /** What one may read, another may not. */
    @Test
    void givesNobodyWhatAnotherHasBeenAnswered() {
        var mine = keptFor(new Credentials.Basic("one", SecretReference.to("shop.one")));
        var others = keptFor(new Credentials.Basic("other", SecretReference.to("shop.other")));
        secrets.putAll(Map.of("shop.key", "k", "shop.one", "a", "shop.other", "b"));
        var caller = callers.of("shop", WITHIN);
        caller.ask(mine);
        caller.ask(mine);
        assertThat(sent).hasSize(1);
        caller.ask(others);
        assertThat(sent).hasSize(2);
    }

    private static Request keptFor(Credentials credentials) {
        var request = request(credentials, "https://crm.example.com/prices");
        var reading = new Reading(Statuses.of("200"), Set.of(), Set.of(), List.of(), null, null, Duration.ofMinutes(5));
        return new Request("GET", request.address(), request.endpoint(), request.headers(), credentials, reading, null);
    }

    private Answer leaving(String requests, String reset) {
        return new Answer(
                200,
                "application/json",
                null,
                null,
                List.of(),
                Map.of("X-Left", requests, "X-Reset", reset),
                "{}".getBytes(UTF_8),
                false);
    }

    private static Request allowed(long reserve) {
        var allowance = new Allowance("X-Left", "X-Reset", reserve);
        return new Request(
                "GET",
                "https://crm/1",
                "https://crm/1",
                Map.of(),
                null,
                Reading.of(Statuses.of("200")),
                null,
                allowance);
    }

    /** In the time zone and the words of whoever wrote them; what says nothing counts for an hour. */
    @Test
    void asksNoMoreThanASystemAllowsAndKeepsSomeForOthers() {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var forms = List.of(
                DateTimeFormatter.ISO_INSTANT.format(now.plusSeconds(600)),
                DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plusSeconds(600).atZone(ZoneOffset.UTC)),
                DateTimeFormatter.ofPattern("EEE, dd-MMM-uuuu HH:mm:ss 'GMT'XX '(PDT)'", Locale.US)
                        .format(now.plusSeconds(600).atOffset(ZoneOffset.ofHours(-7))));
        for (var form : forms) {
            sequence.addAll(List.of(leaving("3", form), leaving("2", form)));
            callers.of("shop", WITHIN).ask(allowed(2));
            assertThat(callers.pace("shop")).isBetween(Duration.ofSeconds(199), Duration.ofSeconds(200));
            callers.of("shop", WITHIN).ask(allowed(2));
            var refused = catchThrowableOfType(
                    FailedException.class, () -> callers.of("shop", WITHIN).ask(allowed(2)));
            assertThat(refused.failure().rule()).isEqualTo("allowance");
            assertThat(refused.failure().kind()).isEqualTo(FailureKind.EXTERNAL);
            assertThat(refused.notBefore()).isBetween(Duration.ofSeconds(599), Duration.ofSeconds(600));
            // others may still ask, and say what is left
            sequence.add(leaving("9", "soon"));
            callers.of("shop", WITHIN).ask(allowed(0));
        }
        sequence.add(leaving("0", "soon"));
        callers.of("shop", WITHIN).ask(allowed(0));
        assertThat(failure(allowed(0)).rule()).isEqualTo("allowance");
        clock.pass(Duration.ofMinutes(61));
        callers.of("shop", WITHIN).ask(allowed(2));
        sequence.add(leaving("many", "soon"));
        callers.of("shop", WITHIN).ask(allowed(2));
        assertThat(callers.pace("other")).isZero();
    }

    /** What was cut off may be done, or be done yet. Whoever looks at once would not see it, and do it twice. */
    @Test
    void leavesTimeToWhatMayStillBeAtWork() {
        var post =
                new Request("POST", "https://crm/1", "https://crm/1", Map.of(), null, Statuses.of("200"), new byte[1]);
        answer = answer(504, "{}");
        assertThat(notBefore(post)).isEqualTo(WITHIN);
        answer = new Answer(502, null, "60", new byte[0], false);
        assertThat(notBefore(post)).isEqualTo(Duration.ofMinutes(1));
        answer = AWAY;
        assertThat(notBefore(post)).isNull();
        answer = answer(504, "{}");
        assertThat(notBefore(request())).isNull();
    }

    private Duration notBefore(Request request) {
        return catchThrowableOfType(
                        FailedException.class, () -> callers.of("shop", WITHIN).ask(request))
                .notBefore();
    }

    /** That somebody else was faster says nothing of the system. */
    @Test
    void isNotMovedByChangesThatAreOvertaken() {
        var change = new Request(
                "PATCH",
                "https://crm/1",
                "https://crm/1",
                Map.of("If-Match", "W/\"1\""),
                null,
                Statuses.of("200"),
                new byte[1]);
        answer = answer(412, "{}");
        for (var i = 0; i < 50; i++) {
            assertThat(failure(change).kind()).isEqualTo(FailureKind.EXTERNAL);
        }
        assertThat(callers.most("shop")).isEqualTo(Integer.MAX_VALUE);
        assertThat(failure(request()).kind()).isEqualTo(FailureKind.REJECTED);
    }

    private double gauge() {
        return meters.get("hub_calls_circuit_open")
                .tag("connector", "shop")
                .gauge()
                .value();
    }
}
