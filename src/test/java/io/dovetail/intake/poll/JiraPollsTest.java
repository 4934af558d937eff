package io.dovetail.intake.poll;

import static io.dovetail.intake.poll.PolledConnector.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.counterpart.JiraSearch;
import io.dovetail.ledger.Cursors.Cursor;
import io.dovetail.translate.Translated;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped connector jira asks, over the wire, of searches as Cloud and Data Center have them. */
class JiraPollsTest {

    private static final String ROUTE = "jira.issues";

    private static PolledConnector hub(JiraSearch jira, boolean isCloud) {
        return new PolledConnector(
                "jira",
                jira.secrets(),
                text -> text.replace("most: 50", "most: 3")
                        .replace("kamelet:jira-changes", "kamelet:jira-changes" + (isCloud ? "" : "?search=search")));
    }

    @ParameterizedTest
    @CsvSource({"true, UTC", "true, America/St_Johns", "false, Europe/Vienna"})
    void readsMinuteByMinuteInTheTimeZoneOfItsAccount(boolean isCloud, String zone) {
        try (var jira = new JiraSearch(zone, isCloud);
                var hub = hub(jira, isCloud)) {
            jira.made(1, "2026-05-01T11:44:59.999Z", "mia");
            // a bulk change of more than a page in one minute
            for (var number = 2; number <= 9; number++) {
                jira.made(number, "2026-04-01T08:00:00.000Z", "mia");
                jira.changed(number, 500 + number, "2026-05-01T11:51:0%d.120Z".formatted(number), "ann");
            }
            jira.made(10, "2026-05-01T11:59:30.007Z", "mia");
            hub.read(ROUTE);
            assertThat(hub.events())
                    .containsExactly(
                            "ticket.updated.v1 10002:updated:502",
                            "ticket.updated.v1 10003:updated:503",
                            "ticket.updated.v1 10004:updated:504",
                            "ticket.updated.v1 10005:updated:505",
                            "ticket.updated.v1 10006:updated:506",
                            "ticket.updated.v1 10007:updated:507",
                            "ticket.updated.v1 10008:updated:508",
                            "ticket.updated.v1 10009:updated:509",
                            "ticket.opened.v1 10010:created");
            assertThat(hub.position()).isEqualTo("{\"time\":\"2026-05-01T11:59:30.007Z\"}");
            var first = List.copyOf(hub.bodies());
            hub.read(ROUTE);
            assertThat(first)
                    .containsAll(hub.bodies().subList(first.size(), hub.bodies().size()));
        }
    }

    @Test
    void tellsEachChangeAndCommentSinceThenAsTheWebhookDoes() {
        try (var jira = new JiraSearch("UTC", true);
                var hub = hub(jira, true)) {
            jira.made(1, "2026-05-01T11:46:00.000Z", "mia");
            jira.changed(1, 601, "2026-05-01T11:47:00.000Z", "ann");
            jira.commented(1, 701, "2026-05-01T11:48:00.000Z", "mia");
            jira.changed(1, 602, "2026-05-01T11:49:00.000Z", "dovetail");
            jira.touched(1, "2026-05-01T11:52:00.500Z");
            hub.read(ROUTE);
            assertThat(hub.events())
                    .containsExactly(
                            "ticket.opened.v1 10001:created",
                            "ticket.updated.v1 10001:updated:601",
                            "ticket.commented.v1 comment_created:701:" + jira.moment("2026-05-01T11:48:00Z"),
                            "ticket.updated.v1 10001:updated:602",
                            "ticket.updated.v1 10001:updated:1777636320500");

            // as Jira itself tells it
            hub.bodies().add("""
                    {"webhookEvent": "jira:issue_updated", "timestamp": 1777636020013, "user": {"accountId": "ann"},
                     "issue": {"id": "10001"}, "changelog": {"id": "601", "items": []}}""");
            assertThat(hub.events()).hasSize(5);
            assertThat(said(hub, 0)).isEqualTo("2026-05-01T11:46:00Z mia");
            assertThat(said(hub, 1)).isEqualTo("2026-05-01T11:47:00Z ann");
            assertThat(said(hub, 2)).isEqualTo("2026-05-01T11:48:00Z mia");
            assertThat(said(hub, 3)).isEqualTo("the hub itself has written this to Jira");
        }
    }

    private static String said(PolledConnector hub, int item) {
        return switch (hub.translated(item)) {
            case Translated.Ignored ignored -> ignored.reason();
            case Translated.Said said ->
                said.event().time() + " " + said.event().data().at("/actor/id").asText();
        };
    }

    /** In Vienna, from two to three, on the night when the clock is put back. */
    @Test
    void losesNothingInAnHourThatComesTwice() {
        try (var jira = new JiraSearch("Europe/Vienna", true);
                var hub = hub(jira, true)) {
            hub.isAt(new Cursor("{\"time\":\"2026-10-25T00:20:00.000Z\"}", NOON));
            jira.made(1, "2026-10-25T00:30:00.000Z", "mia");
            hub.read(ROUTE, Instant.parse("2026-10-25T00:31:00Z"));
            jira.made(2, "2026-10-25T01:30:00.000Z", "mia");
            hub.read(ROUTE, Instant.parse("2026-10-25T01:31:00Z"));
            assertThat(hub.events())
                    .containsExactly("ticket.opened.v1 10001:created", "ticket.opened.v1 10002:created");
            assertThat(jira.searches()).containsExactly("2026-10-25 01:15 ", "2026-10-25 01:25 ");
        }
    }

    @Test
    void saysWhyItCannotReadTheOtherKindOfJira() {
        try (var jira = new JiraSearch("UTC", false);
                var hub = hub(jira, true)) {
            assertThatThrownBy(() -> hub.read(ROUTE)).hasMessageContaining("is answered with 410");
        }
    }
}
