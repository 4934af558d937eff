package io.dovetail.e2e;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.camel.ShopRoute;
import io.dovetail.counterpart.JiraDouble;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped Kamelets that write to Jira, in a shop's route, over the wire. */
class JiraIssuesTest {

    private final JiraDouble jira = new JiraDouble();
    private final ShopRoute route = new ShopRoute("jira", jira.secrets(), "$lookup.issueKey");

    @AfterEach
    void close() {
        route.close();
        jira.close();
    }

    private static final String CREATE = set("issue", """
                {
                  "project": { "key": "PUMP" },
                  "issuetype": { "name": "Task" },
                  "summary": "Order " + .order.number,
                  "labels": ["shop"]
                }""") + "- to: kamelet:jira-create-issue\n";

    private static final String ISSUE = set("issueKey", "\"PUMP-1\"");

    private static final String COMMENT =
            ISSUE + set("comment", "\"Order \" + .order.number + \" is on its way\"") + "- to: kamelet:jira-comment\n";

    private static final String START = ISSUE + set("status", "\"In Progress\"") + "- to: kamelet:jira-transition\n";

    private String create(String order) {
        return route.run(CREATE, order);
    }

    private void comment(String order) {
        route.run(COMMENT, order);
    }

    private void start(String order) {
        route.run(START, order);
    }

    private static String label(String order) {
        return "dovetail-" + Ids.event("shop", "acme", order);
    }

    @Test
    void createsOneIssueForAnEventThoughItIsNotToldThatItDid() {
        jira.losesTheNextAnswer();
        var failure = failure(() -> create("1"));
        assertThat(failure.failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        // what is searched for is found some seconds after it was made
        assertThat(failure.notBefore()).isEqualTo(ShopRoute.DEADLINE);
        assertThat(create("1")).isEqualTo("PUMP-1");
        assertThat(create("2")).isEqualTo("PUMP-2");
        assertThat(jira.changes()).hasSize(2);
        assertThat(jira.issues().get("PUMP-1").at("/fields/labels"))
                .extracting(JsonNode::asText)
                .containsExactly("shop", label("1"));
        assertThat(jira.issues().get("PUMP-1").at("/fields/summary").asText()).isEqualTo("Order 1");
    }

    /** Whose labels are the same, but who is not the hub's. */
    @Test
    void takesNoCloneForItsOwnIssue() {
        jira.has("PUMP-1", label("1"));
        assertThat(create("1")).isEqualTo("PUMP-2");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500, 503})
    void comesAgainWhenItIsRefusedForNow(int status) {
        jira.refusesTheNextChange(AskedSystem.json(status, JiraDouble.error("later")));
        assertThat(failure(() -> create("1")).failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(create("1")).isEqualTo("PUMP-1");
    }

    @Test
    void parksWhatIsNeverTaken() {
        jira.refusesTheNextChange(AskedSystem.json(
                400,
                "{\"errorMessages\": [], \"errors\": {\"labels\": \"Field 'labels' cannot be set. It is not on the appropriate"
                        + " screen, or unknown.\"}}"));
        var failure = failure(() -> create("1")).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure.value()).contains("not on the appropriate screen");
    }

    @Test
    void commentsOnceForAnEventWhoeverCommentsMeanwhile() {
        jira.has("PUMP-1");
        jira.losesTheNextAnswer();
        assertThat(failure(() -> comment("1")).failure().rule()).isEqualTo("no answer");
        comment("2");
        comment("1");
        comment("2");
        assertThat(jira.comments("PUMP-1")).containsExactly("Order 1 is on its way", "Order 2 is on its way");
    }

    @Test
    void movesAnIssueOnOnceForAnEventThoughSomebodyMovesItBack() {
        jira.has("PUMP-1");
        jira.losesTheNextAnswer();
        assertThat(failure(() -> start("1")).failure().rule()).isEqualTo("no answer");
        assertThat(jira.status("PUMP-1")).isEqualTo("In Progress");
        start("1");
        start("2");
        assertThat(jira.changes()).hasSize(1);
        jira.moves("PUMP-1", "To Do");
        start("1");
        assertThat(jira.status("PUMP-1")).isEqualTo("To Do");
        start("3");
        assertThat(jira.status("PUMP-1")).isEqualTo("In Progress");
    }

    @Test
    void commentsAndMovesForTheSameEvent() {
        jira.has("PUMP-1");
        route.run(COMMENT + START, "1");
        route.run(COMMENT + START, "1");
        assertThat(jira.comments("PUMP-1")).hasSize(1);
        assertThat(jira.status("PUMP-1")).isEqualTo("In Progress");
        assertThat(jira.issues().get("PUMP-1").at("/properties/dovetail/done")).hasSize(2);
    }

    @Test
    void parksAMoveThatTheWorkflowDoesNotHave() {
        jira.has("PUMP-1");
        jira.moves("PUMP-1", "Done");
        var failure = failure(() -> start("1")).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.message()).contains("leads from Done to In Progress");
    }

    @Test
    void parksWhatIsAboutAnIssueThatIsGone() {
        assertThat(failure(() -> comment("1")).failure().kind()).isEqualTo(FailureKind.REJECTED);
    }
}
