package io.dovetail.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "operator",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        header = "Make lines for the secret file operators, which says who may do what.",
        footer = {"", "Example: hub operator hash alice repairer"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class OperatorCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
