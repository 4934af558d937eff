package io.dovetail.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "discard",
        mixinStandardHelpOptions = true,
        header = "End a dead letter for good; later events of its key go on. The original stays in the books.",
        footer = {
            "",
            "Example: hub dead discard 0b5f2a54-6d0f-5a8e-9a53-2f0a7c1f8f11 --reason 'a test of theirs'",
            "         hub dead discard --connector jira --key OPS-12 --reason 'the ticket is gone'"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadDiscardCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Mixin
    private Chosen chosen;

    DeadDiscardCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        Page.of(spec).line("Discarded " + chosen.carryOut(Api.of(workplace, hub), "discard") + ".");
        return 0;
    }
}
