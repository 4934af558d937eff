package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "republish",
        mixinStandardHelpOptions = true,
        header = "Publish again what was published, in order and under the same ids; without a reason, tell how much.",
        description = {"", "Goes on by itself, over restarts too; \"hub replay list|show|pause|resume|cancel\" has it."
        },
        footer = {"", "Example: hub republish --from 2026-05-01T02:00:00Z --to 2026-05-01T04:00:00Z --consumer workflow"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RepublishCommand implements Callable<Integer> {

    // a count reads the whole history
    private static final Duration PATIENCE = Duration.ofMinutes(11);

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(names = "--from", required = true, paramLabel = "INSTANT", description = "published then or later")
    private Instant from;

    @Option(names = "--to", paramLabel = "INSTANT", description = "published before; now unless given")
    private @Nullable Instant to;

    @Option(names = "--address", paramLabel = "NAME", description = "hub.events or hub.triggers; both unless given")
    private @Nullable String address;

    @Option(names = "--consumer", paramLabel = "NAME", description = "only this one hears it")
    private @Nullable String consumer;

    @Option(names = "--queue", paramLabel = "NAME", description = "only this queue, as hub.events::workflow")
    private @Nullable String queue;

    @Option(names = "--connector", paramLabel = "NAME", description = "only what this connector brought")
    private @Nullable String connector;

    @Option(names = "--key", paramLabel = "KEY", description = "only this ordering key")
    private @Nullable String key;

    @Option(names = "--rate", paramLabel = "N", description = "events a second; 200 unless given")
    private @Nullable Integer rate;

    @Option(names = "--canary", paramLabel = "N", description = "stop after the first N")
    private @Nullable Integer canary;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, and do it; it is kept")
    private @Nullable String reason;

    RepublishCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var page = Page.of(spec);
        var order = Json.MAPPER
                .createObjectNode()
                .put("from", from.toString())
                .put("before", to == null ? null : to.toString())
                .put("address", address)
                .put("consumer", consumer)
                .put("queue", queue)
                .put("connector", connector)
                .put("key", key)
                .put("rate", rate)
                .put("canary", canary)
                .put("reason", reason)
                .put("count", reason == null);
        var answer = Api.of(workplace, hub).post("/api/republications", order, PATIENCE);
        if (reason == null) {
            page.line("%d events, as %d messages, would be published again to %s."
                    .formatted(
                            answer.path("events").asLong(),
                            answer.path("messages").asLong(),
                            to(answer)));
            page.line("Nothing was. Say why, with --reason, and it is done.");
        } else {
            ReplayCommand.print(page, answer);
            page.line("\"hub replay show " + answer.path("id").asText() + "\" tells how far it is.");
        }
        return 0;
    }

    /** Who hears it. */
    static String to(JsonNode answer) {
        return StreamSupport.stream(answer.path("to").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "));
    }
}
