package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.counterpart.S4;
import io.dovetail.counterpart.WindchillDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shipped connectors sap-s4 and windchill ask systems that behave as S/4HANA and Windchill do, in a running hub. */
@ExtendWith(VendorsHub.class)
class PollingTest {

    // a system that fails often is left alone for ten seconds at a time
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Hub hub;
    private final S4 s4;
    private final WindchillDouble windchill;

    PollingTest(VendorsHub.Running running) {
        hub = running.hub();
        s4 = running.s4();
        windchill = running.windchill();
    }

    private String polls() {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/polls/details")
                .toString();
    }

    private List<JsonNode> published(String order) {
        return hub.get("/api/timeline?key=" + order)
                .json()
                .path("events")
                .valueStream()
                .filter(event -> event.path("state").asText().equals("published"))
                .toList();
    }

    private JsonNode awaitPublished(String order) {
        return await(order)
                .atMost(PATIENCE)
                .until(() -> published(order), events -> !events.isEmpty())
                .getFirst();
    }

    private JsonNode book() {
        return hub.get("/api/books")
                .json()
                .valueStream()
                .filter(book -> book.path("connector").asText().equals("sap-s4"))
                .findFirst()
                .orElseThrow();
    }

    private void awaitReads(int more) {
        var before = s4.reads();
        await("reads").atMost(PATIENCE).until(() -> s4.reads() >= before + more);
    }

