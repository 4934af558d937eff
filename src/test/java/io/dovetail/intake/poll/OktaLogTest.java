package io.dovetail.intake.poll;

import static io.dovetail.intake.poll.PolledConnector.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.AskedSystem;
import io.dovetail.camel.Shop;
import io.dovetail.counterpart.OktaDouble;
import io.dovetail.event.FailedException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector okta asks of Okta's System Log, over the wire. */
class OktaLogTest {

    private static final String ROUTE = "okta.log";

    private final OktaDouble okta = new OktaDouble();
    private final PolledConnector poll = new PolledConnector(
                    "okta",
                    Map.of("okta.host", okta.host(), "okta.token", OktaDouble.TOKEN),
                    text -> text.replace("most: 200", "most: 2"))
            .isAt(null);

    @AfterEach
    void close() {
        poll.close();
        okta.close();
    }

    private void has(int number, String type, String minute) {
        okta.has(
                "2026-05-01T" + minute + ":00.000Z",
                OktaDouble.event("uuid-" + number, type, "u" + number, "2026-05-01T11:00:00.000Z"));
    }

    private List<String> uuids() {
        return poll.stored("/data/events/0/uuid");
    }

    private FailedException failure(Instant now) {
        return poll.failsToRead(ROUTE, now);
    }

    @Test
    void goesOnByTheTokenOfTheLogsEndHoweverLateAnEventComesIntoIt() {
        has(0, "user.lifecycle.create", "11:59");
        poll.read(ROUTE, NOON);
        assertThat(uuids()).as("what was before its beginning").isEmpty();
        assertThat(URLDecoder.decode(okta.asked().getFirst(), UTF_8))
                .isEqualTo(
                        "/api/v1/logs?filter=eventType sw \"user.\" or eventType sw \"group.user_membership.\" or eventType"
                                + " sw \"application.user_membership.\" or eventType sw \"policy.auth_reevaluate.\" or eventType sw"
                                + " \"security.\"&limit=2&since=2026-05-01T12:00:00.000Z&sortOrder=ASCENDING");
        assertThat(poll.position()).isEqualTo("{\"begin\":\"2026-05-01T12:00:00.000Z\",\"after\":\"1_1\"}");

        // all of one time, which is before the last asking
        has(1, "user.lifecycle.create", "12:01");
        has(2, "user.lifecycle.activate", "12:01");
        has(3, "user.session.start", "12:01");
        has(4, "user.lifecycle.suspend", "12:02");
        has(5, "user.account.lock", "12:02");
        poll.read(ROUTE, NOON.plusSeconds(60));
        assertThat(uuids()).containsExactly("uuid-1", "uuid-2", "uuid-4", "uuid-5");
        assertThat(poll.position()).contains("\"after\":\"6_1\"");
        assertThat(okta.asked())
                .hasSize(4)
                .last()
                .asString()
                .contains("after=5_1", "since=2026-05-01T12%3A00%3A00.000Z");

        poll.read(ROUTE, NOON.plusSeconds(120));
        assertThat(uuids()).hasSize(4);
    }

    @Test
    void handsOverTheSameBytesWhenAPageRepeatsTheOneBefore() {
        okta.repeats(1);
        has(1, "user.lifecycle.create", "12:01");
        has(2, "user.lifecycle.activate", "12:01");
        has(3, "user.lifecycle.suspend", "12:01");
        poll.read(ROUTE, NOON);
        assertThat(uuids().stream().distinct()).containsExactly("uuid-1", "uuid-2", "uuid-3");
        // five deliveries, of which the hub knows two by their bytes
        assertThat(poll.bodies()).hasSize(5);
        assertThat(poll.bodies().stream().distinct()).hasSize(3);
    }

    @Test
    void comesAgainWhenOktaSaysThatItMay() {
        var reset = Instant.now().plusSeconds(40).getEpochSecond();
        okta.does(OktaDouble.error(
                429, "E0000047", "API call exceeded rate limit", "X-Rate-Limit-Reset", Long.toString(reset)));
        var failure = failure(NOON);
        assertThat(failure.failure().rule()).isEqualTo("status 429");
        assertThat(failure.notBefore()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
        // what it says along with any other answer is about the next minute
        okta.does(OktaDouble.error(503, "E0000010", "read-only", "X-Rate-Limit-Reset", Long.toString(reset)));
        assertThat(failure(NOON).notBefore()).isNull();
    }

    @Test
    void leavesThePositionWhereItIsWhenTheAnswerIsNone() {
        poll.read(ROUTE, NOON);
        var position = poll.position();
        has(1, "user.lifecycle.create", "12:01");
        okta.does(
                AskedSystem.half(),
                // after which it is asked for less
                AskedSystem.json(200, "{\"errorCode\":\"E0000009\"}"),
                AskedSystem.json(200, "[" + OktaDouble.event("x", "user.lifecycle.create", "x", "x") + "]"));
        for (var why : List.of("breaks", "no Link to the next one")) {
            assertThat(failure(NOON.plusSeconds(60))).hasMessageContaining(why);
            assertThat(poll.position()).isEqualTo(position);
        }
        poll.read(ROUTE, NOON.plusSeconds(60));
        assertThat(uuids()).containsExactly("uuid-1");
    }

    @Test
    void tellsAGapWhenItsTokenIsOlderThanTheLog() {
        poll.read(ROUTE, NOON);
        var late = NOON.plus(Duration.ofDays(91));
        okta.has("2026-07-01T00:00:00.000Z", OktaDouble.event("left", "user.lifecycle.create", "u", "x"));
        poll.read(ROUTE, late);
        assertThat(poll.bodies().getFirst())
                .isEqualTo("{\"hub\":\"source.gap\",\"poll\":\"okta.log\",\"lastReadAt\":\"2026-05-01T12:00:00Z\","
                        + "\"window\":\"PT2160H\"}");
        assertThat(uuids()).last().isEqualTo("left");
        assertThat(okta.asked())
                .last()
                .asString()
                .contains("since=2026-05-02T12%3A00%3A00.000Z")
                .doesNotContain("after");
    }

    /** The log's route and the rules, which the hook's events come to as well, must name the same types. */
    @Test
    void handsOverWhatTheConnectorHasARuleForAndNothingElse() throws IOException {
        var connector = poll.rules();
        var ruled = new ArrayList<String>();
        try (var samples = Files.walk(Path.of("connectors/okta/samples"))) {
            for (var file :
                    samples.filter(path -> path.endsWith("delivery.json")).toList()) {
                if (Files.exists(file.resolveSibling("refused.txt"))) {
                    continue;
                }
                for (var event : Shop.tree(Files.readString(file)).at("/data/events")) {
                    okta.has("2026-05-01T12:01:00.000Z", event.toString());
                    if (connector.identify(event, "").emits() != null) {
                        ruled.add(event.toString());
                    }
                }
            }
        }
        poll.read(ROUTE, NOON);
        assertThat(poll.stored().stream().map(body -> body.at("/data/events/0").toString()))
                .hasSizeGreaterThan(10)
                .containsExactlyElementsOf(ruled);
    }
}
