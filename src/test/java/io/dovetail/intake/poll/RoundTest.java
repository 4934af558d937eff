package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.Callers;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.ledger.Cursors.Cursor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From where the last asking ended to the source's end, whatever happens in between. */
class RoundTest {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
    private static final Callers CALLERS = new Callers(
            (request, within) -> {
                throw new IOException("nobody is asked here");
            },
            name -> name,
            Clock.systemUTC(),
            new SimpleMeterRegistry());

    /** What is stored, in its order, each body once; and the cursor. It dies where a test wants it to. */
    private static final class Ledger implements Keeper {

        private final Set<String> stored = new LinkedHashSet<>();
        private final List<String> repeated = new ArrayList<>();
        private @Nullable Cursor cursor;
        private int diesBeforeMove = -1;

        @Override
        public void store(List<Letter> letters) {
            for (var letter : letters) {
                var body = new String(letter.body(), UTF_8);
                if (!stored.add(body)) {
                    repeated.add(body);
                }
            }
        }

        @Override
        public void keep(Cursor next) {
            if (diesBeforeMove-- == 0) {
                throw new IllegalStateException("killed");
            }
            cursor = next;
        }

        String position() {
            return cursor == null ? "" : cursor.position();
        }
    }

    private final Ledger ledger = new Ledger();
    private final List<String> asked = new ArrayList<>();
    private final ArrayDeque<String> pages = new ArrayDeque<>();

