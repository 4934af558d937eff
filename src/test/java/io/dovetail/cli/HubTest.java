package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HubTest {

    private final Terminal terminal = new Terminal(Path.of("").toAbsolutePath(), Path.of("nowhere"), Map.of());

    @Test
    void suggestsWhatWasMeant() {
        assertThat(terminal.type("chekc")).isEqualTo(2);
        assertThat(terminal.err()).contains("'chekc'", "hub check").doesNotContain("Usage:");
    }

    @Test
    void explainsEveryCommandWithAnExample() {
        for (var command : leaves(terminal.commandLine())) {
            var help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);

            assertThat(help).contains("Example: hub ", "--help");
            assertThat(help.lines().count()).as(command.getCommandName()).isLessThan(30);
        }
    }

    @Test
    void namesTheConnectorsThereAre() {
        assertThat(terminal.type("check", "jria")).isEqualTo(1);
        assertThat(terminal.err()).contains("there is no connector jria", "jira, ", "partner-api, ", "sap-idoc");
    }

    @Test
    void knowsWhatIsNoEventId() {
        assertThat(terminal.type("dead", "show", "4711")).isEqualTo(2);
        assertThat(terminal.err()).contains("\"4711\" is no event's id").doesNotContain("java.");
    }

    private static List<CommandLine> leaves(CommandLine command) {
        var leaves = new ArrayList<CommandLine>();
        for (var child : command.getSubcommands().values()) {
            leaves.addAll(child.getSubcommands().isEmpty() ? List.of(child) : leaves(child));
        }
        return leaves;
    }
}
