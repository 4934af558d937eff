package io.dovetail.e2e;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.AskedSystem;
import io.dovetail.camel.ShopRoute;
import io.dovetail.counterpart.RequestTrackerDouble;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped Kamelets that write to Request Tracker, in a shop's route, over the wire. */
class RequestTrackerTicketsTest {

    static final String CREATE = set("ticket", "{ \"Queue\": \"General\", \"Subject\": \"Order \" + .order.number }")
            + "- to: kamelet:request-tracker-create\n";

    private static final String TICKET = set("ticketId", "\"1\"");

    static final String COMMENT = TICKET + set("comment", "\"Order \" + .order.number + \" is on its way\"")
            + "- to: kamelet:request-tracker-comment\n";

    static final String RESOLVE = TICKET + set("status", "\"resolved\"") + "- to: kamelet:request-tracker-transition\n";

    private final RequestTrackerDouble tracker = new RequestTrackerDouble();
    private final ShopRoute route = new ShopRoute("request-tracker", tracker.writers(), "$lookup.ticketId");

    @AfterEach
    void close() {
        route.close();
        tracker.close();
    }

    private String create(String order) {
        return route.run(CREATE, order);
    }

    @Test
    void createsOneTicketForAnEventThoughItIsNotToldThatItDid() {
        tracker.opens("Somebody else's", "mia");
        tracker.losesTheNextAnswer();
        assertThat(failure(() -> create("1")).failure().rule()).isEqualTo("no answer");
        assertThat(create("1")).isEqualTo("2");
        assertThat(create("2")).isEqualTo("3");
        assertThat(tracker.changes()).hasSize(2);
        assertThat(tracker.tickets().get("2").path("Subject").asText()).isEqualTo("Order 1");
        assertThat(tracker.changes().getFirst().body())
                .contains("\"RefersTo\":\"dovetail:" + Ids.event("shop", "acme", "1") + "\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500, 503})
    void comesAgainWhenItIsRefusedForNow(int status) {
        tracker.refusesTheNextChange(AskedSystem.json(status, "{\"message\":\"later\"}"));
        assertThat(failure(() -> create("1")).failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(create("1")).isEqualTo("1");
    }

    @Test
    void parksWhatIsNeverTaken() {
        var failure = failure(() -> route.run(CREATE.replace("\"Queue\": \"General\", ", ""), "1"))
                .failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure.value()).contains("Queue not set");
    }

    @Test
    void commentsOnceForAnEvent() {
        tracker.opens("Pump 3", "mia");
        tracker.losesTheNextAnswer();
        assertThat(failure(() -> route.run(COMMENT, "1")).failure().rule()).isEqualTo("no answer");
        route.run(COMMENT, "2");
        route.run(COMMENT, "1");
        assertThat(tracker.entries("Comment")).hasSize(2);
        route.run(COMMENT.replace("-comment\n", "-comment?as=correspond\n"), "3");
        assertThat(tracker.entries("Correspond")).containsExactly("dovetail " + Ids.event("shop", "acme", "3") + "\n");
    }

    @Test
    void takesNoWordsForTheNumberOfATicket() {
        var words = COMMENT.replace("\"1\"", "\"1 OR id > 0\"");
        assertThat(failure(() -> route.run(words, "1")).failure().message())
                .contains("ticketId is no number of a ticket");
        assertThat(tracker.changes()).isEmpty();
    }

    @Test
    void movesATicketOnOnceAndSeesThatItIsNotMoved() {
        tracker.opens("Pump 3", "mia");
        tracker.losesTheNextAnswer();
        assertThat(failure(() -> route.run(RESOLVE, "1")).failure().rule()).isEqualTo("no answer");
        route.run(RESOLVE, "1");
        assertThat(tracker.changes()).hasSize(1);
        assertThat(tracker.tickets().get("1").path("Status").asText()).isEqualTo("resolved");

        var failure = failure(() -> route.run(RESOLVE.replace("resolved", "solved"), "2"))
                .failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.message()).contains("Status 'solved' isn't a valid status");
    }

    @Test
    void parksWhatIsAboutATicketThatIsGone() {
        assertThat(failure(() -> route.run(RESOLVE, "1")).failure().kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure(() -> route.run(COMMENT, "1")).failure().kind()).isEqualTo(FailureKind.REJECTED);
    }
}
