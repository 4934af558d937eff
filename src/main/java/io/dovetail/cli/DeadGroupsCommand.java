package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "groups",
        mixinStandardHelpOptions = true,
        header = "Show dead letters by what went wrong with them, the largest group first.",
        footer = {"", "Example: hub dead groups --connector jira"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadGroupsCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(names = "--connector", paramLabel = "NAME", description = "of this connector only")
    private @Nullable String connector;

    @Option(names = "--json", description = "print them as JSON")
    private boolean json;

    DeadGroupsCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var page = Page.of(spec);
        var query = connector == null ? "" : "?connector=" + URLEncoder.encode(connector, StandardCharsets.UTF_8);
        var answer = Api.of(workplace, hub).get("/api/dead-letters/groups" + query);
        if (json) {
            page.line(Json.pretty(answer));
        } else if (answer.path("groups").isEmpty()) {
            page.line("No dead letters.");
        } else {
            answer.path("groups").forEach(group -> print(page, group));
            page.line(
                    "\"hub dead show ID\" tells all about a sample; \"hub replay start --group GROUP --reason …\" sends all"
                            + " of a group on their way again.");
        }
        return 0;
    }

    private static void print(Page page, JsonNode group) {
        var failure = group.path("failure");
        var count = group.path("count").asLong();
        var keys = group.path("keysHeld").asLong();
        page.line(page.bold(group.path("fingerprint").asText()) + "  "
                + page.bad(count + (count == 1 ? " event" : " events")) + "  "
                + group.path("connector").asText() + "  "
                + group.path("type").asText("unknown kind")
                + (keys == 0 ? "" : "  " + keys + (keys == 1 ? " key held" : " keys held"))
                + page.pale("  " + group.path("firstParkedAt").asText() + " to "
                        + group.path("lastParkedAt").asText()));
        page.line("    " + page.bad(failure.path("kind").asText()) + " at "
                + failure.path("place").asText() + ": "
                + failure.path("message").asText());
        page.line(page.pale(
                "    first shown by version " + group.path("mappingVersion").asText() + ", sample "
                        + group.path("sample").asText()));
    }
}
