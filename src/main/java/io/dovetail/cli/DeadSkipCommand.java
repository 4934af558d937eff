package io.dovetail.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "skip",
        mixinStandardHelpOptions = true,
        header = "Let later events of its key go on without a dead letter, which stays one and holds nobody any more.",
        footer = {
            "",
            "Example: hub dead skip 0b5f2a54-6d0f-5a8e-9a53-2f0a7c1f8f11 --reason 'order agreed by telephone'",
            "         hub dead skip --connector jira --key OPS-12 --reason 'the rest cannot wait'"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadSkipCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Mixin
    private Chosen chosen;

    DeadSkipCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        Page.of(spec).line("Skipped " + chosen.carryOut(Api.of(workplace, hub), "skip") + ".");
        return 0;
    }
}
