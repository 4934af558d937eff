package io.dovetail.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code hub} command without the parts that need a hub in this process ({@code run}) or the tests. */
@Command(
        name = "hub",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "Dovetail, a partner integration hub.",
        footer = {
            "",
            "In a checkout there are also: hub demo, hub bench, hub prove, hub train, hub test.",
            "hub COMMAND --help explains a command. Exit codes: 0 done, 1 not done, 2 not understood."
        })
public final class Hub implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private Hub() {}

    /** All of these commands, below {@code hub}; more may be added with {@link CommandLine#addSubcommand}. */
    public static CommandLine commandLine() {
        return commandLine(Workplace.here());
    }

    /** Without a command yet: a hub that starts needs one of them, and to describe all takes a twentieth of its start. */
    public static CommandLine bare() {
        return new CommandLine(new Hub())
                .setParameterExceptionHandler((e, arguments) -> misunderstood(e))
                .setExecutionExceptionHandler((e, commandLine, parsed) -> failed(e, commandLine));
    }

    static CommandLine commandLine(Workplace workplace) {
        var dead = new CommandLine(new DeadCommand())
                .addSubcommand(new DeadListCommand(workplace))
                .addSubcommand(new DeadGroupsCommand(workplace))
                .addSubcommand(new DeadShowCommand(workplace))
                .addSubcommand(new DeadReplayCommand(workplace))
                .addSubcommand(new DeadSkipCommand(workplace))
                .addSubcommand(new DeadDiscardCommand(workplace))
                .addSubcommand(new DeadProposalsCommand(workplace))
                .addSubcommand(new DeadApproveCommand(workplace))
                .addSubcommand(new DeadRefuseCommand(workplace));
        var create = new CommandLine(new NewCommand()).addSubcommand(new NewConnectorCommand(workplace));
        var audit = new CommandLine(new AuditCommand())
                .addSubcommand(new AuditListCommand(workplace))
                .addSubcommand(new AuditVerifyCommand(workplace));
        var versions =
                new CommandLine(new VersionsCommand(workplace)).addSubcommand(new VersionsDiffCommand(workplace));
        var operator = new CommandLine(new OperatorCommand()).addSubcommand(new OperatorHashCommand(workplace));
        return bare().addSubcommand(new CheckCommand(workplace))
                .addSubcommand(new TryCommand(workplace))
                .addSubcommand(new CatalogueCommand(workplace))
                .addSubcommand(create)
                .addSubcommand(new SendCommand(workplace))
                .addSubcommand(dead)
                .addSubcommand(new ReplayCommand(workplace))
                .addSubcommand(new RepublishCommand(workplace))
                .addSubcommand(new PauseCommand(workplace))
                .addSubcommand(new ResumeCommand(workplace))
                .addSubcommand(new DrainCommand(workplace))
                .addSubcommand(new PollsCommand(workplace))
                .addSubcommand(new BooksCommand(workplace))
                .addSubcommand(new TimelineCommand(workplace))
                .addSubcommand(new ReloadCommand(workplace))
                .addSubcommand(versions)
                .addSubcommand(new RollbackCommand(workplace))
                .addSubcommand(audit)
                .addSubcommand(operator)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(110);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int misunderstood(ParameterException e) {
        var commandLine = e.getCommandLine();
        var err = commandLine.getErr();
        err.println("hub: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try: " + commandLine.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine commandLine) throws Exception {
        if (e instanceof NotDoneException) {
            var err = commandLine.getErr();
            err.println("hub: " + e.getMessage());
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw e;
    }
}
