package io.dovetail.cli;

import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        header = "Let an edit that another operator proposed take effect; the event goes on its way again.",
        footer = {
            "",
            "Example: hub dead approve 0b5f2a54-6d0f-5a8e-9a53-2f0a7c1f8f11 \\",
            "             --proposal 5d1c8b1e-3f0a-4b7c-9e60-6f1d2c3b4a59",
            "\"hub dead show EVENTID\" shows the edit, and this command for it."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadApproveCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(paramLabel = "EVENTID", converter = EventId.class, description = "as \"hub dead proposals\" shows it")
    private UUID id;

    @Option(
            names = "--proposal",
            paramLabel = "ID",
            required = true,
            description = "the edit you have looked at: its author may have put another one in its place since")
    private UUID proposal;

    DeadApproveCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var order = Json.MAPPER.createObjectNode().put("proposal", proposal.toString());
        Api.of(workplace, hub).post("/api/dead-letters/" + id + "/approve", order);
        Page.of(spec).line("Approved. \"hub timeline " + id + "\" shows what becomes of it.");
        return 0;
    }
}
