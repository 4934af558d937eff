package io.dovetail.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        header = "Put an earlier version of connectors, schemas and routes back to work, as a whole.",
        description = {
            "",
            "The files stay as they are. The version stays live, over restarts too, until somebody reloads, or the hub"
                    + " starts and the files have changed meanwhile.",
            "",
            "Exits with 1 and lists the problems if there are any; what was live goes on."
        },
        footer = {"", "Example: hub rollback c500 --reason 'the new mapping drops totals'"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RollbackCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(paramLabel = "VERSION", description = "its hash, or the beginning of it; \"hub versions\" lists them")
    private String version;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; it is kept")
    private @Nullable String reason;

    RollbackCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var order = Json.MAPPER.createObjectNode().put("reason", reason);
        var answer = Api.of(workplace, hub)
                .post("/api/versions/" + VersionsDiffCommand.encoded(version) + "/rollback", order);
        var page = Page.of(spec);
        page.line("Live: version " + answer.path("version").asText("unknown") + ".");
        page.line("The files are as they were. \"hub versions diff live disk\" tells how they differ, and once they are"
                + " mended, \"hub reload\" puts them to work.");
        return 0;
    }
}
