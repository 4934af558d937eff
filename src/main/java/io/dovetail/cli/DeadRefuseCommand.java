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
        name = "refuse",
        mixinStandardHelpOptions = true,
        header = "Refuse a proposed edit of a dead letter, which stays parked.",
        footer = {"", "Example: hub dead refuse 0b5f2a54-6d0f-5a8e-9a53-2f0a7c1f8f11 --reason 'the contract says 12.50'"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadRefuseCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(paramLabel = "EVENTID", converter = EventId.class, description = "as \"hub dead proposals\" shows it")
    private UUID id;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why; it is kept")
    private String reason;

    DeadRefuseCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var order = Json.MAPPER.createObjectNode().put("reason", reason);
        Api.of(workplace, hub).post("/api/dead-letters/" + id + "/refuse", order);
        Page.of(spec).line("Refused. " + id + " stays parked.");
        return 0;
    }
}
