package io.dovetail.intake.poll;

import static io.dovetail.intake.poll.PolledConnector.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.AskedSystem;
import io.dovetail.counterpart.RecordStore;
import io.dovetail.ledger.Cursors.Cursor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector xapi asks of a record store, over the wire. */
class XapiPollsTest {

    private static final String ROUTE = "xapi.statements";
    private static final Cursor BEGIN = new Cursor("{\"time\":\"2026-05-01T10:00:00.000Z\"}", NOON);

    private final RecordStore store = new RecordStore();
    private final PolledConnector connector = new PolledConnector(
                    "xapi",
                    Map.of("xapi.host", store.host(), "xapi.user", "key", "xapi.password", "secret"),
                    UnaryOperator.identity())
            .isAt(BEGIN);

    @AfterEach
    void close() {
        connector.close();
        store.close();
    }

    private List<String> stored() {
        return connector.stored("/id");
    }

    @Test
    void followsTheWayOnAndReadsNoFurtherThanTheStoreVouches() {
        store.has("1", "2026-05-01T10:00:00.001Z")
                .has("3", "2026-05-01T10:30:00.5Z")
                .has("2", "2026-05-01T10:30:00.25Z")
                .has("0", "2026-05-01T09:59:59Z")
                .has("5", "2026-05-01T11:00:00.000001Z");
        store.vouchesUntil("2026-05-01T11:00:00.000Z");
        connector.read(ROUTE);
        assertThat(stored()).containsExactly("1", "2", "3");
        assertThat(connector.position()).isEqualTo("{\"time\":\"2026-05-01T11:00:00.000Z\"}");
        assertThat(store.asked()).hasSize(2);
        assertThat(store.asked().getFirst())
                .contains("since=2026-05-01T10%3A00%3A00.000Z")
                .contains("limit=100");
        assertThat(store.asked().getLast()).isEqualTo("/xapi/statements?more=1%2Fx&limit=2");

        // one that was stored before, and shows later
        store.has("4", "2026-05-01T11:00:00.0000009Z");
        store.vouchesUntil("2026-05-01T11:30:00.000Z");
        connector.read(ROUTE);
        assertThat(stored()).containsExactly("1", "2", "3", "4", "5");
    }

    /** What the store shows while it is read, its first page has not seen. */
    @Test
    void vouchesForAllPagesByTheFirst() {
        store.has("1", "2026-05-01T10:01:00Z").has("2", "2026-05-01T10:02:00Z").has("4", "2026-05-01T10:04:00Z");
        store.vouchesUntil("2026-05-01T10:05:00Z");
        store.behindTheFirstPage(() -> {
            store.has("3", "2026-05-01T10:05:30Z");
            store.vouchesUntil("2026-05-01T10:06:00Z");
        });
        connector.read(ROUTE);
        assertThat(connector.position()).isEqualTo("{\"time\":\"2026-05-01T10:05:00Z\"}");
        connector.read(ROUTE);
        assertThat(stored()).containsExactly("1", "2", "4", "3");
    }

    @Test
    void beginsAnewWhereTheStoreKnowsItsWayNoLonger() {
        store.has("1", "2026-05-01T10:01:00Z").has("2", "2026-05-01T10:02:00Z").has("3", "2026-05-01T10:02:00Z");
        store.vouchesUntil("2026-05-01T11:00:00Z");
        store.behindTheFirstPage(store::forgetsItsWays);
        connector.read(ROUTE);
        assertThat(stored().stream().distinct()).containsExactly("1", "2", "3");
        assertThat(connector.position()).isEqualTo("{\"time\":\"2026-05-01T11:00:00Z\"}");
        assertThat(store.asked().get(2)).contains("since=2026-05-01T10%3A01%3A59Z");
    }

    @Test
    void readsAVoidingStatementAsAnyOther() {
        store.has("1", "2026-05-01T10:01:00Z");
        store.vouchesUntil("2026-05-01T10:02:00Z");
        connector.read(ROUTE);
        store.voids("1");
        store.has("2", "2026-05-01T10:03:00Z");
        store.vouchesUntil("2026-05-01T10:04:00Z");
        connector.read(ROUTE);
        assertThat(stored()).containsExactly("1", "2");
    }

    /** Whoever runs the store does not decide whom else the hub shows its password. */
    @Test
    void staysAtItsHostWhateverTheWayOn() {
        store.has("1", "2026-05-01T10:01:00Z").has("2", "2026-05-01T10:02:00Z").has("3", "2026-05-01T10:03:00Z");
        store.vouchesUntil("2026-05-01T11:00:00Z");
        store.namesHost("https://elsewhere.example");
        connector.read(ROUTE);
        assertThat(stored()).containsExactly("1", "2", "3");
        for (var odd :
                new String[] {"//elsewhere.example/", "/xapi/../admin", "/xapi/%2e%2E/admin", "/a b", "/\\\\x"}) {
            connector.isAt(BEGIN);
            store.answers(AskedSystem.json(
                    200,
                    "{\"statements\":[],\"more\":\"" + odd + "\"}",
                    "X-Experience-API-Consistent-Through",
                    "2026-05-01T11:00:00Z"));
            assertThat(connector.failsToRead(ROUTE)).as(odd).hasMessageContaining("no way on from the host");
        }
    }

    @Test
    void movesNoFurtherWhenSomethingIsWrong() {
        store.has("1", "2026-05-01T10:01:00Z");
        store.vouchesUntil(null);
        assertThat(connector.failsToRead(ROUTE)).hasMessageContaining("does not say up to when it shows all");
        for (var answer : List.of(
                AskedSystem.json(503, "{}"),
                AskedSystem.json(429, "{}"),
                AskedSystem.half(),
                AskedSystem.json(
                        200, "{\"error\":\"later\"}", "X-Experience-API-Consistent-Through", "2026-05-01T11:00:00Z"),
                AskedSystem.text(200, "text/html", "log in"))) {
            store.answers(answer);
            assertThat(connector.failsToRead(ROUTE)).isNotNull();
        }
        assertThat(connector.position()).isEqualTo(BEGIN.position());
        assertThat(stored()).isEmpty();
    }
}
