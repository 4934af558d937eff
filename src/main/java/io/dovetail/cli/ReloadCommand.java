package io.dovetail.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        header = "Let the running hub check its files and put them to work, all of them or none.",
        description = {"", "Exits with 1 and lists the problems if there are any; what was live goes on."},
        footer = {"", "Example: hub reload"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReloadCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    ReloadCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var answer = Api.of(workplace, hub).post("/api/reload", null);
        Page.of(spec).line("Live: version " + answer.path("version").asText("unknown") + ".");
        return 0;
    }
}
