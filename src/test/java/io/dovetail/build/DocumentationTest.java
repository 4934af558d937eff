package io.dovetail.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.cli.Hub;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the pages name is there, and what is there has its line in them. */
class DocumentationTest {

    /** The launcher's own, and those that only a hub's process or a checkout has. */
    private static final Set<String> BESIDE_PICOCLI = Set.of("run", "demo", "test", "bench", "prove", "train");

    private static final Set<String> DATABASE_USERS = Set.of("hub_owner", "hub_app");

    private final Checkout checkout = Checkout.here();
    private final List<String> pages = checkout.pages();

    @Test
    void theTableOfCommandsIsThatOfTheCommandLine() {
        var commands = new TreeSet<>(BESIDE_PICOCLI);
        commands.addAll(Hub.commandLine().getSubcommands().keySet());
        assertThat(firstWords("(?m)^\\| `\\./hub ([a-z]+)", "README.md")).isEqualTo(commands);
    }

    @Test
    void everyCommandLineThatIsShownHasACommand() {
        var tree = Hub.commandLine().getSubcommands();
        var shown = pages.stream()
                .flatMap(page -> matches("\\./hub ([a-z]+(?: [a-z]+)?)", page).stream())
                .map(words -> words.split(" "))
                .toList();
        assertThat(shown).isNotEmpty().allSatisfy(words -> {
            CommandLine command = tree.get(words[0]);
            assertThat(command != null || BESIDE_PICOCLI.contains(words[0]))
                    .as(words[0])
                    .isTrue();
            if (command != null && !command.getSubcommands().isEmpty() && words.length > 1) {
                assertThat(command.getSubcommands()).containsKey(words[1]);
            }
        });
    }

    @Test
    void theTableOfSettingsHasEveryOneWithItsDefault() {
        var table = new TreeMap<String, String>();
        var rows = Pattern.compile("(?m)^\\| `HUB_[A-Z_]+` \\| `(hub\\.[a-z.-]+)` \\| (?:`([^`]*)`)?")
                .matcher(checkout.text("README.md"));
        rows.results().forEach(row -> table.put(row.group(1), String.valueOf(row.group(2))));
        var settings = settings();
        assertThat(table.keySet()).isEqualTo(settings.keySet());
        settings.forEach((key, value) -> {
            // those that lead to other settings or to nothing are described in words
            if (!value.isEmpty() && !value.contains("$") && !value.equals(".")) {
                assertThat(table).containsEntry(key, value);
            }
        });
    }

    @Test
    void theSettingsAreThoseThatTheRecordsRead() throws ClassNotFoundException {
        var read = new TreeSet<String>();
        for (var record : Map.of(
                        "hub.", "io.dovetail.HubSettings",
                        "hub.audit.", "io.dovetail.operate.AuditSettings",
                        "hub.operators.", "io.dovetail.operate.OperatorSettings",
                        "hub.kafka.", "io.dovetail.intake.queue.KafkaSettings",
                        "hub.repair.", "io.dovetail.RepairSettings",
                        "hub.keys.", "io.dovetail.KeySettings",
                        "hub.intake.", "io.dovetail.intake.IntakeSettings",
                        "hub.flow.", "io.dovetail.flow.FlowSettings")
                .entrySet()) {
            for (var component : Class.forName(record.getValue()).getRecordComponents()) {
                var name = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
                read.add(record.getKey() + name);
            }
        }
        assertThat(read).isEqualTo(settings().keySet());
    }

    @Test
    void everyEnvironmentVariableIsOneThatSomethingReads() {
        var known = new TreeSet<String>();
        settings().keySet().forEach(key -> known.add(byRule(key)));
        for (var file : List.of(
                "hub",
                "src/main/resources/application.yaml",
                "src/main/java/io/dovetail/cli/Api.java",
                "src/main/java/io/dovetail/cli/Connection.java")) {
            known.addAll(matches("\\b(HUB_[A-Z_]+)\\b", file));
        }
        for (var page : pages) {
            var named = new TreeSet<>(matches("\\b(HUB_[A-Z_]+)\\b", page));
            named.remove("HUB_ARTEMIS_URL"); // a decision says that it is not honoured yet
            named.removeIf(name -> name.startsWith("HUB_RETENTION_")); // for any class
            assertThat(known).as(page).containsAll(named);
        }
        var own = matches("\\$\\{(HUB_[A-Z_]+)", "src/main/resources/application.yaml");
        assertThat(checkout.text("README.md"))
                .contains(own.stream().map(name -> "| `" + name + "` |").toList());
    }

