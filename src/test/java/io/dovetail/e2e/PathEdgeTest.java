package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rightly signed delivery is taken at its one path by its one method, and nowhere else. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PathEdgeTest {

    private final Hub hub;

    PathEdgeTest(Hub hub) {
        this.hub = hub;
    }

    private Request like(String method, String target, String number) {
        var body = Signed.utf8(Bodies.issueCreated(number));
        var digest = java.util.HexFormat.of().formatHex(hub.signed().jiraDigest(body));
        return Request.of(method, target)
                .header("Content-Type", "application/json")
                .header("X-Hub-Signature", "sha256=" + digest)
                .header("X-Canary", "canary-" + number)
                .body(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/in/JIRA",
                "/in/Jira",
                "/in/jira/",
                "/in//jira",
                "//in/jira",
                "/in/./jira",
                "/in/x/../jira",
                "/in/jira;x=1",
                "/in;x=1/jira",
                "/in/jira%2f",
                "/in/%6airb",
                "/in/%2e%2e/in/jira",
                "/in/jira%00",
                "/in/jira%20",
                "/in/jira.",
                "/in/jira.json",
                "/IN/jira",
                "/in\\jira",
                "/in/jira%5c",
                "/in/jira%0d%0aX:1",
                "/in/jira/../../api/books",
                "/in/%24%7Bsys.user.home%7D",
                "/in/",
                "/in",
                "/",
                "/error",
                "/actuator/health",
                "/in/jira/extra",
                "/in/*",
                "/in/%c0%af",
                "/in/jira%3Fx",
                "/in/j%C4%B1ra",
                "*",
                "http://other/in/jirab",
                "/in/\"><script>"
            })
    void takesNothingAtOtherPaths(String target) {
        var number = Bodies.number();
        var answer = hub.send(like("POST", target, number)).tellsNoInternals().doesNotEcho("canary-" + number);
        assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
        answer.isProblem(answer.status());
        assertThat(hub.stored(number)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "post", "FOO", "CONNECT"})
    void takesNothingByOtherMethods(String method) {
        var number = Bodies.number();
        var answer = hub.send(like(method, "/in/jira", number)).doesNotEcho("canary-" + number);
        assertThat(answer.status()).as(answer.text()).isIn(400, 401, 405, 501);
        answer.isProblem(answer.status());
        assertThat(hub.stored(number)).isZero();
    }

    @Test
    void letsNoBrowserInFromAnotherSite() {
        var number = Bodies.number();
        var answer = hub.send(like("OPTIONS", "/in/jira", number)
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST"));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }

    @Test
    void answersHeadWithoutABody() {
        var answer = hub.send(Request.of("HEAD", "/in/jira"));
        assertThat(answer.status()).isBetween(400, 499);
    }

    @ParameterizedTest
    @CsvSource({
        "X-HTTP-Method-Override, DELETE",
        "X-HTTP-Method, GET",
        "X-Method-Override, PUT",
        "X-Forwarded-Proto, https",
        "X-Forwarded-Host, evil.example",
        "X-Forwarded-Prefix, /api",
        "X-Forwarded-For, 127.0.0.1",
        "Forwarded, for=127.0.0.1;host=evil.example",
        "X-Original-URL, /api/books",
        "X-Rewrite-URL, /api/books",
        "X-Forwarded-User, admin",
        "X-Tenant, other",
        "Origin, https://evil.example",
        "Referer, https://evil.example",
        "Expect, 100-continue",
        "Upgrade, h2c",
    })
    void isNotSteeredByHeaders(String name, String value) {
        var number = Bodies.number();
        var answer = hub.send(like("POST", "/in/jira", number).header(name, value));
        // a 100 may come first
        assertThat(answer.status()).isIn(202, 100);
        assertThat(answer.headers()).doesNotContainKeys("access-control-allow-origin", "location");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?_method=DELETE", "?connector=sap-idoc", "?a=${sys.user.home}", "?", "?x=%00", "?x=%zz"})
    void isNotSteeredByParameters(String query) {
        var number = Bodies.number();
        assertThat(hub.send(like("POST", "/in/jira" + query, number)).status()).isIn(202, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "POST /in/jira HTTP/9.9\r\nHost: x\r\n\r\n",
                "POST /in/jira HTTP/1.1\r\n\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
            })
    void answersBrokenHttpWithAProblem(String request) {
        var answer = Request.raw(request).to(hub.port());
        assertThat(answer.status()).as(answer.text()).isBetween(400, 599);
        answer.isProblem(answer.status());
    }

    @Test
    void refusesTooManyAndTooLongHeaders() {
        hub.send(Request.post("/in/jira").header("X-Long", "x".repeat(9_000))).isProblem(400);
        var many = Request.post("/in/jira");
        for (var i = 0; i < 200; i++) {
            many.header("X-" + i, "" + i);
        }
        hub.send(many).isProblem(400);
    }
}
