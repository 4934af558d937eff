package io.dovetail.intake.poll;

import static io.dovetail.intake.poll.PolledConnector.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.call.AskedSystem;
import io.dovetail.counterpart.GraphDouble;
import io.dovetail.event.FailedException;
import io.dovetail.ledger.Cursors.Cursor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector entra asks of Microsoft Graph, over the wire. */
class EntraPollsTest {

    private final GraphDouble graph = new GraphDouble();
    private final Map<String, String> secrets = GraphDouble.secrets();
    private String route = "entra.users";
    private final PolledConnector poll = new PolledConnector("entra", secrets, this::locally).isAt(null);

    private String locally(String text) {
        var changed = text.replace("default: 200", "default: 2");
        for (var address : graph.addresses().entrySet()) {
            changed = changed.replace(address.getKey(), address.getValue());
        }
        return changed;
    }

    @AfterEach
    void close() {
        poll.close();
        graph.close();
    }

    private void minute(int minute) {
        poll.read(route, NOON.plus(Duration.ofMinutes(minute)));
    }

    private static String user(String id, String more) {
        return "{\"id\":\"" + id + "\"" + more + "}";
    }

    private static String created(String time) {
        return ",\"createdDateTime\":\"2026-05-01T" + time + "Z\"";
    }

    /** {@code <id> <what the connector says of it>}, without what the hub says of a gap. */
    private List<String> said() {
        return poll.stored().stream()
                .filter(body -> body.has("value"))
                .map(body -> body.at("/value/0/object/id").asText() + " "
                        + poll.rules()
                                .identify(body.at("/value/0"), "")
                                .emits()
                                .replaceFirst("identity\\.(.*)\\.v1", "$1"))
                .toList();
    }

    @Test
    void beginsWithWhatHappensFromThenOnAndFollowsTheLinks() {
        graph.has("users", user("old", created("11:00:00")));
        minute(0);
        assertThat(said()).isEmpty();
        assertThat(graph.asked().getFirst())
                .startsWith("GET /users/delta?$deltatoken=latest&$select=accountEnabled,createdDateTime,department");

        graph.has("users", user("new", created("12:00:30")));
        graph.has("users", user("old", created("11:00:00") + ",\"department\":\"Sales\""));
        graph.has("users", user("late", created("12:00:29")));
        graph.has("users", user("gone", ",\"@removed\":{\"reason\":\"changed\"}"));
        graph.has("users", user("off", ",\"accountEnabled\":false"));
        minute(1);
        assertThat(said()).containsExactly("new joined", "old changed", "late joined", "gone left", "off left");
        assertThat(graph.asked()).hasSize(4);
        assertThat(graph.asked().get(1))
                .startsWith("GET /users/delta?$deltatoken=0.1=/+x")
                .doesNotContain("&");
        assertThat(graph.asked().get(2))
                .startsWith("GET /users/delta?$skiptoken=0.3=/+x")
                .doesNotContain("&");

        // who was new is so no more
        graph.has("users", user("new", created("12:00:30")));
        minute(2);
        assertThat(said()).hasSize(6).last().isEqualTo("new changed");
        minute(3);
        assertThat(said()).hasSize(6);
    }

    @Test
    void tellsTheSecondChangeToTheSameFromTheFirstAndARereadFromNeither() {
        minute(0);
        var before = poll.position();
        graph.has("users", user("mia", ",\"jobTitle\":\"Buyer\""));
        minute(1);
        graph.has("users", user("mia", ",\"jobTitle\":\"Buyer\""));
        minute(2);
        assertThat(poll.bodies()).hasSize(2).doesNotHaveDuplicates();

        // as after a death between the store and the cursor
        poll.isAt(new Cursor(before, NOON));
        minute(1);
        assertThat(poll.bodies().get(2)).isEqualTo(poll.bodies().getFirst());
    }

