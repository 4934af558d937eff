package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.TestHub;
import io.dovetail.check.Tree;
import io.dovetail.harness.FreshData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's way from nothing to a published event, typed as it stands there. */
class FiveMinutesTest {

    private static final Pattern CHAPTER = Pattern.compile("(?s)\n## Add a connector in five minutes\n(.*?)\n## ");
    private static final Pattern FILE = Pattern.compile("(?s)cat > (\\S+) <<'END'\n(.*?)\nEND\n");
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\$ \\./hub (.*)$");

    @TempDir
    private Path root;

    @Test
    void leadsFromNothingToAPublishedEvent() throws IOException {
        Tree.of(root);
        var data = root.resolve("data");
        var chapter = CHAPTER.matcher(Files.readString(Path.of("README.md")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        for (var file : FILE.matcher(chapter).results().toList()) {
            Files.writeString(root.resolve(file.group(1)), file.group(2) + "\n");
        }
        var commands =
                COMMAND.matcher(chapter).results().map(line -> line.group(1)).toList();
        var run = commands.indexOf("run &");
        assertThat(run).isPositive();
        var terminal = new Terminal(root, data, Map.of());

        for (var command : commands.subList(0, run)) {
            assertThat(type(terminal, command))
                    .as(command + "\n" + terminal.out() + terminal.err())
                    .isZero();
        }

        FreshData.into(data);
        var settings = Map.<String, Object>of(
                "server.port",
                0,
                "management.server.port",
                0,
                "hub.amqp-port",
                0,
                "hub.min-disk-free",
                "1MB",
                "hub.root",
                root.toString(),
                "hub.data",
                data.toString());
        try (var hub = TestHub.start(settings)) {
            assertThat(hub.isRunning()).isTrue();
            for (var command : commands.subList(run + 1, commands.size())) {
                // the answer comes before the event is on the bus
                await(command)
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> type(terminal, command) == 0
                                && (!command.startsWith("timeline")
                                        || terminal.out().matches("(?s).*Z +published.*")));
            }
            assertThat(terminal.out()).contains("ticket.opened.v1", "published, triggers ticket-escalation");
        }
    }

    /** Files are named from where the reader is: in the checkout. */
    private int type(Terminal terminal, String command) {
        List<String> words = Arrays.stream(command.split(" "))
                .map(word -> Files.isRegularFile(root.resolve(word))
                        ? root.resolve(word).toString()
                        : word)
                .toList();
        return terminal.type(words.toArray(String[]::new));
    }
}