    @Test
    void theTableOfMetricsIsWhatTheHubMeasures() {
        var measured = checkout.mentionedInSources(Pattern.compile("(?<=\")hub_[a-z_]+(?=\")"));
        measured.removeAll(DATABASE_USERS);
        assertThat(firstWords("(?m)^\\| `(hub_[a-z_]+)` \\|", "docs/operating.md"))
                .isEqualTo(measured);
    }

    @Test
    void theTableOfTheApiIsWhatItAnswers() {
        var mappings = Pattern.compile("@(Get|Post)Mapping\\((?:path = )?\"([^\"]+)\"")
                .matcher(checkout.text("src/main/java/io/dovetail/operate/Api.java")
                        + checkout.text("src/main/java/io/dovetail/operate/ApprovalApi.java")
                        + checkout.text("src/main/java/io/dovetail/operate/ReplayApi.java")
                        + checkout.text("src/main/java/io/dovetail/operate/RepublishApi.java")
                        + checkout.text("src/main/java/io/dovetail/operate/VersionApi.java")
                        + checkout.text("src/main/java/io/dovetail/operate/AuditApi.java")
                        + checkout.text("src/main/java/io/dovetail/operate/PollApi.java")
                        + checkout.text("src/main/java/io/dovetail/operate/PauseApi.java")
                        + checkout.text("src/main/java/io/dovetail/operate/PayloadApi.java"))
                .results()
                .map(match -> match.group(1).toUpperCase(Locale.ROOT) + " /api" + match.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        var table = firstWords("(?m)^\\| `((?:GET|POST) /api/[^`?]+)[^`]*` \\|", "docs/operating.md").stream()
                .map(request -> request.replace("{eventId}", "{id}"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(table).isEqualTo(mappings);
    }

    @Test
    void everyLinkLeadsToAFileAndItsHeading() {
        for (var page : pages) {
            for (var link : matches("]\\(([^)\\s]+)\\)", page)) {
                if (link.matches("https?://.*")) {
                    continue;
                }
                var parts = link.split("#", 2);
                var target = parts[0].isEmpty()
                        ? page
                        : Path.of(page).resolveSibling(parts[0]).normalize().toString();
                assertThat(checkout.has(target)).as(page + ": " + link).isTrue();
                if (parts.length == 2) {
                    assertThat(headings(target)).as(page + ": " + link).contains(parts[1]);
                }
            }
        }
    }

    /** Keys below {@code hub:} of application.yaml with their defaults; those behind a variable's name without it. */
    private Map<String, String> settings() {
        var settings = new TreeMap<String, String>();
        gather("hub", checkout.yaml("src/main/resources/application.yaml").get("hub"), settings);
        return settings;
    }

    private static void gather(String key, JsonNode node, Map<String, String> into) {
        if (node.isEmpty() && node.isObject()) {
            into.put(key, ""); // whoever sets it chooses the names
        } else if (node.isObject()) {
            node.properties().forEach(entry -> gather(key + "." + entry.getKey(), entry.getValue(), into));
        } else if (node.isArray()) {
            into.put(key, node.valueStream().map(JsonNode::asText).collect(Collectors.joining(",")));
        } else {
            into.put(key, node.asText().replaceFirst("^\\$\\{HUB_[A-Z_]+:(.*)}$", "$1"));
        }
    }

    /** Spring Boot's rule: {@code hub.flow.batch-time} is read from {@code HUB_FLOW_BATCHTIME}. */
    private static String byRule(String key) {
        return key.replace(".", "_").replace("-", "").toUpperCase(Locale.ROOT);
    }

    /** As GitHub makes anchors of headings. */
    private Set<String> headings(String page) {
        return matches("(?m)^#+ (.+)$", page).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private Set<String> firstWords(String pattern, String page) {
        return new TreeSet<>(matches(pattern, page));
    }

    private List<String> matches(String pattern, String file) {
        return Pattern.compile(pattern)
                .matcher(checkout.text(file))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