    @Test
    void tellsAGapAndReadsEverythingWhenGraphDoesNotKnowItsToken() {
        minute(0);
        graph.has("users", user("a", created("11:00:00") + ",\"accountEnabled\":false"));
        graph.has("users", user("b", created("12:00:30")));
        graph.has("users", user("c", created("11:00:00")));
        for (var generation = 1; generation <= 2; generation++) {
            // by syncStateNotFound, and then by 410
            graph.forgetsItsTokens();
            minute(generation);
            assertThat(poll.bodies()).hasSize(4 * generation);
            assertThat(poll.bodies().get(4 * generation - 4))
                    .startsWith("{\"hub\":\"source.gap\",\"poll\":\"entra.users\"");
        }
        // what nobody knows is neither that somebody left nor that he joined
        assertThat(said().subList(0, 3)).containsExactly("a changed", "b changed", "c changed");
        assertThat(poll.bodies().stream().distinct())
                .as("another gap is another event")
                .hasSize(8);
        graph.has("users", user("d", created("12:02:00")));
        minute(3);
        assertThat(said()).last().isEqualTo("d joined");
    }

    @Test
    void readsEverythingWhenTheHubWasAwayForLongerThanATokenLives() {
        minute(0);
        graph.has("users", user("a", ""));
        poll.read(route, NOON.plus(Duration.ofDays(8)));
        assertThat(poll.bodies().getFirst()).contains("source.gap");
        assertThat(said()).containsExactly("a changed");
        assertThat(graph.asked()).last().asString().startsWith("GET /users/delta?$select=");
    }

    @Test
    void staysWhereItIsWhenTheAnswerIsNone() {
        minute(0);
        var position = poll.position();
        graph.has("users", user("a", ""));
        graph.does(
                AskedSystem.half(),
                GraphDouble.error(429, "TooManyRequests"),
                GraphDouble.error(400, "Request_BadRequest"),
                AskedSystem.json(200, "{\"value\":[]}"),
                AskedSystem.json(200, "{\"error\":{}, \"@odata.deltaLink\":\"https://a/?$deltatoken=x\"}"));
        for (var why : List.of("breaks", "429", "400", "no link to go on with", "no list")) {
            var failure = catchThrowableOfType(FailedException.class, () -> minute(1));
            assertThat(failure).hasMessageContaining(why);
            assertThat(poll.position()).isEqualTo(position);
        }
        minute(1);
        assertThat(said()).containsExactly("a changed");
    }

    @Test
    void handsOverEachMemberOfAGroup() {
        route = "entra.groups";
        minute(0);
        graph.has("groups", """
                {"id":"g1","displayName":"Sales","members@delta":[
                 {"@odata.type":"#microsoft.graph.user","id":"mia"},
                 {"@odata.type":"#microsoft.graph.group","id":"g2"},
                 {"@odata.type":"#microsoft.graph.user","id":"tom","@removed":{"reason":"deleted"}}]}""");
        graph.has("groups", "{\"id\":\"g1\",\"displayName\":\"Partner sales\"}");
        graph.has("groups", "{\"id\":\"g3\",\"@removed\":{\"reason\":\"changed\"}}");
        minute(1);
        assertThat(said()).containsExactly("mia changed", "tom changed", "g3 feed.gap.v1");
    }

    @Test
    void keepsSubscriptionsAndMakesThoseThatAreMissing() {
        secrets.put("entra.url", "https://hub.example.com/in/entra");
        secrets.put("entra.hints.state", "a \"state\"");
        route = "entra.subscriptions";
        minute(0);
        assertThat(graph.subscriptions())
                .extracting(one -> one.path("resource").asText() + " "
                        + one.path("clientState").asText() + " "
                        + one.path("lifecycleNotificationUrl").asText() + " "
                        + one.path("expirationDateTime").asText())
                .containsExactlyInAnyOrder(
                        "users a \"state\" https://hub.example.com/in/entra 2026-05-29T12:00:00Z",
                        "groups a \"state\" https://hub.example.com/in/entra 2026-05-29T12:00:00Z");
        minute(360);
        assertThat(graph.subscriptions())
                .hasSize(2)
                .allSatisfy(one ->
                        assertThat(one.path("expirationDateTime").asText()).isEqualTo("2026-05-29T18:00:00Z"));
        // one ends between the question and the renewal
        graph.does(AskedSystem.json(200, "{\"value\":[{\"id\":\"sub-9\",\"resource\":\"users\"}]}"));
        minute(720);
        graph.dropsSubscriptions();
        minute(730);
        assertThat(graph.subscriptions()).hasSize(2);
        assertThat(poll.bodies()).isEmpty();

        graph.does(AskedSystem.json(200, "{\"error\": \"not now\"}"));
        assertThat(catchThrowableOfType(FailedException.class, () -> minute(740)))
                .hasMessageContaining("Graph does not say which subscriptions there are");
    }
}
