package io.dovetail.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        header =
                "Look at dead letters, which are parked events, replay, skip or discard them, and approve edits of them.",
        footer = {"", "Example: hub dead list"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class DeadCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
