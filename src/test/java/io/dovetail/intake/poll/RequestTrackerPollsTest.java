package io.dovetail.intake.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.counterpart.RequestTrackerDouble;
import io.dovetail.translate.Translated;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector request-tracker asks, over the wire. */
class RequestTrackerPollsTest {

    private static final String ROUTE = "request-tracker";

    private final RequestTrackerDouble tracker = new RequestTrackerDouble();
    private final PolledConnector hub =
            new PolledConnector(ROUTE, tracker.readers(), text -> text.replace("most: 10", "most: 2"));

    @AfterEach
    void close() {
        hub.close();
        tracker.close();
    }

    private void read() {
        hub.read(ROUTE);
    }

    private String said(int item) {
        return switch (hub.translated(item)) {
            case Translated.Ignored ignored -> ignored.reason();
            case Translated.Said said ->
                said.event().type() + " " + said.event().data().path("ticketId").asText();
        };
    }

    private List<String> said() {
        var all = new ArrayList<String>();
        for (var item = 0; item < hub.bodies().size(); item++) {
            all.add(said(item));
        }
        return all;
    }

    @Test
    void tellsWhatHappenedToATicketInItsOrder() {
        var id = tracker.at("2026-05-01T11:51:00Z").opens("Pump 3 loses pressure", "mia");
        tracker.enters(id, "EmailRecord", "", "", "", "<rt-1@example.com>", "RT_System");
        tracker.enters(id, "Comment", "", "", "", "", "ann");
        tracker.enters(id, "Set", "Priority", "0", "50", "", "ann");
        tracker.enters(id, "SetWatcher", "Owner", "6", "14", "", "ann");
        tracker.at("2026-05-01T11:52:00Z").enters(id, "Set", "Priority", "50", "90", "", "RT_System");
        tracker.enters(id, "Status", "Status", "new", "stalled", "", "dovetail");
        tracker.enters(id, "Status", "Status", "stalled", "resolved", "", "ann");
        read();
        assertThat(said())
                .containsExactly(
                        "ticket.opened.v1 1",
                        "ticket.commented.v1 1",
                        "ticket.updated.v1 1",
                        "nothing happened to a ticket by this",
                        "ticket.escalated.v1 1",
                        "the hub itself has written this to Request Tracker",
                        "ticket.resolved.v1 1");
        assertThat(hub.position()).isEqualTo("{\"time\":\"2026-05-01T11:52:00.000Z\"}");

        // read again, with the ticket as it is by now, all is known
        tracker.at("2026-05-01T11:52:30Z").enters(id, "Status", "Status", "resolved", "open", "", "ann");
        read();
        assertThat(hub.events()).hasSize(8).last().isEqualTo("ticket.updated.v1 41");
    }

    @Test
    void losesNothingOfManyTicketsInOneSecondAndOfLongHistories() {
        tracker.at("2026-05-01T11:49:00Z");
        for (var number = 0; number < 5; number++) {
            tracker.opens("Pump " + number, "mia");
        }
        tracker.at("2026-05-01T11:55:00Z");
        for (var number = 0; number < 120; number++) {
            tracker.enters("3", "Set", "TimeWorked", "" + number, "" + (number + 1), "", "ann");
        }
        tracker.opens("Pump 6", "mia");
        read();
        assertThat(hub.events()).hasSize(126);
    }

    /** It is left out of a page after that was made, and no total tells. */
    @Test
    void findsItsWayThroughWhatTheReaderMayNotSee() {
        var id = tracker.at("2026-05-01T11:51:00Z").opens("Pump 3", "mia");
        for (var number = 0; number < 99; number++) {
            tracker.hides(tracker.enters(id, "Comment", "", "", "", "", "ann"));
        }
        tracker.enters(id, "Status", "Status", "new", "resolved", "", "ann");
        read();
        assertThat(hub.events()).containsExactly("ticket.opened.v1 33", "ticket.resolved.v1 133");
    }

    @Test
    void doesNotAskForTimesThatWouldBeReadAsOthers() {
        tracker.isInZone("Asia/Tokyo");
        assertThatThrownBy(this::read)
                .hasMessageContaining("set the time zone of the hub's account in Request Tracker to UTC")
                .hasMessageContaining("Asia/Tokyo");
        assertThat(hub.position()).isEqualTo("{\"time\":\"2026-05-01T11:50:00.000Z\"}");
    }
}
