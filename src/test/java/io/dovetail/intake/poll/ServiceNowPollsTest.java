package io.dovetail.intake.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.camel.Shop;
import io.dovetail.counterpart.TableApi;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shipped connector servicenow asks, over the wire, of a Table API that does what the real one is said to do. */
class ServiceNowPollsTest {

    private static final String ROUTE = "servicenow.incidents";
    private static final String LONG_AGO = "2026-04-02 08:00:00";

    private final TableApi serviceNow = new TableApi();
    private final PolledConnector hub =
            new PolledConnector("servicenow", serviceNow.secrets(), text -> text.replace("most: 100", "most: 4"));

    @AfterEach
    void close() {
        hub.close();
        serviceNow.close();
    }

    private void read() {
        hub.read(ROUTE);
    }

    private static List<String> updated(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj("ticket.updated.v1 46f09e75a9fe198800000000000%05d:3"::formatted)
                .toList();
    }

    private void changed(int number, String when) {
        serviceNow.has(number, LONG_AGO, when, 3, "ann.meyer");
    }

    @Test
    void readsByTimeAndKeySinceManyChangeInOneSecond() {
        for (var number = 1; number <= 9; number++) {
            changed(number, "2026-05-01 11:51:00");
        }
        changed(10, "2026-05-01 11:48:00");
        changed(11, "2026-05-01 11:47:59");
        read();
        // two minutes behind where it was
        assertThat(hub.events()).isEqualTo(updated(10, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        assertThat(hub.stored()).hasSize(10);
        assertThat(serviceNow.asked())
                .startsWith(
                        "sys_updated_on>=2026-05-01 11:48:00^ORDERBYsys_updated_on^ORDERBYsys_id 4+0",
                        "sys_updated_on>2026-05-01 11:51:00^NQsys_updated_on=2026-05-01 11:51:00^sys_id>"
                                + "46f09e75a9fe19880000000000000003^ORDERBYsys_updated_on^ORDERBYsys_id 4+0")
                .hasSize(3);
        assertThat(hub.position()).isEqualTo("{\"time\":\"2026-05-01T11:51:00.000Z\"}");
        read();
        assertThat(hub.events()).hasSize(10);
    }

    @Test
    void tellsWhatARecordWasMadeAsAndWhatBecameOfIt() {
        serviceNow.has(1, "2026-05-01 11:55:00", "2026-05-01 11:55:00", 0, "mia");
        serviceNow.has(2, "2026-05-01 11:55:10", "2026-05-01 11:56:00", 3, "ann.meyer");
        read();
        var first = List.of(
                "ticket.opened.v1 46f09e75a9fe19880000000000000001:0",
                "ticket.opened.v1 46f09e75a9fe19880000000000000002:0");
        assertThat(hub.events()).containsAll(first).containsAll(updated(2)).hasSize(3);

        // the same record, which is another one by now, was made but once
        serviceNow.has(2, "2026-05-01 11:55:10", "2026-05-01 11:57:00", 4, "ann.meyer");
        read();
        assertThat(hub.events()).hasSize(4).last().isEqualTo("ticket.updated.v1 46f09e75a9fe19880000000000000002:4");
    }

    /** The script's form of the same change has {@code changes} and an address, and is told only once all the same. */
    @Test
    void isOfOneMindWithTheScript() {
        changed(1, "2026-05-01 11:55:00");
        read();
        var item = hub.stored().getFirst();
        assertThat(item.path("state")).isEqualTo(Shop.tree("{\"value\": \"2\", \"display_value\": \"In Progress\"}"));
        assertThat(item.path("assigned_to").asText("x")).isEmpty();
        hub.bodies().add("""
                {"operation": "update", "sys_id": "46f09e75a9fe19880000000000000001", "sys_mod_count": "3",
                 "sys_updated_on": "2026-05-01 11:55:00", "changes": [{"field": "state"}], "url": "https://x"}""");
        assertThat(hub.events()).isEqualTo(updated(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWhereItIsGivenFewerThanItAskedForWithoutAWord(boolean counted) {
        for (var number = 1; number <= 5; number++) {
            changed(number, "2026-05-01 11:5%d:00".formatted(number));
        }
        serviceNow.cutsAt(2);
        if (!counted) {
            serviceNow.countsNothing();
        }
        read();
        assertThat(hub.events()).isEqualTo(updated(1, 2, 3, 4, 5));
    }

    @Test
    void findsItsWayThroughWhatTheReaderMayNotSee() {
        for (var number = 1; number <= 12; number++) {
            changed(number, "2026-05-01 11:55:00");
        }
        // more than a page of them
        for (var number = 2; number <= 11; number++) {
            serviceNow.hides(number);
        }
        read();
        assertThat(hub.events()).isEqualTo(updated(1, 12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", {\"sys_id\": {\"val",
                "], \"error\": {\"message\": \"Transaction cancelled: maximum execution time exceeded\"}, \"status\":"
                        + " \"failure\"}"
            })
    void asksForFewerWhenAnAnswerBreaksOffInsideASuccess(String end) {
        for (var number = 1; number <= 5; number++) {
            changed(number, "2026-05-01 11:55:00");
        }
        serviceNow.breaksOffAbove(1, end);
        read();
        assertThat(hub.events()).isEqualTo(updated(1, 2, 3, 4, 5));
        assertThat(serviceNow.asked())
                .extracting(query -> query.replaceFirst(".* ", ""))
                .startsWith("4+0", "2+0", "1+0", "2+0", "1+0");

        serviceNow.breaksOffAbove(0, end);
        assertThatThrownBy(this::read).hasMessageContaining(end.startsWith(",") ? "cannot be read" : "is no list");
    }

    @Test
    void takesNoAnswerForAPageThatIsInAnotherOrder() {
        changed(1, "2026-05-01 11:55:00");
        changed(2, "2026-05-01 11:56:00");
        serviceNow.sortsNothing();
        assertThatThrownBy(this::read).hasMessageContaining("the records come in another order");
        assertThat(hub.stored()).isEmpty();
        assertThat(hub.position()).isEqualTo("{\"time\":\"2026-05-01T11:50:00.000Z\"}");
    }
}
