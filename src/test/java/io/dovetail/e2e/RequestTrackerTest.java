package io.dovetail.e2e;

import static io.dovetail.camel.ShopRoute.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.camel.ShopRoute;
import io.dovetail.check.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped connector request-tracker at a real Request Tracker. RequestTrackerPollsTest and RequestTrackerTicketsTest
 * have the same for every build, at something that answers in the same form.
 */
@EnabledIfSystemProperty(
        named = "request-tracker",
        matches = ".*",
        disabledReason =
                "starts a real Request Tracker: ./hub test -Dtest=RequestTrackerTest -Drequest-tracker=true, or"
                        + " =install for root to have apt install it")
class RequestTrackerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KAMELET = "connectors/request-tracker/request-tracker-changes.kamelet.yaml";

    @TempDir
    private Path directory;

    @Test
    void tellsWhatHappensToTicketsAndWritesThemOnce() throws Exception {
        try (var tracker = RequestTrackerServer.start("install".equals(System.getProperty("request-tracker")));
                var hub = hub(tracker)) {
            tracker.does("account", "reader", "SeeQueue", "ShowTicket", "ShowTicketComments")
                    .does(
                            "account",
                            "dovetail",
                            "SeeQueue",
                            "ShowTicket",
                            "ShowTicketComments",
                            "CreateTicket",
                            "ModifyTicket",
                            "CommentOnTicket",
                            "ReplyToTicket")
                    .does(
                            "account",
                            "ann",
                            "SeeQueue",
                            "ShowTicket",
                            "CreateTicket",
                            "ModifyTicket",
                            "CommentOnTicket",
                            "ReplyToTicket",
                            "OwnTicket");
            readerMayCome(hub);
            await("it is asked").atMost(PATIENCE).until(() -> !polls(hub).contains("request-tracker"));

            tellsWhatPeopleDo(tracker, hub);
            writesOnceWhatAnotherSystemSays(tracker, hub);

            var book = hub.get("/api/books")
                    .json()
                    .valueStream()
                    .filter(one -> one.path("connector").asText().equals("request-tracker"))
                    .findFirst()
                    .orElseThrow();
            assertThat(book.at("/events/parked").asInt()).isZero();
            assertThat(book.at("/events/duplicate").asInt()
                            + book.at("/deliveries/duplicate").asInt())
                    .isPositive();
            assertThat(book.path("difference").asInt()).isZero();
        }
    }

    private static void tellsWhatPeopleDo(RequestTrackerServer tracker, Hub hub) throws Exception {
        var id = tracker.as("ann", "POST", "ticket", """
                        {"Queue": "General", "Subject": "Pump 3 loses pressure", "Requestor": "mia@acme.example",
                         "Content": "Since the last service.", "ContentType": "text/plain"}""").path("id").asText();
        awaitTold(hub, id, "ticket.opened.v1");
        tracker.as(
                "ann",
                "POST",
                "ticket/" + id + "/comment",
                "{\"Content\": \"A seal\", \"ContentType\": \"text/plain\"}");
        tracker.as("ann", "PUT", "ticket/" + id, "{\"Owner\": \"ann\", \"Priority\": \"50\"}");
        tracker.does("escalate", id, "90");
        tracker.as("ann", "PUT", "ticket/" + id, "{\"Status\": \"resolved\"}");
        awaitTold(hub, id, "ticket.resolved.v1");
        // minutes are read again and again by now, and everything is told once
        assertThat(told(hub, id))
                .containsExactlyInAnyOrder(
                        "ticket.opened.v1",
                        "ticket.commented.v1",
                        "ticket.updated.v1",
                        "ticket.updated.v1",
                        "ticket.escalated.v1",
                        "ticket.resolved.v1");
    }

    private static void writesOnceWhatAnotherSystemSays(RequestTrackerServer tracker, Hub hub) throws Exception {
        var secrets = Map.of(
                "request-tracker.host",
                tracker.host(),
                "request-tracker.user",
                "dovetail",
                "request-tracker.password",
                "dovetail-pw1");
        try (var route = new ShopRoute("request-tracker", secrets, "$lookup.ticketId")) {
            var id = route.run(RequestTrackerTicketsTest.CREATE, "1");
            assertThat(route.run(RequestTrackerTicketsTest.CREATE, "1")).isEqualTo(id);
            assertThat(tracker.as("reader", "GET", "ticket/" + id, "")
                            .path("Subject")
                            .asText())
                    .isEqualTo("Order 1");
            for (var twice = 0; twice < 2; twice++) {
                for (var steps : List.of(
                        RequestTrackerTicketsTest.COMMENT,
                        RequestTrackerTicketsTest.COMMENT.replace("-comment\n", "-comment?as=correspond\n"),
                        RequestTrackerTicketsTest.RESOLVE)) {
                    // a comment and an answer are of two events
                    route.run(steps.replace("\"1\"", "\"" + id + "\""), steps.contains("correspond") ? "2" : "1");
                }
            }
            var history = tracker.as("reader", "GET", "ticket/" + id + "/history?fields=Type,Creator&per_page=100", "");
            assertThat(history.path("items").valueStream())
                    .filteredOn(entry -> entry.at("/Creator/id").asText().equals("dovetail"))
                    .extracting(entry -> entry.path("Type").asText())
                    .containsExactly("Create", "Comment", "Correspond", "Status");
            assertThat(failure(() -> route.run(
                                    RequestTrackerTicketsTest.RESOLVE
                                            .replace("\"1\"", "\"" + id + "\"")
                                            .replace("resolved", "solved"),
                                    "3"))
                            .failure()
                            .message())
                    .contains("has not moved the ticket");
            // what the hub has written is no news; what Request Tracker does by itself upon an answer, is
            await("its own").atMost(PATIENCE).until(() -> ignored(hub, id) == 4);
            assertThat(told(hub, id)).containsOnly("ticket.updated.v1").hasSizeLessThan(2);
        }
    }

    private static String polls(Hub hub) {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/polls/details")
                .toString();
    }

    private static List<JsonNode> events(Hub hub, String key) {
        return hub.get("/api/timeline?key=" + key)
                .json()
                .path("events")
                .valueStream()
                .toList();
    }

    private static List<String> told(Hub hub, String ticket) {
        return events(hub, ticket).stream()
                .filter(event -> event.path("state").asText().equals("published"))
                .map(event -> event.path("type").asText())
                .toList();
    }

    private static long ignored(Hub hub, String ticket) {
        return events(hub, ticket).stream()
                .filter(event -> event.path("state").asText().equals("ignored"))
                .map(event -> event.path("id").asText())
                .distinct()
                .count();
    }

    private static void awaitTold(Hub hub, String ticket, String type) {
        await(type).atMost(PATIENCE).until(() -> told(hub, ticket).contains(type));
    }

    /** With the shipped files, but that it speaks no TLS and asks every second. */
    private Hub hub(RequestTrackerServer tracker) throws IOException {
        var root = Files.createDirectories(directory.resolve("root"));
        new Roots(Tree.of(root, "request-tracker").root())
                .change(KAMELET, "https://{{request-tracker.host}}", "http://" + tracker.host())
                .change("routes/intake/request-tracker.camel.yaml", "every: PT1M", "every: PT1S");
        return Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()));
    }

    private static void readerMayCome(Hub hub) throws IOException {
        Files.writeString(hub.secrets().resolve("request-tracker.reader-password"), "reader-pw1\n");
        Files.writeString(hub.secrets().resolve("request-tracker.reader"), "reader\n");
    }
}
