package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.call.Answer;
import io.dovetail.call.Callers;
import io.dovetail.call.Request;
import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.RouteLint;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.intake.poll.camel.CamelPolls;
import io.dovetail.ledger.Cursors.Cursor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A poller as an engineer writes it. */
class CamelPollsTest {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
    private static final String ROUTE = "routes/intake/shop.orders.camel.yaml";
    private static final String SHOP = """
            - route:
                id: shop.orders
                description: What is new in the shop, by keyset, since many orders may change in one moment.
                from:
                  uri: kamelet:hub-poll
                  parameters:
                    every: PT1M
                    overlap: PT2M
                  steps:
                    - setVariable:
                        name: since
                        expression:
                          language: { language: jslt, expression: .from.time }
                    - setVariable:
                        name: after
                        expression:
                          language: { language: jslt, expression: 'fallback(.from.key, "0")' }
                    - to:
                        uri: https://{{shop.host}}/orders
                        variableReceive: page
                        parameters:
                          authMethod: Bearer
                          authBearerToken: "{{shop.token}}"
                          since: "{since}"
                          after: "{after}"
                    - setVariable:
                        name: items
                        expression:
                          language: { language: jslt, expression: $lookup.page.orders }
                    - setVariable:
                        name: position
                        expression:
                          language:
                            language: jslt
                            expression: |
                              let last = $lookup.page.orders[-1]
                              if ($last) { "time": $last.changed, "key": $last.id }
                    - setVariable:
                        name: more
                        expression:
                          language: { language: jslt, expression: $lookup.page.next }
                    - to: kamelet:hub-accept
            """;

    private final Shop shop = new Shop()
            .put(ROUTE, SHOP)
            .put("schemas/events/order.changed.v1.schema.json", schema(", \"additionalProperties\": false"))
            .put("schemas/hub/source-gap.v1.schema.json", schema(""))
            .put("schemas/events/source.gap.v1.schema.json", schema(", \"additionalProperties\": false"));
    private final List<Request.Outgoing> sent = new ArrayList<>();
    private final ArrayDeque<String> answers = new ArrayDeque<>();
    private final List<String> stored = new ArrayList<>();
    private Cursor cursor = new Cursor("{\"time\":\"2026-05-01T11:00:00Z\"}", NOON);

    private static String schema(String more) {
        return """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                 "properties": {"poll": {"type": "string"}}%s}
                """.formatted(more);
    }

    private void round() {
        var callers = new Callers(
                (request, within) -> {
                    sent.add(request);
                    return new Answer(
                            200, "application/json", null, answers.remove().getBytes(UTF_8), false);
                },
                Map.of("shop.host", "shop.example.com:8443", "shop.token", "t0ken")::get,
                Clock.systemUTC(),
                new SimpleMeterRegistry());
        var keeper = new Keeper() {
            @Override
            public void store(List<Letter> letters) {
                letters.forEach(letter -> stored.add(letter.sender() + " " + new String(letter.body(), UTF_8)));
            }

            @Override
            public void keep(Cursor next) {
                cursor = next;
            }
        };
        try (var polls = new CamelPolls(shop.configuration())) {
            new Round(polls.routes().getFirst(), callers, keeper, cursor, NOON).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> check() {
        var problems = new Problems();
        RouteLint.check(shop.files(), problems);
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void asksPageByPageAndHandsOver() {
        answers.add("""
                {"orders": [{"id": "7", "changed": "2026-05-01T11:30:00Z"}], "next": true}""");
        answers.add("{\"orders\": [], \"next\": false}");
        round();
        assertThat(stored).containsExactly("default {\"id\":\"7\",\"changed\":\"2026-05-01T11:30:00Z\"}");
        assertThat(sent)
                .extracting(request -> request.uri().toString())
                .containsExactly(
                        "https://shop.example.com:8443/orders?after=0&since=2026-05-01T10%3A58%3A00.000Z",
                        "https://shop.example.com:8443/orders?after=7&since=2026-05-01T11%3A30%3A00Z");
        assertThat(sent.getFirst().headers()).containsEntry("Authorization", "Bearer t0ken");
        assertThat(cursor).isEqualTo(new Cursor("{\"time\":\"2026-05-01T11:30:00.000Z\"}", NOON));
        assertThat(check()).isEmpty();
    }

    @Test
    void takesNoErrorInsideASuccessForAPageWithoutNews() {
        answers.add("{\"error\": \"you are not subscribed\"}");
        assertThatThrownBy(this::round)
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("the variable \"items\" is no list");
        assertThat(cursor.position()).isEqualTo("{\"time\":\"2026-05-01T11:00:00Z\"}");
    }

    @Test
    void knowsTheSecretsWithoutWhichItIsOff() {
        try (var polls = new CamelPolls(shop.configuration())) {
            assertThat(polls.routes())
                    .singleElement()
                    .satisfies(route -> assertThat(route.secrets()).containsExactly("shop.host", "shop.token"))
                    .satisfies(route -> assertThat(route.poll().overlap()).isEqualTo(Duration.ofMinutes(2)));
        }
    }

    @Test
    void saysWhatIsWrongWithItsBeginningBeforeItRuns() {
        shop.change(ROUTE, "every: PT1M", "every: PT0S");
        assertThatThrownBy(() -> new CamelPolls(shop.configuration()))
                .isInstanceOfSatisfying(
                        BrokenRoutesException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .asString()
                                .isEqualTo(ROUTE + ": every is a second or more, as PT1M"));
    }

    @Test
    void tellsAGapByARuleOfTheHubsOwn() {
        var rule = shop.configuration().connectors().get("shop").events().getFirst();
        var gap = Shop.tree("{\"hub\": \"source.gap\", \"poll\": \"shop.orders\", \"lastReadAt\":"
                + " \"2026-05-01T11:00:00Z\", \"window\": \"PT168H\"}");
        assertThat(rule.when().test(gap)).isTrue();
        assertThat(rule.id().text(gap)).isEqualTo("shop.orders 2026-05-01T11:00:00Z");
        assertThat(rule.mapping().apply(gap, Map.of()).at("/data/poll").asText())
                .isEqualTo("shop.orders");
        shop.files().remove(ROUTE);
        assertThat(shop.configuration()
                        .connectors()
                        .get("shop")
                        .events()
                        .getFirst()
                        .when()
                        .test(gap))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        kamelet:hub-poll        | direct:poll-shop       | begins with kamelet:hub-poll
        every: PT1M             | every: 1m              | must match
        overlap: PT2M           | overlaps: PT2M         | has no parameter "overlaps"
        '{{shop.host}}'         | '{{jira.host}}'        | {{jira.host}} stands for nothing here
        variableReceive: page   | pattern: InOut         | variableReceive
        kamelet:hub-accept      | kamelet:hub-acept      | there is no Kamelet "hub-acept"
        """)
    void isChecked(String sound, String faulty, String problem) {
        shop.change(ROUTE, sound, faulty);
        assertThat(check())
                .anySatisfy(found -> assertThat(found).startsWith(ROUTE + ":").contains(problem));
    }

    @Test
    void belongsToAConnectorByItsName() {
        shop.put("routes/intake/nobody.camel.yaml", SHOP.replace("id: shop.orders", "id: nobody"));
        assertThat(check())
                .anySatisfy(found -> assertThat(found)
                        .startsWith("routes/intake/nobody.camel.yaml:")
                        .contains("the file is called <connector>.camel.yaml or <connector>.<what>.camel.yaml"));
    }
}