    private void round(Instant now, String... parameters) {
        var all = new HashMap<String, String>();
        for (var i = 0; i < parameters.length; i += 2) {
            all.put(parameters[i], parameters[i + 1]);
        }
        var poll = Poll.of("erp.orders", all);
        var route = new PollRoute() {
            @Override
            public Poll poll() {
                return poll;
            }

            @Override
            public Set<String> secrets() {
                return Set.of();
            }

            @Override
            public void read(JsonNode from, Page page) {
                asked.add(((ObjectNode) from).without("now").toString());
                var next = pages.poll();
                if (next != null) {
                    page.accept(tree(next));
                }
            }
        };
        try {
            new Round(route, CALLERS, ledger, ledger.cursor, now).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return new JsonCodec().read(json.getBytes(UTF_8));
        } catch (MalformedException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    @Test
    void readsPageByPageFromTheLastKeyToTheEnd() {
        pages.add("""
                {"items": [{"n": 1}, {"n": 2}], "position": {"time": "2026-05-01T11:00:00Z", "key": "2"}, "more": true}""");
        pages.add("""
                {"items": [{"n": 3}], "position": {"time": "2026-05-01T11:00:00.5Z", "key": "3"}, "more": false}""");
        round(NOON, "begin", "P1D");
        pages.add("{\"items\": [], \"position\": null, \"more\": false}");
        round(NOON.plusSeconds(60));

        assertThat(ledger.stored).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        assertThat(asked)
                .containsExactly(
                        "{\"since\":\"2026-04-30T12:00:00.000Z\",\"from\":{\"time\":\"2026-04-30T12:00:00.000Z\"}}",
                        "{\"since\":\"2026-04-30T12:00:00.000Z\",\"from\":{\"time\":\"2026-05-01T11:00:00Z\",\"key\":\"2\"}}",
                        "{\"since\":\"2026-05-01T11:00:00.500Z\",\"from\":{\"time\":\"2026-05-01T11:00:00.5Z\",\"key\":\"3\"}}");
        assertThat(ledger.cursor)
                .isEqualTo(new Cursor("{\"time\":\"2026-05-01T11:00:00.5Z\",\"key\":\"3\"}", NOON.plusSeconds(60)));
    }

    @Test
    void readsAgainWhatWasStoredBeforeADeathAndLosesNothing() {
        // alive at the beginning and after the first page, dead after the second is stored and before its cursor moves
        ledger.diesBeforeMove = 2;
        var first = """
                {"items": [{"n": 1}], "position": {"time": "2026-05-01T11:00:00Z", "key": "1"}, "more": true}""";
        var second = """
                {"items": [{"n": 2}], "position": {"time": "2026-05-01T11:01:00Z", "key": "2"}, "more": false}""";
        pages.addAll(List.of(first, second));
        assertThatThrownBy(() -> round(NOON)).hasMessage("killed");
        assertThat(ledger.position()).contains("\"key\":\"1\"");

        pages.add(second);
        round(NOON.plusSeconds(60));
        assertThat(asked.getLast()).contains("\"from\":{\"time\":\"2026-05-01T11:00:00Z\",\"key\":\"1\"}");
        assertThat(ledger.stored).containsExactly("{\"n\":1}", "{\"n\":2}");
        assertThat(ledger.repeated).containsExactly("{\"n\":2}");
    }

    @Test
    void readsTheOverlapAgainAndNeverGoesBackForIt() {
        pages.add("""
                {"items": [{"n": 1}], "position": {"time": "2026-05-01T11:59:00Z", "key": "1"}, "more": false}""");
        round(NOON, "overlap", "PT5M", "begin", "P1D");
        pages.add("""
                {"items": [{"n": 0}], "position": {"time": "2026-05-01T11:54:30Z", "key": "0"}, "more": true}""");
        pages.add("""
                {"items": [{"n": 1}], "position": {"time": "2026-05-01T11:59:00Z", "key": "1"}, "more": false}""");
        round(NOON.plusSeconds(60), "overlap", "PT5M");

        assertThat(asked.get(1))
                .isEqualTo("{\"since\":\"2026-05-01T11:54:00.000Z\",\"from\":{\"time\":\"2026-05-01T11:54:00.000Z\"}}");
        assertThat(asked.get(2)).contains("\"key\":\"0\"");
        assertThat(ledger.stored).containsExactly("{\"n\":1}", "{\"n\":0}");
        assertThat(ledger.position()).isEqualTo("{\"time\":\"2026-05-01T11:59:00.000Z\"}");
    }

    /** Of what was read before the death and changed after it, only what was at its end is not read again. */
    @Test
    void knowsAfterADeathSinceWhenItWasReading() {
        ledger.diesBeforeMove = 2;
        pages.add("""
                {"items": [{"n": 1}], "position": {"time": "2026-05-01T11:50:00Z", "key": "1"}, "more": true}""");
        pages.add("""
                {"items": [{"n": 2}], "position": {"time": "2026-05-01T11:55:00Z", "key": "2"}, "more": false}""");
        assertThatThrownBy(() -> round(NOON, "overlap", "PT5M", "begin", "PT1H"))
                .hasMessage("killed");
        assertThat(ledger.position())
                .isEqualTo("{\"time\":\"2026-05-01T11:50:00.000Z\",\"since\":\"2026-05-01T10:55:00.000Z\"}");
        pages.add("{\"items\": [], \"position\": null, \"more\": false}");
        round(NOON, "overlap", "PT5M");
        assertThat(asked.getLast())
                .isEqualTo("{\"since\":\"2026-05-01T10:55:00.000Z\",\"from\":{\"time\":\"2026-05-01T11:45:00.000Z\"}}");
        assertThat(ledger.position()).isEqualTo("{\"time\":\"2026-05-01T11:50:00.000Z\"}");
        pages.add("{\"items\": [], \"position\": null, \"more\": false}");
        round(NOON.plusSeconds(60), "overlap", "PT5M");
        assertThat(asked.getLast()).startsWith("{\"since\":\"2026-05-01T11:45:00.000Z\"");
    }

    @Test
    void doesNotGoPastNowForARowOfTomorrow() {
        pages.add("{\"items\": [{}], \"position\": {\"time\": \"2999-01-01T00:00:00Z\"}, \"more\": false}");
        round(NOON, "overlap", "PT5M");
        assertThat(ledger.position()).isEqualTo("{\"time\":\"2026-05-01T12:00:00.000Z\"}");
    }

    @Test
    void tellsWhatTheSourceHasForgotten() {
        var none = "{\"items\": [], \"position\": null, \"more\": false}";
        pages.add(none);
        round(NOON, "window", "P7D");
        // the hub is away for eight days, and then the source is
        pages.add("{}");
        var late = NOON.plusSeconds(8 * 86_400);
        assertThatThrownBy(() -> round(late, "window", "P7D")).isInstanceOf(FailedException.class);
        assertThat(ledger.stored).isEmpty();
        pages.add("""
                {"items": [{"n": 9}], "position": {"time": "2026-05-08T12:00:00Z"}, "more": false}""");
        round(late.plusSeconds(60), "window", "P7D");

        assertThat(ledger.stored)
                .containsExactly(
                        "{\"hub\":\"source.gap\",\"poll\":\"erp.orders\",\"lastReadAt\":\"2026-05-01T12:00:00Z\",\"window\":\"PT168H\"}",
                        "{\"n\":9}");
        // what is left is read from the first moment that the source can tell of
        assertThat(asked.getLast()).contains("\"from\":{\"time\":\"2026-05-02T12:01:00.000Z\"}");
    }

    @Test
    void forgetsATokenThatTheSourceHasForgotten() {
        pages.add("{\"items\": [], \"position\": {\"token\": \"a\"}, \"more\": false}");
        round(NOON, "window", "P7D");
        var none = "{\"items\": [], \"position\": null, \"more\": false}";
        pages.add(none);
        round(NOON.plusSeconds(86_400), "window", "P7D");
        assertThat(asked.getLast()).isEqualTo("{\"since\":null,\"from\":{\"token\":\"a\"}}");
        pages.add(none);
        round(NOON.plusSeconds(9 * 86_400), "window", "P7D");
        assertThat(ledger.stored).singleElement().asString().contains("source.gap");
        pages.add(none);
        round(NOON.plusSeconds(10 * 86_400), "window", "P7D");
        assertThat(asked.getLast()).contains("\"from\":{\"time\":\"2026-05-04T12:00:00.000Z\"}");
        assertThat(ledger.stored).hasSize(1);
    }

    @Test
    void tellsAGapOfWhichTheSourceItselfSays() {
        pages.add("{\"items\": [], \"position\": {\"token\": \"a\"}, \"more\": false}");
        round(NOON, "window", "P7D");
        var forgotten = "{\"items\": [], \"position\": {\"token\": null}, \"more\": true, \"gap\": true}";
        var left = "{\"items\": [{\"n\": 9}], \"position\": {\"token\": \"b\"}, \"more\": false}";
        // dead after the gap is stored and before its cursor moves
        pages.addAll(List.of(forgotten, left));
        ledger.diesBeforeMove = 0;
        assertThatThrownBy(() -> round(NOON.plusSeconds(60), "window", "P7D")).hasMessage("killed");
        pages.clear();
        pages.addAll(List.of(forgotten, left));
        round(NOON.plusSeconds(120), "window", "P7D");

        var stored = List.copyOf(ledger.stored);
        assertThat(stored).hasSize(2);
        assertThat(stored.getFirst())
                .contains("source.gap")
                .contains("\"lastReadAt\":\"2026-05-01T12:00:00Z\",\"window\":\"PT168H\"");
        assertThat(stored.getLast()).isEqualTo("{\"n\":9}");
        assertThat(ledger.repeated).containsExactly(stored.getFirst());
        assertThat(ledger.position()).isEqualTo("{\"token\":\"b\"}");

        // and another one is another event, though the source's end was not reached in between
        pages.addAll(List.of(forgotten, left.replace("false", "true"), forgotten, left));
        round(NOON.plusSeconds(180), "window", "P7D");
        assertThat(ledger.stored).filteredOn(one -> one.contains("source.gap")).hasSize(3);
    }

    @Test
    void wantsToKnowForHowLongASourceCanTellThatForgets() {
        pages.add("{\"items\": [], \"position\": {\"token\": null}, \"more\": true, \"gap\": true}");
        assertThatThrownBy(() -> round(NOON)).hasMessageContaining("for how long the source can tell: window");
        assertThat(ledger.stored).isEmpty();
    }

    @Test
    void takesAQuietSourceForNoGap() {
        var none = "{\"items\": [], \"position\": null, \"more\": false}";
        for (var day = 0; day < 30; day++) {
            pages.add(none);
            round(NOON.plusSeconds(day * 86_400L), "window", "P7D");
        }
        assertThat(ledger.stored).isEmpty();
        // no source is asked for more than it can tell
        assertThat(asked.getLast()).contains("\"since\":\"2026-05-23T12:00:00.000Z\"");
    }

    @Test
    void asksForFewerOfWhatIsTooMuchAndThenForMoreAgain() {
        var none = "{\"items\": null}";
        var page = "{\"items\": [], \"position\": {\"key\": \"%s\"}, \"more\": true}";
        pages.addAll(List.of(none, none, page.formatted("a"), page.formatted("b"), page.formatted("c"), none));
        pages.addAll(List.of(none, none, none));
        assertThatThrownBy(() -> round(NOON, "most", "5")).hasMessageContaining("\"items\" is no list");
        assertThat(asked).extracting(from -> tree(from).path("most").asInt()).containsExactly(5, 2, 1, 2, 4, 5, 2, 1);
        // a page that fails moves nothing
        assertThat(asked.getLast()).contains("{\"key\":\"c\"}");
        assertThat(ledger.position()).isEqualTo("{\"key\":\"c\"}");
    }

    @Test
    void wantsToBeHandedSomething() {
        assertThatThrownBy(() -> round(NOON)).hasMessageContaining("end the route with kamelet:hub-accept");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"items": null}                                                                  | "items" is no list
        {"more": true}                                                                   | "items" is no list
        {"items": [], "more": true}                                                      | read for ever
        {"items": [], "more": true, "position": {"time": "2026-05-01T11:55:00.000Z"}}    | read for ever
        {"items": [], "position": "4711"}                                                | "position" is an object
        {"items": [], "position": {"time": "yesterday"}}                                 | is an instant such as
        {"items": [], "position": {"key": 1}}                                            | needs a "time"
        """)
    void saysWhatIsWrongWithAPageAndStaysWhereItIs(String page, String problem) {
        pages.add(page);
        assertThatThrownBy(() -> round(NOON, "overlap", "PT5M", "begin", "PT0S"))
                .hasMessageContaining(problem);
        assertThat(ledger.position()).isEqualTo("{\"time\":\"2026-05-01T12:00:00.000Z\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "every, PT0S, a second or more",
        "every, 60, every is a duration",
        "overlap, -PT5M, overlap is a duration",
        "window, PT1M, longer than overlap and every together",
        "begin, P999999999D, begin is a duration",
        "deadline, PT10M, a second to five minutes",
        "most, 0, most is a number",
        "most, ten, most is a number",
        "hurry, PT0S, hurry is a second or more",
        "sender, a.b, sender is named"
    })
    void saysWhatIsWrongWithItsParameters(String name, String value, String problem) {
        assertThatThrownBy(() -> Poll.of("erp.orders", Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }
}
