package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List dead letters, the oldest first.",
        footer = {"", "Example: hub dead list --connector jira"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadListCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(names = "--connector", paramLabel = "NAME", description = "of this connector only")
    private @Nullable String connector;

    @Option(names = "--group", paramLabel = "FINGERPRINT", description = "only those that failed in this one way")
    private @Nullable String group;

    @Option(names = "--json", description = "print them as JSON")
    private boolean json;

    DeadListCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var page = Page.of(spec);
        var letters = letters(Api.of(workplace, hub));
        if (json) {
            var all = Json.MAPPER.createObjectNode();
            all.putArray("deadLetters").addAll(letters);
            page.line(Json.pretty(all));
        } else if (letters.isEmpty()) {
            page.line("No dead letters.");
        } else {
            letters.forEach(letter -> print(page, letter));
            page.line(letters.size() + (letters.size() == 1 ? " dead letter." : " dead letters.")
                    + " \"hub dead show ID\" tells all about one.");
        }
        return 0;
    }

    private List<JsonNode> letters(Api api) {
        var query = new ArrayList<>(Pages.query("connector", connector));
        query.addAll(Pages.query("group", group));
        return Pages.all(api, "/api/dead-letters", "deadLetters", query);
    }

    private static void print(Page page, JsonNode letter) {
        var failure = letter.path("failure");
        var waiting = letter.path("waiting").asLong();
        page.line(page.bold(letter.path("id").asText()) + "  "
                + letter.path("connector").asText() + "  "
                + letter.path("type").asText("unknown kind") + "  "
                + letter.path("key").asText("no key")
                + page.pale("  since " + letter.path("parkedAt").asText() + "  group "
                        + letter.path("fingerprint").asText()));
        page.line("    " + page.bad(failure.path("kind").asText()) + " at "
                + failure.path("place").asText() + ": "
                + failure.path("message").asText()
                + (waiting == 0
                        ? ""
                        : page.bad("  " + waiting + " later " + (waiting == 1 ? "event waits" : "events wait"))));
    }
}
