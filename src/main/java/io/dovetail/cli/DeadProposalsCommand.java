package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "proposals",
        mixinStandardHelpOptions = true,
        header = "List edits of dead letters that wait for an approver, in the order their events were accepted.",
        footer = {"", "Example: hub dead proposals --connector sap-idoc"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadProposalsCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(names = "--connector", paramLabel = "NAME", description = "of this connector only")
    private @Nullable String connector;

    @Option(names = "--json", description = "print them as JSON")
    private boolean json;

    DeadProposalsCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var page = Page.of(spec);
        var proposals = Pages.all(
                Api.of(workplace, hub),
                "/api/dead-letters/proposals",
                "proposals",
                Pages.query("connector", connector));
        if (json) {
            var all = Json.MAPPER.createObjectNode();
            all.putArray("proposals").addAll(proposals);
            page.line(Json.pretty(all));
        } else if (proposals.isEmpty()) {
            page.line("No edit waits for an approval.");
        } else {
            proposals.forEach(proposal -> print(page, proposal));
            page.line("\"hub dead show ID\" shows what would change, and how to approve or refuse it.");
        }
        return 0;
    }

    private static void print(Page page, JsonNode proposal) {
        page.line(page.bold(proposal.path("id").asText()) + "  "
                + proposal.path("connector").asText() + "  "
                + proposal.path("type").asText("unknown kind") + "  "
                + proposal.path("key").asText("no key"));
        page.line("    proposed by " + proposal.path("by").asText() + ": "
                + proposal.path("reason").asText()
                + page.pale("  " + proposal.path("at").asText()));
    }
}