    private void execute(String sql) throws SQLException {
        try (var connection = hub.bean(DataSource.class).getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void tellsEveryOrderOnceWhateverTheSourceDoes() throws Exception {
        var number = Bodies.number();
        isOffWithoutItsSecrets();

        // five orders of one moment, told apart by digits that only the ETag has, and pages of two
        s4.pages(2);
        s4.does(
                AskedSystem.json(429, "{}", "Retry-After", "1"),
                AskedSystem.half(),
                AskedSystem.json(200, "{\"error\": {\"code\": \"ZCU/100\"}}"));
        var moment = Instant.now().minusSeconds(30);
        for (var i = 0; i < 5; i++) {
            s4.salesOrder(number + i, moment.plusNanos(i * 100L), "3", "2.000", "1");
        }
        for (var i = 0; i < 5; i++) {
            awaitPublished(number + i);
        }
        var first = published(number + "0").getFirst();
        assertThat(first.path("type").asText()).isEqualTo("order.placed.v1");

        // what the overlap reads again, with items in another order, is known; and a later change is told
        s4.salesOrder(number + "0", Instant.now(), "3", "2.000", "4");
        await().atMost(PATIENCE).until(() -> published(number + "0").size() == 2);
        awaitReads(8);
        hurriesWhenItIsToldTo(number, moment);
        for (var i = 1; i < 5; i++) {
            assertThat(published(number + i)).hasSize(1);
        }
        // without notices, of which others may have come to this hub
        await("the books")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(book().at("/events/published").asInt()).isEqualTo(7));
        assertThat(book().at("/deliveries/duplicate").asInt()).isPositive();
        assertThat(book().path("difference").asInt()).isZero();
        assertThat(polls()).doesNotContain("sap-s4");
        assertThat(hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                        .to(hub.managementPort())
                        .text())
                .contains("hub_poll_age_seconds{connector=\"sap-s4\",poll=\"sap-s4.sales-orders\"}")
                .contains("hub_polls_total{connector=\"sap-s4\",outcome=\"failed\",poll=\"sap-s4.sales-orders\"}")
                .contains("hub_accept_seconds_count{connector=\"sap-s4\",outcome=\"duplicate\"}");

        tellsOfAGap();
        readsAnewFor(number, moment);
    }

    /** An order that came to the source late, with a change time of long ago. */
    private void readsAnewFor(String number, Instant moment) {
        var late = number + "9";
        s4.purchaseOrder(late, moment.minusSeconds(86_400), "1");
        hub.post(
                        "/api/polls/read-anew",
                        "{\"poll\": \"sap-s4.nothing\", \"from\": \"%s\", \"reason\": \"x\"}".formatted(moment))
                .isProblem(404);
        hub.post("/api/polls/read-anew", "{\"poll\": \"sap-s4.purchase-orders\", \"reason\": \"x\"}")
                .isProblem(400);
        var polls = hub.post(
                        "/api/polls/read-anew",
                        "{\"poll\": \"sap-s4.purchase-orders\", \"from\": \"%s\", \"reason\": \"to compare\"}"
                                .formatted(moment.minusSeconds(100_000)))
                .hasStatus(200)
                .json()
                .path("polls")
                .valueStream()
                .filter(poll -> poll.path("connector").asText().equals("sap-s4"))
                .toList();
        assertThat(polls)
                .extracting(poll -> poll.path("poll").asText())
                .containsExactly("sap-s4.purchase-orders", "sap-s4.sales-orders");
        assertThat(polls.getFirst().at("/position/time").asText()).isNotEmpty();
        awaitPublished(late);
        assertThat(published(number)).hasSize(1);
    }

    private void isOffWithoutItsSecrets() {
        await().atMost(PATIENCE)
                .until(() -> polls().contains("off until the secrets directory has sap-s4.password, sap-s4.user"));
        assertThat(s4.reads()).isZero();
        S4.writeSecrets(hub.secrets());
        awaitReads(4);
    }

    /** Purchase orders would be asked for in an hour. */
    private void hurriesWhenItIsToldTo(String number, Instant moment) {
        s4.purchaseOrder(number, moment, "7");
        hub.send(Request.post("/in/sap-s4")
                        .header("Content-Type", "application/cloudevents+json")
                        .header("Authorization", Signed.basic(hub.secret("sap-s4.basic")))
                        .body("""
                                {"specversion": "1.0", "id": "%s", "source": "/default/sap.s4.beh/S4HCLNT100",
                                 "type": "sap.s4.beh.purchaseorder.v1.PurchaseOrder.Created.v1",
                                 "data": {"PurchaseOrder": "%s"}}
                                """.formatted(number, number)))
                .hasStatus(202);
        awaitPublished(number);
    }

    /** It would ask in an hour, and believes nothing of what Windchill sends by itself. */
    @Test
    void asksWindchillAtOnceWhenItHearsFromIt() throws IOException {
        for (var secret : windchill.secrets().entrySet()) {
            Files.writeString(hub.secrets().resolve(secret.getKey()), secret.getValue());
        }
        await("the first reading")
                .atMost(PATIENCE)
                .until(() -> !windchill.asked().isEmpty());
        var number = Bodies.number();
        windchill.has(
                number,
                "RELEASED",
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        var hint = hub.send(Request.post("/in/windchill/" + hub.secret("windchill.path"))
                        .header("Content-Type", "application/json")
                        .body("{\"event\": \"%s is RELEASED\"}".formatted(number)))
                .hasStatus(202)
                .json()
                .path("id")
                .asText();
        assertThat(awaitPublished(number).path("type").asText()).isEqualTo("engineering-change.released.v1");
        assertThat(published(number)).hasSize(1);
        assertThat(hub.get("/api/deliveries/" + hint).json().path("state").asText())
                .isEqualTo("ignored");
    }

    /** As if the hub had been away for a day, and its source told of an hour. */
    private void tellsOfAGap() throws SQLException {
        await("the gap").atMost(PATIENCE).until(() -> {
            execute("update poll_cursor set position = '{\"time\":\"2026-05-01T10:00:00Z\"}',"
                    + " read_at = '2026-05-01T11:00:00Z' where poll = 'sap-s4.sales-orders'");
            return !published("sap-s4.sales-orders").isEmpty();
        });
        var gap = published("sap-s4.sales-orders").getFirst();
        assertThat(gap.path("type").asText()).isEqualTo("source.gap.v1");
    }
}
