package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show why an event is parked, what was tried with it, its text, and what may be done.",
        footer = {"", "Example: hub dead show 0b5f2a54-6d0f-5a8e-9a53-2f0a7c1f8f11"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadShowCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(paramLabel = "EVENTID", converter = EventId.class, description = "as \"hub dead list\" shows it")
    private UUID id;

    @Option(names = "--json", description = "print it as JSON")
    private boolean json;

    DeadShowCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var letter = Api.of(workplace, hub).get("/api/dead-letters/" + id);
        var page = Page.of(spec);
        if (json) {
            page.line(Json.pretty(letter));
            return 0;
        }
        page.line(page.bold(letter.path("id").asText())
                + page.pale("  delivery " + letter.path("delivery").asText()));
        for (var name : List.of("connector", "sender", "type", "key", "acceptedAt", "parkedAt", "waiting")) {
            field(page, name, letter.path(name));
        }
        page.field("group", letter.path("fingerprint").asText());
        var then = letter.path("mappingVersion").asText();
        var now = letter.path("liveVersion").asText();
        page.field("version", then + (then.equals(now) ? ", which is live" : "; live is " + now));
        page.line();
        for (var name : List.of("kind", "place", "rule", "value", "message", "detail")) {
            field(page, name, letter.path("failure").path(name));
        }
        if (!letter.path("steps").isEmpty()) {
            page.line();
            letter.path("steps").forEach(step -> page.line("  " + Timelines.step(step)));
        }
        page.line();
        page.line(letter.path("body").asText().stripTrailing());
        page.line();
        if (letter.path("proposal").isObject()) {
            ProposalPage.print(page, id, letter.path("proposal"));
        }
        waysOut(page, then, now, letter.path("needsApproval").asBoolean());
        return 0;
    }

    private void waysOut(Page page, String then, String now, boolean needsApproval) {
        var replay = "hub dead replay " + id + " --reason '…'";
        page.line(page.pale("to try it again, with --patch or --text for an edit"
                + (needsApproval ? ", which another operator has to approve:" : ":")));
        page.line("  " + replay);
        if (!then.equals(now)) {
            page.line(page.pale("as the version says it that parked it, " + then + ":"));
            page.line("  " + replay + " --as then");
        }
        page.line(page.pale("as another version says it, of those that \"hub versions\" lists:"));
        page.line("  " + replay + " --as VERSION");
        page.line(page.pale("to end it:"));
        page.line("  hub dead discard " + id + " --reason '…'");
    }

    private static void field(Page page, String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            page.field(name, value.asText().strip());
        }
    }
}
