package io.dovetail.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.event.FailedException;
import io.dovetail.event.FailureKind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-01T12:00:00Z"), ZoneOffset.UTC);

    private static Request request(String answers) {
        return new Request(
                "GET",
                "https://crm.example.com/customers/4711",
                "https://crm.example.com/customers/{number}",
                Map.of(),
                null,
                Statuses.of(answers),
                null);
    }

    private static Answer answer(int status, @Nullable String type, String body) {
        return new Answer(status, type, null, body.getBytes(UTF_8), false);
    }

    private static FailedException failed(Answer answer) {
        return catchThrowableOfType(FailedException.class, () -> Verdict.of(request("200-299"), answer, CLOCK));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 203})
    void givesTheTreeOfAnAnswer(int status) {
        var tree =
                Verdict.of(request("200-299"), answer(status, "application/json; charset=utf-8", "{\"a\": 1}"), CLOCK);
        assertThat(tree.path("a").asInt()).isOne();
        assertThat(Verdict.of(request("200-299"), answer(204, null, ""), CLOCK).isNull())
                .isTrue();
        assertThat(Verdict.of(request("200-299"), answer(200, "application/problem+json", "[1]"), CLOCK))
                .hasSize(1);
    }

    @Test
    void tellsTheHeadersThatTheRouteWantsAndNoOthers() {
        var request = new Request(
                "GET",
                "https://crm/1",
                "https://crm/{n}",
                Map.of(),
                null,
                new Reading(
                        Statuses.of("200-299"),
                        Set.of(),
                        Set.of(),
                        List.of("X-Total-Count", "Link"),
                        null,
                        null,
                        Duration.ZERO),
                null);
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(Map.of("x-total-count", "7", "set-cookie", "session=abc"));
        var answer = new Answer(200, "application/json", null, null, List.of(), headers, "[1]".getBytes(UTF_8), false);
        assertThat(Verdict.of(request, answer, CLOCK))
                .hasToString("{\"headers\":{\"X-Total-Count\":\"7\"},\"body\":[1]}");
    }

    @Test
    void takesNothingFoundForAnAnswerOnlyWhereTheRouteSaysSo() {
        assertThat(Verdict.of(request("200-299,404"), answer(404, "text/html", "no such page"), CLOCK)
                        .isNull())
                .isTrue();
        assertThat(failed(answer(404, "text/html", "no such page")).failure().kind())
                .isEqualTo(FailureKind.REJECTED);
    }

    /** The same would happen to any other event: the system's state, or our access to it. */
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308, 401, 403, 407, 408, 425, 429, 500, 501, 502, 503, 504, 599})
    void doesNotBlameTheEventForWhatTheSystemIsLike(int status) {
        var failure = failed(answer(status, "text/plain", "come back later")).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.rule()).isEqualTo("status " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 402, 404, 405, 406, 409, 410, 411, 413, 414, 415, 418, 421, 422, 451})
    void parksWhatWillNeverBeTaken(int status) {
        var failure = failed(answer(status, "application/json", "{\"why\": \"closed account\"}"))
                .failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure.place()).isEqualTo("GET https://crm.example.com/customers/{number}");
        assertThat(failure.message()).contains("is answered with " + status);
        assertThat(failure.value()).isEqualTo("{\"why\": \"closed account\"}");
    }

    @Test
    void cutsAndCleansTheAnswerItKeeps() {
        var hostile = "line\r\n\u001b[31mred\u202e \u0000" + "x".repeat(10_000);
        var failure = failed(answer(422, "text/plain", hostile)).failure();
        assertThat(failure.value()).startsWith("line [31mred x").hasSizeLessThan(250);
        assertThat(failure.detail()).hasSizeLessThan(2_010).doesNotContain("\n", "\u0000", "\u001b", "\u202e");
    }

    /** A log-in page, or one that says that the system is being mended. */
    @ParameterizedTest
    @CsvSource({"text/html,<html>", "application/xml,<a/>", ",hello", "application/octet-stream,abc"})
    void waitsForJsonWhereSomethingElseIsAnswered(@Nullable String type, String body) {
        assertThat(failed(answer(200, type, body)).failure().kind()).isEqualTo(FailureKind.EXTERNAL);
    }

    @Test
    void readsXmlWhereTheRouteAsksForIt() {
        var asked = request("200-299");
        var inXml = new Request(
                "POST",
                asked.address(),
                asked.endpoint(),
                Map.of("Accept", "text/xml, application/soap+xml"),
                null,
                asked.reading(),
                null);

        for (var type : List.of("text/xml; charset=utf-8", "Application/XML", "application/soap+xml")) {
            assertThat(Verdict.of(inXml, answer(200, type, "<s:a xmlns:s='urn:s'><b>1</b></s:a>"), CLOCK)
                            .at("/a/b")
                            .asText())
                    .isEqualTo("1");
        }
        for (var other : List.of(answer(200, "application/json", "{}"), answer(200, "text/html", "<a/>"))) {
            assertThatThrownBy(() -> Verdict.of(inXml, other, CLOCK)).hasMessageContaining("and not with XML");
        }
        assertThatThrownBy(() -> Verdict.of(inXml, answer(200, "text/xml", "<!DOCTYPE a><a/>"), CLOCK))
                .hasMessageContaining("DOCTYPE");
    }

    @Test
    void parksWhatCannotBeReadOrIsTooLarge() {
        var malformed =
                failed(answer(200, "application/json", "{\"a\": 1, \"a\": 2}")).failure();
        assertThat(malformed.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(malformed.rule()).isEqualTo("answer malformed");
        var large = new Answer(200, "application/json", null, new byte[Answer.MAX_BYTES], true);
        assertThat(failed(large).failure().rule()).isEqualTo("answer too large");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        120                           | PT2M
        0                             | PT0S
        999999999                     | PT1H
        Fri, 01 May 2026 12:00:30 GMT | PT30S
        Fri, 01 May 2026 11:00:00 GMT |
        Fri, 01 May 2099 11:00:00 GMT | PT1H
        soon                          |
        -5                            |
        99999999999999999999          |
        """)
    void waitsAsLongAsItIsAskedToWithinBounds(String retryAfter, @Nullable Duration expected) {
        var answer = new Answer(503, "text/plain", retryAfter, new byte[0], false);
        assertThat(failed(answer).notBefore()).isEqualTo(expected);
    }

    static Stream<IOException> noAnswers() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new ConnectException(),
                new HttpTimeoutException("no whole answer within 5000 ms"),
                new SSLHandshakeException("certificate unknown"),
                new SocketException("Connection reset"),
                new EOFException(),
                new IOException("HTTP/1.1 header parser received no bytes"),
                new IOException(new UnresolvedAddressException()));
    }

    @ParameterizedTest
    @MethodSource("noAnswers")
    void triesAgainWithoutAnAnswer(IOException reason) {
        var failure = Verdict.unanswered(request("200-299"), reason).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.message()).startsWith("GET https://crm.example.com/customers/{number} gets no answer: ");
    }

    @Test
    void saysWhyThereIsNone() {
        var unknown = new ConnectException();
        unknown.initCause(new UnresolvedAddressException());
        assertThat(Verdict.unanswered(request("200-299"), unknown).getMessage()).endsWith("nobody knows its host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "200-", "299-200", "200-399", "404,500", "401", "200 299", "all"})
    void knowsNoOtherStatusesAsAnswers(String text) {
        assertThatThrownBy(() -> Statuses.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesARefusalThatSaysSoForNothing() {
        var reading = new Reading(
                Statuses.of("200"), Set.of("syncStateNotFound"), Set.of(), List.of(), null, null, Duration.ZERO);
        var request = new Request("GET", "https://crm/1", "https://crm/{n}", Map.of(), null, reading, null);
        assertThat(Verdict.of(request, answer(400, "text/html", "{\"error\":{\"code\":\"syncStateNotFound\"}}"), CLOCK)
                        .isNull())
                .isTrue();
        for (var body :
                List.of("{\"error\":{\"code\":\"other\"}}", "{\"syncStateNotFound\":1}", "syncStateNotFound", "")) {
            assertThatThrownBy(() -> Verdict.of(request, answer(400, "application/json", body), CLOCK))
                    .isInstanceOf(FailedException.class);
        }
        assertThatThrownBy(() -> Verdict.of(request, answer(403, "application/json", "[\"syncStateNotFound\"]"), CLOCK))
                .isInstanceOf(FailedException.class);
    }
}
