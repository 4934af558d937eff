package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        header =
                "Stop the intake, a connector, a key, triggers or the relay for a time; without a word, tell what is stopped.",
        description = {
            "",
            "intake: no delivery is taken in (503), and what the hub has goes its way. connector NAME: its deliveries are accepted, and its events wait. key CONNECTOR/KEY: only those of this"
                    + " ordering key wait. trigger WORKFLOW: events are published, and what would set off this"
                    + " workflow is kept back. relay: the bus is told nothing.",
            "",
            "Nothing is lost and every order is kept. It stays so over restarts, until \"hub resume\"."
        },
        footer = {
            "",
            "Example: hub pause connector jira --reason 'their migration, until Monday'",
            "         hub pause key jira/OPS-12 --reason 'held until its owner is back'",
            "         hub pause trigger claim-triage --reason 'the workflow is broken'",
            "         hub pause"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PauseCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Mixin
    private Stopped stopped;

    PauseCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    /** What is, or is to be, stopped. */
    static final class Stopped {

        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "WHAT",
                description = "intake, connector, key, trigger or relay")
        @Nullable
        String what;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "NAME",
                description = "of the connector, CONNECTOR/KEY, or of the workflow that the triggers set off")
        @Nullable
        String name;

        @Option(names = "--reason", paramLabel = "TEXT", description = "why; it is kept")
        @Nullable
        String reason;

        JsonNode order() {
            return Json.MAPPER
                    .createObjectNode()
                    .put("what", what)
                    .put("name", name)
                    .put("reason", reason);
        }
    }

    @Override
    public Integer call() {
        var api = Api.of(workplace, hub);
        print(Page.of(spec), stopped.what == null ? api.get("/api/pauses") : api.post("/api/pauses", stopped.order()));
        return 0;
    }

    static void print(Page page, JsonNode answer) {
        var pauses = answer.path("pauses");
        if (pauses.isEmpty()) {
            page.line("Nothing is paused.");
        }
        pauses.forEach(pause -> page.line("%s paused since %s by %s: %s"
                .formatted(
                        (pause.path("what").asText() + " " + pause.path("name").asText()).strip(),
                        pause.path("at").asText(),
                        pause.path("by").asText(),
                        pause.path("reason").asText())));
    }
}
