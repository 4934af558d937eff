package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vendors ask whether this is the right place, and others try what they get by asking. */
@ExtendWith(VendorsHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakesTest {

    private static final String OKTA = "X-Okta-Verification-Challenge";
    private static final String ORIGIN = "WebHook-Request-Origin";

    private final Hub hub;

    HandshakesTest(VendorsHub.Running running) {
        this.hub = running.hub();
    }

    private Request okta() {
        return Request.of("GET", "/in/okta").header("Authorization", hub.secret("okta.webhook"));
    }

    private Answer graph(String query) {
        return hub.send(Request.post("/in/graph" + query).header("Content-Type", "text/plain; charset=utf-8"));
    }

    private Request mesh(String method) {
        return Request.of(method, "/in/mesh").header("Authorization", Signed.basic(hub.secret("mesh.basic")));
    }

    private static Answer isInert(Answer answer) {
        assertThat(answer.headers())
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("content-security-policy", "default-src 'none'; sandbox")
                .containsEntry("cache-control", "no-store");
        return answer.tellsNoInternals();
    }

    private double counted(String connector, String outcome) {
        var line = "hub_handshakes_total{connector=\"" + connector + "\",outcome=\"" + outcome + "\"} ";
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text()
                .lines()
                .filter(metric -> metric.startsWith(line))
                .mapToDouble(metric -> Double.parseDouble(metric.substring(line.length())))
                .sum();
    }

    // --- Okta: a header, with the proof

    @Test
    void repeatsOktasChallengeToWhoeverProvesItself() {
        var before = counted("okta", "answered");
        var answer = isInert(hub.send(okta().header(OKTA, "v3r1fy-me"))).hasStatus(200);
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        assertThat(answer.text()).isEqualTo("{\"verification\": \"v3r1fy-me\"}");
        assertThat(counted("okta", "answered")).isEqualTo(before + 1);
    }

    @Test
    void tellsStrangersNothing() {
        var challenge = "canary-" + Bodies.number();
        for (var stranger : List.of(
                Request.of("GET", "/in/okta"),
                Request.of("GET", "/in/okta").header("Authorization", "Basic YTpi"),
                Request.of("GET", "/in/okta").header("Authorization", hub.secret("okta.webhook") + "x"),
                okta().header("Authorization", hub.secret("okta.webhook")))) {
            hub.send(stranger.header(OKTA, challenge)).isProblem(401).doesNotEcho(challenge);
        }
        hub.awaitRefusal("okta", "handshake-refused", "unauthenticated");
    }

    @Test
    void writesAChallengeIntoJsonAsAString() {
        var challenge = "\"}</script><script>alert(1)</script>\\";
        var json =
                isInert(hub.send(okta().header(OKTA, challenge))).hasStatus(200).json();
        assertThat(json.size()).isOne();
        assertThat(json.path("verification").asText()).isEqualTo(challenge);
    }

    @Test
    void repeatsNoChallengeThatIsTwiceThereLongOrNotPrintable() {
        hub.send(okta().header(OKTA, "a").header(OKTA, "b")).isProblem(400);
        hub.send(okta().header(OKTA, "x".repeat(1025))).isProblem(400);
        hub.send(okta().header(OKTA, "ä")).isProblem(400);
        hub.send(okta().header(OKTA, "a\u2028")).isProblem(400);
        hub.send(okta().header(OKTA, "")).isProblem(400);
        hub.send(okta().header(OKTA, "x".repeat(1024))).hasStatus(200);
        assertThat(counted("okta", "bad_handshake")).isGreaterThanOrEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "POST"})
    void takesOktasChallengeByNoOtherMethod(String method) {
        var challenge = "canary-" + Bodies.number();
        var answer = hub.send(Request.of(method, "/in/okta")
                .header("Authorization", hub.secret("okta.webhook"))
                .header(OKTA, challenge));
        answer.doesNotEcho(challenge);
        assertThat(answer.status()).isEqualTo(method.equals("POST") ? 415 : 405);
    }

    @Test
    void takesNothingElseByGet() {
        var answer = hub.send(okta()).isProblem(405);
        assertThat(answer.headers()).containsEntry("allow", "POST");
        hub.send(okta().header("X-Other-Challenge", "a")).isProblem(405);
        hub.send(Request.of("GET", "/in/nobody").header(OKTA, "a")).isProblem(405);
        hub.send(Request.of("GET", "/in/jira").header(OKTA, "a")).isProblem(405);
    }

    @Test
    void limitsHandshakesAsItLimitsDeliveries() {
        var refused = Stream.generate(() -> hub.send(Request.of("GET", "/in/limited")
                        .header("Authorization", hub.secret("limited.webhook"))
                        .header(OKTA, "a")))
                .limit(100)
                .filter(answer -> answer.status() != 200)
                .findFirst()
                .orElseThrow();
        refused.isProblem(429);
        assertThat(refused.headers()).containsKey("retry-after");
        hub.awaitRefusal("limited/default", "handshake-refused", "too_often");
        assertThat(counted("limited", "too_often")).isPositive();
    }

    // --- Microsoft Graph: a parameter, from anybody

    @Test
    void repeatsGraphsTokenDecodedAndNothingElse() {
        var answer = isInert(graph("?validationToken="
                        + "Validation%3A+Testing+client+application+reachability+for+subscription+Request-Id%3A+3f2c"))
                .hasStatus(200);
        assertThat(answer.headers()).containsEntry("content-type", "text/plain;charset=utf-8");
        assertThat(answer.text())
                .isEqualTo("Validation: Testing client application reachability for subscription Request-Id: 3f2c");
    }

    @Test
    void neverRepeatsATokenAsMarkup() {
        var answer = isInert(graph("?validationToken=%3Cscript%3Ealert(%22x%22)%3C%2Fscript%3E"))
                .hasStatus(200);
        assertThat(answer.headers().get("content-type")).startsWith("text/plain");
        assertThat(answer.text()).isEqualTo("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?validationToken=",
                "?validationToken",
                "?validationToken=+",
                "?validationToken=a&validationToken=b",
                "?validationToken=a&validationToken",
                "?validationToken=a%0d%0aSet-Cookie:%20canary=1",
                "?validationToken=a%0acanary",
                "?validationToken=a%00canary",
                "?validationToken=canary%7f",
                "?validationToken=canary%c3%a4",
                "?validationToken=canary%ff",
                "?validationToken=canary%u0041",
                "?validationToken=canary%zz",
                "?validationToken=canary%",
                "?%76alidationToken=canary%0d",
            })
    void repeatsNoTokenThatIsNotOnePrintableText(String query) {
        var answer = graph(query).isProblem(400).doesNotEcho("canary");
        hub.awaitRefusal("graph", "handshake-refused", "bad_handshake");
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:dovetail:problem:bad-handshake");
        assertThat(answer.headers()).doesNotContainKey("set-cookie");
    }

    @Test
    void boundsTheToken() {
        assertThat(graph("?validationToken=" + "x".repeat(1024)).hasStatus(200).text())
                .hasSize(1024);
        graph("?validationToken=" + "x".repeat(1025)).isProblem(400);
        graph("?validationToken=" + "%78".repeat(1025)).isProblem(400);
        graph("?validationToken=" + "x".repeat(9000)).isProblem(400);
    }

    @Test
    void neverTakesADeliveryForAHandshake() {
        var number = Bodies.number();
        var body = """
                {"value": [{"clientState": "%s", "changeType": "updated", "resourceData": {"id": "%s", "@odata.etag": "1"}}]}
                """.formatted(hub.secret("graph.state"), number);
        hub.send(Request.post("/in/graph?validationToken=a")
                        .header("Content-Type", "application/json")
                        .body(body))
                .isProblem(400);
        hub.send(Request.post("/in/graph?validationToken=a")
                        .header("Content-Type", "application/json")
                        .body(body)
                        .chunkedWithoutEnd())
                .isProblem(400);
        assertThat(hub.stored(number)).isZero();
        // at the address as it is registered
        hub.send(Request.post("/in/graph")
                        .header("Content-Type", "application/json")
                        .body(body))
                .hasStatus(202);
        assertThat(hub.stored(number)).isOne();
    }

    @Test
    void takesNoTokenFromAFormOrByAnotherMethod() {
        hub.send(Request.post("/in/graph")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .body("validationToken=canary"))
                .isProblem(401)
                .doesNotEcho("canary");
        hub.send(Request.of("GET", "/in/graph?validationToken=canary"))
                .isProblem(405)
                .doesNotEcho("canary");
        hub.send(Request.post("/in/graph").header("validationToken", "canary"))
                .isProblem(401)
                .doesNotEcho("canary");
        hub.send(Request.post("/in/graph?VALIDATIONTOKEN=canary"))
                .isProblem(401)
                .doesNotEcho("canary");
    }

    // --- CloudEvents: OPTIONS, with the proof, from those who are listed

    @Test
    void agreesToAListedOrigin() {
        var answer = hub.send(mesh("OPTIONS")
                .header(ORIGIN, "eventmesh.example.com")
                .header("WebHook-Request-Rate", "120")
                .header("WebHook-Request-Callback", "http://127.0.0.1:9/confirm?id=1"));
        isInert(answer).hasStatus(200);
        assertThat(answer.headers())
                .containsEntry("webhook-allowed-origin", "eventmesh.example.com")
                .containsEntry("webhook-allowed-rate", "600")
                .containsEntry("allow", "POST")
                .containsEntry("content-length", "0")
                .doesNotContainKey("content-type");
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }

    /** Whoever agrees at once need not call back, and an address that a stranger names is never called. */
    @Test
    void neverCallsTheAddressThatIsNamed() throws IOException {
        try (var stranger = ServerSocketChannel.open()) {
            stranger.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            stranger.configureBlocking(false);
            var callback = "http:/" + stranger.getLocalAddress() + "/confirm?id=1";
            for (var origin : List.of("eventmesh.example.com", "evil.example")) {
                hub.send(mesh("OPTIONS").header(ORIGIN, origin).header("WebHook-Request-Callback", callback));
            }
            hub.send(Request.of("OPTIONS", "/in/mesh")
                            .header(ORIGIN, "eventmesh.example.com")
                            .header("WebHook-Request-Callback", callback))
                    .isProblem(401);
            // an event goes all its way meanwhile; a call would have come, and would wait here to be taken
            var event = """
                    {"specversion": "1.0", "id": "%s", "source": "/x", "type": "t", "subject": "s", "data": {}}""".formatted(Bodies.number());
            var sent = hub.send(mesh("POST")
                            .header("Content-Type", "application/cloudevents+json")
                            .header("WebHook-Request-Callback", callback)
                            .header(ORIGIN, "eventmesh.example.com")
                            .body(event))
                    .hasStatus(202);
            hub.delivery(sent.id(), "published");
            assertThat(stranger.accept()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "*",
                "EVENTMESH.example.com",
                "eventmesh.example.com.evil.example",
                "eventmesh.example.com, evil.example",
                "https://eventmesh.example.com",
                "evil.example\\r\\nX: y"
            })
    void agreesToNoOtherOrigin(String origin) {
        var before = hub.refusals("mesh/default", "handshake-refused", "unwanted_handshake");
        var answer =
                hub.send(mesh("OPTIONS").header(ORIGIN, origin)).isProblem(403).doesNotEcho("evil");
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("webhook-"));
        await().atMost(Hub.PATIENCE)
                .until(() -> hub.refusals("mesh/default", "handshake-refused", "unwanted_handshake") > before);
        assertThat(hub.audit().toString()).doesNotContain("evil");
    }

    @Test
    void agreesToNothingWithoutProofOriginOrInTwoNames() {
        for (var answer : List.of(
                hub.send(Request.of("OPTIONS", "/in/mesh").header(ORIGIN, "eventmesh.example.com"))
                        .isProblem(401),
                hub.send(mesh("OPTIONS")).isProblem(405),
                hub.send(mesh("OPTIONS").header("WebHook-Request-Rate", "120")).isProblem(405),
                hub.send(mesh("OPTIONS")
                                .header(ORIGIN, "eventmesh.example.com")
                                .header(ORIGIN, "eventmesh.example.com"))
                        .isProblem(400),
                hub.send(mesh("GET").header(ORIGIN, "eventmesh.example.com")).isProblem(405),
                hub.send(Request.of("OPTIONS", "/in/jira").header(ORIGIN, "eventmesh.example.com"))
                        .isProblem(405))) {
            assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("webhook-"));
        }
    }

    @Test
    void letsNoBrowserIn() {
        var answer = hub.send(mesh("OPTIONS")
                .header(ORIGIN, "eventmesh.example.com")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST"));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers().keySet())
                .noneMatch(name -> name.startsWith("access-control") || name.startsWith("webhook-"));
    }

    @Test
    void opensNoOtherAddressToOptions() {
        for (var target : List.of("/api/books", "/", "/in", "/error")) {
            assertThat(hub.send(Request.of("OPTIONS", target)).status())
                    .as(target)
                    .isBetween(400, 499);
        }
        assertThat(Request.of("OPTIONS", "/actuator/health")
                        .to(hub.managementPort())
                        .status())
                .isBetween(400, 499);
    }
}
