package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.intake.poll.camel.CamelPolls;
import io.dovetail.ledger.Cursors.Cursor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector xapi asks of a record store, over the wire. */
class XapiPollsTest {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
    private static final String BEGIN = "{\"time\":\"2026-05-01T10:00:00.000Z\"}";
    private static final Configuration SHIPPED = shipped();

    private final RecordStore store = new RecordStore();
    private final HttpNetwork network = new HttpNetwork();
    private final Callers callers = new Callers(
            network,
            Map.of("xapi.host", store.host(), "xapi.user", "key", "xapi.password", "secret")::get,
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    private final List<String> stored = new ArrayList<>();
    private Cursor cursor = new Cursor(BEGIN, NOON);

    @AfterEach
    void close() {
        network.close();
        store.close();
    }

    /** As it is, but that no TLS is spoken. */
    private static Configuration shipped() {
        var files = new HashMap<String, byte[]>();
        Configuration.filesBelow(Path.of(".")).forEach((path, content) -> {
            if (path.matches(
                    "schemas/.*|connectors/(hub|xapi)/.*|routes/intake/xapi\\..*|routes/translate/default.*")) {
                var text = new String(content, UTF_8);
                files.put(
                        path,
                        text.replace("https://{{xapi.host}}", "http://{{xapi.host}}")
                                .getBytes(UTF_8));
            }
        });
        var problems = new Problems();
        var configuration = Configuration.of(files, problems);
        assertThat(problems.list()).isEmpty();
        return configuration;
    }

    private void read() {
        var keeper = new Keeper() {
            @Override
            public void store(List<Letter> letters) {
                letters.forEach(letter -> stored.add(
                        Shop.tree(new String(letter.body(), UTF_8)).path("id").asText()));
            }

            @Override
            public void keep(Cursor next) {
                cursor = next;
            }
        };
        try (var polls = new CamelPolls(SHIPPED)) {
            var poll = polls.routes().stream()
                    .filter(one -> one.poll().id().equals("xapi.statements"))
                    .findFirst()
                    .orElseThrow();
            new Round(poll, callers, keeper, cursor, NOON).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void followsTheWayOnAndReadsNoFurtherThanTheStoreVouches() {
        store.has("1", "2026-05-01T10:00:00.001Z")
                .has("3", "2026-05-01T10:30:00.5Z")
                .has("2", "2026-05-01T10:30:00.25Z")
                .has("0", "2026-05-01T09:59:59Z")
                .has("5", "2026-05-01T11:00:00.000001Z");
        store.vouchesUntil("2026-05-01T11:00:00.000Z");
        read();
        assertThat(stored).containsExactly("1", "2", "3");
        assertThat(cursor.position()).isEqualTo("{\"time\":\"2026-05-01T11:00:00.000Z\"}");
        assertThat(store.asked()).hasSize(2);
        assertThat(store.asked().getFirst())
                .contains("since=2026-05-01T10%3A00%3A00.000Z")
                .contains("limit=100");
        assertThat(store.asked().getLast()).isEqualTo("/xapi/statements?more=1%2Fx&limit=2");

        // one that was stored before, and shows later
        store.has("4", "2026-05-01T11:00:00.0000009Z");
        store.vouchesUntil("2026-05-01T11:30:00.000Z");
        read();
        assertThat(stored).containsExactly("1", "2", "3", "4", "5");
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
        read();
        assertThat(cursor.position()).isEqualTo("{\"time\":\"2026-05-01T10:05:00Z\"}");
        read();
        assertThat(stored).containsExactly("1", "2", "4", "3");
    }

    @Test
    void beginsAnewWhereTheStoreKnowsItsWayNoLonger() {
        store.has("1", "2026-05-01T10:01:00Z").has("2", "2026-05-01T10:02:00Z").has("3", "2026-05-01T10:02:00Z");
        store.vouchesUntil("2026-05-01T11:00:00Z");
        store.behindTheFirstPage(store::forgetsItsWays);
        read();
        assertThat(stored.stream().distinct()).containsExactly("1", "2", "3");
        assertThat(cursor.position()).isEqualTo("{\"time\":\"2026-05-01T11:00:00Z\"}");
        assertThat(store.asked().get(2)).contains("since=2026-05-01T10%3A01%3A59Z");
    }

    @Test
    void readsAVoidingStatementAsAnyOther() {
        store.has("1", "2026-05-01T10:01:00Z");
        store.vouchesUntil("2026-05-01T10:02:00Z");
        read();
        store.voids("1");
        store.has("2", "2026-05-01T10:03:00Z");
        store.vouchesUntil("2026-05-01T10:04:00Z");
        read();
        assertThat(stored).containsExactly("1", "2");
    }

    /** Whoever runs the store does not decide whom else the hub shows its password. */
    @Test
    void staysAtItsHostWhateverTheWayOn() {
        store.has("1", "2026-05-01T10:01:00Z").has("2", "2026-05-01T10:02:00Z").has("3", "2026-05-01T10:03:00Z");
        store.vouchesUntil("2026-05-01T11:00:00Z");
        store.namesHost("https://elsewhere.example");
        read();
        assertThat(stored).containsExactly("1", "2", "3");
        for (var odd :
                new String[] {"//elsewhere.example/", "/xapi/../admin", "/xapi/%2e%2E/admin", "/a b", "/\\\\x"}) {
            cursor = new Cursor(BEGIN, NOON);
            store.answers(AskedSystem.json(
                    200,
                    "{\"statements\":[],\"more\":\"" + odd + "\"}",
                    "X-Experience-API-Consistent-Through",
                    "2026-05-01T11:00:00Z"));
            assertThatThrownBy(this::read)
                    .as(odd)
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining("no way on from the host");
        }
    }

    @Test
    void movesNoFurtherWhenSomethingIsWrong() {
        store.has("1", "2026-05-01T10:01:00Z");
        store.vouchesUntil(null);
        assertThatThrownBy(this::read).hasMessageContaining("does not say up to when it shows all");
        for (var answer : List.of(
                AskedSystem.json(503, "{}"),
                AskedSystem.json(429, "{}"),
                AskedSystem.half(),
                AskedSystem.json(
                        200, "{\"error\":\"later\"}", "X-Experience-API-Consistent-Through", "2026-05-01T11:00:00Z"),
                AskedSystem.text(200, "text/html", "log in"))) {
            store.answers(answer);
            assertThatThrownBy(this::read).isInstanceOf(FailedException.class);
        }
        assertThat(cursor.position()).isEqualTo(BEGIN);
        assertThat(stored).isEmpty();
    }
}
