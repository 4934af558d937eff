package io.dovetail.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        header = "Let go on what \"hub pause\" has stopped: in order, and from where it was.",
        footer = {"", "Example: hub resume connector jira --reason 'they are done'"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ResumeCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Mixin
    private PauseCommand.Stopped stopped;

    ResumeCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        PauseCommand.print(Page.of(spec), Api.of(workplace, hub).post("/api/pauses/resume", stopped.order()));
        return 0;
    }
}
