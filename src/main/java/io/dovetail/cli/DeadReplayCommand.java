package io.dovetail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        header = "Send a dead letter on its way again, as it is or edited; later events of its key follow in order.",
        footer = {
            "",
            "Example: hub dead replay 0b5f2a54-6d0f-5a8e-9a53-2f0a7c1f8f11 --reason 'mapping repaired'",
            "         hub dead replay 0b5f2a54-… --reason 'amount as agreed by telephone' \\",
            "             --patch '[{\"op\": \"replace\", \"path\": \"/data/amount\", \"value\": \"12.50\"}]'",
            "         hub dead replay 0b5f2a54-… --reason 'agreed before the new mapping' --as then"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeadReplayCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(paramLabel = "EVENTID", converter = EventId.class, description = "as \"hub dead list\" shows it")
    private UUID id;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why; it is kept")
    private String reason;

    @Option(
            names = "--as",
            paramLabel = "now|then|VERSION",
            description =
                    "by which version of connectors, schemas and routes: the live one (now), the one that parked it"
                            + " (then), or one that \"hub versions\" lists, by its hash or the beginning of it")
    private @Nullable String as;

    @ArgGroup
    private @Nullable Edit edit;

    static final class Edit {

        @Option(
                names = "--patch",
                paramLabel = "JSON|FILE",
                description = "a JSON Patch (RFC 6902) of the event's own part of the delivery")
        @Nullable
        String patch;

        @Option(names = "--text", paramLabel = "FILE", description = "the text to take instead of the delivery's")
        @Nullable
        Path text;
    }

    DeadReplayCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var order = Json.MAPPER.createObjectNode().put("reason", reason);
        if (edit != null && edit.patch != null) {
            var patch = Json.read(edit.patch.startsWith("[") ? edit.patch : read(Path.of(edit.patch)));
            if (!patch.isArray()) {
                throw new NotDoneException("the patch is no JSON Patch: a list such as"
                        + " [{\"op\": \"replace\", \"path\": \"/data/amount\", \"value\": \"12.50\"}]");
            }
            order.set("patch", patch);
        } else if (edit != null && edit.text != null) {
            order.put("text", read(edit.text));
        }
        if (as != null) {
            order.put("as", as);
        }
        var api = Api.of(workplace, hub);
        var delivery = api.get("/api/dead-letters/" + id).path("delivery").asText();
        var answer = api.post("/api/dead-letters/" + id + "/replay", order);
        Page.of(spec)
                .line(
                        answer.path("status").asText().equals("proposed")
                                ? "Proposed. Another operator, an approver, has to look at it; it is parked until then."
                                        + " \"hub dead show " + id + "\" shows him what would change."
                                : "Replayed " + id + ". \"hub timeline " + delivery + "\" shows what becomes of it.");
        return 0;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new NotDoneException(file + " cannot be read: " + e.getMessage());
        }
    }
}
