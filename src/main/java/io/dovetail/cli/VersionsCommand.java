package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "versions",
        mixinStandardHelpOptions = true,
        header = "List the kept versions of all connectors, schemas and routes, the one that is live first.",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "",
            "A dead letter can be replayed as any of them (hub dead replay ID --as VERSION), and each can be put back to"
                    + " work (hub rollback VERSION)."
        },
        footer = {"", "Example: hub versions", "         hub versions diff c500"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class VersionsCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(names = "--json", description = "print them as JSON")
    private boolean json;

    VersionsCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var versions = Api.of(workplace, hub).get("/api/versions");
        var page = Page.of(spec);
        if (json) {
            page.line(Json.pretty(versions));
        } else {
            versions.forEach(version -> print(page, version));
            tellOfTheFiles(page, versions.path(0));
        }
        return 0;
    }

    /** What is live and what lies in the folders are two things, and whoever works with the one may mean the other. */
    private static void tellOfTheFiles(Page page, JsonNode live) {
        if (live.hasNonNull("insteadOf") && !live.path("onDisk").asBoolean()) {
            page.line(
                    page.bad(
                            "It was rolled back to: the files are others. \"hub versions diff live disk\" tells how they"
                                    + " differ. \"hub reload\" puts them to work, and so does a start once they have changed."));
        } else if (!live.path("onDisk").asBoolean()) {
            page.line(page.bad("The files are others: \"hub versions diff live disk\" tells how they differ. \"hub"
                    + " reload\" puts them to work, and so does a start."));
        }
    }

    private static void print(Page page, JsonNode version) {
        var since = version.path("liveSince").asText();
        var first = version.path("firstLiveAt").asText();
        page.line(page.bold(version.path("hash").asText()) + "  "
                + (version.hasNonNull("liveUntil")
                        ? "live from " + since + " to "
                                + version.path("liveUntil").asText()
                        : page.good("live") + " since " + since)
                + " by " + version.path("by").asText()
                + (version.hasNonNull("reason")
                        ? ", rolled back: " + version.path("reason").asText()
                        : "")
                + (version.path("onDisk").asBoolean() ? page.pale("  on disk") : "")
                + (first.equals(since) ? "" : page.pale("  first " + first)));
    }
}
