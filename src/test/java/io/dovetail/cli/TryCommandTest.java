package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.check.DealdeskExample;
import io.dovetail.check.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TryCommandTest {

    private static final Path CHECKOUT = Path.of("").toAbsolutePath();

    private final Terminal terminal = new Terminal(CHECKOUT, Path.of("nowhere"), Map.of());

    @Test
    void explainsWhatIsPublishedAndTriggered() {
        assertThat(terminal.type("try", "jira", "cloud-issue-raised-to-highest"))
                .isZero();
        assertThat(terminal.out())
                .containsPattern("rule +connectors/jira/connector.yaml:\\d+")
                .containsPattern("id +\\d+:updated:\\d+")
                .containsPattern("keys +ticket = ")
                .containsPattern("contract +kept +schemas/jira/issue-event.v1.schema.json")
                .containsPattern("mapping +connectors/jira/mappings/issue.jslt")
                .containsPattern("says +ticket.updated.v1")
                .contains("\"priority\": \"Highest\"")
                .containsPattern("triggers +ticket-escalation, urgent, due PT1H +routes/triggers/tickets.camel.yaml")
                .doesNotContain("\u001b");
    }

    @Test
    void tellsWhereAnEventBreaksItsContract() {
        assertThat(terminal.type("try", "sap-idoc", "composite-one-broken")).isEqualTo(1);
        assertThat(terminal.out())
                .containsPattern("parked +CONTRACT at line \\d+, /ORDERS05/IDOC/1/E1EDP01/0/MENGE")
                .containsPattern("value +two");
    }

    @Test
    void tellsWhereADeliveryIsMalformed(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("x.json"), "{\n  \"a\": \n");

        assertThat(terminal.type("try", "jira", file.toString())).isEqualTo(1);
        assertThat(terminal.out()).containsPattern("refused +nothing is stored: .*line \\d");
    }

    @Test
    void letsASenderSpeakAsItselfOnly() {
        assertThat(terminal.type("try", "partner-api", "other-sender", "--sender", "globex"))
                .isZero();
        assertThat(terminal.type("try", "partner-api", "other-sender", "--sender", "acme"))
                .isEqualTo(1);
        assertThat(terminal.out()).containsPattern("broken +sender").containsPattern("value +globex");
    }

    @Test
    void writesWhatASampleMustHold() throws Exception {
        var sample = CHECKOUT.resolve("connectors/jira/samples/cloud-issue-raised-to-highest/events.json");

        assertThat(terminal.type("try", "jira", "cloud-issue-raised-to-highest", "--events"))
                .isZero();
        assertThat(Json.read(terminal.out())).isEqualTo(Json.read(Files.readString(sample)));
    }

    @Test
    void asksNobodyButTheSamplesAnswers(@TempDir Path root) throws Exception {
        DealdeskExample.addTo(Tree.of(root), DealdeskExample.CRM);
        var beside = new Terminal(root, Path.of("nowhere"), Map.of());

        assertThat(beside.type("try", "dealdesk", "gold")).isZero();
        assertThat(beside.out()).contains("\"partnerTier\": \"gold\"");
        assertThat(beside.type("try", "dealdesk", "crm-is-away")).isZero();
        assertThat(beside.out())
                .containsPattern("waits +EXTERNAL at GET https://crm.example.com/api/partners/")
                .contains("connection refused");

        var delivery = root.resolve("connectors/dealdesk/samples/gold/delivery.json");
        assertThat(beside.type("try", "dealdesk", delivery.toString())).isEqualTo(1);
        assertThat(beside.out())
                .contains("there is no answer to GET https://crm.example.com/api/partners/P-77?fields=name,tier");
        var answers = Files.writeString(root.resolve("other.json"), "[{\"body\": {\"tier\": \"Platinum\"}}]");
        assertThat(beside.type("try", "dealdesk", delivery.toString(), "--answers", answers.toString()))
                .isZero();
        assertThat(beside.out()).contains("\"partnerTier\": \"platinum\"");
        Files.writeString(answers, "{}");
        assertThat(beside.type("try", "dealdesk", delivery.toString(), "--answers", answers.toString()))
                .isEqualTo(1);
        assertThat(beside.err()).contains("other.json").contains("is a list");
    }

    @Test
    void namesTheSamplesThereAre() {
        assertThat(terminal.type("try", "jira", "nothing")).isEqualTo(1);
        assertThat(terminal.err()).contains("neither a file nor a sample nothing", "issue-deleted");
    }
}
