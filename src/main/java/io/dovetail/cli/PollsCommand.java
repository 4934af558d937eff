package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "polls",
        mixinStandardHelpOptions = true,
        header = "Tell how far the systems are read that the hub asks for news, or let one be read anew.",
        description = {
            "",
            "With --from, all that has changed since then is asked for again. What the hub has had is a duplicate."
        },
        footer = {
            "",
            "Example: hub polls",
            "         hub polls sap-s4.sales-orders --from 7d --reason 'to compare, after the gap'"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PollsCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(index = "0", arity = "0..1", paramLabel = "POLL", description = "the route that asks")
    @Nullable
    private String poll;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Since.class,
            description = "read it anew from then on: 2h, 7d, 2026-03-11 or 2026-03-11T10:00:00Z")
    @Nullable
    private Instant from;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; it is kept")
    @Nullable
    private String reason;

    PollsCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        if ((poll == null) != (from == null)) {
            throw new ParameterException(spec.commandLine(), "Name the poll and --from, or neither.");
        }
        var api = Api.of(workplace, hub);
        print(Page.of(spec), from == null ? api.get("/api/polls") : api.post("/api/polls/read-anew", order(from)));
        return 0;
    }

    private JsonNode order(Instant since) {
        return Json.MAPPER
                .createObjectNode()
                .put("poll", poll)
                .put("from", since.toString())
                .put("reason", reason);
    }

    private static void print(Page page, JsonNode answer) {
        var polls = answer.path("polls");
        if (polls.isEmpty()) {
            page.line("No system is asked for news.");
        }
        polls.forEach(one -> page.line("%s  %s%s"
                .formatted(
                        one.path("poll").asText(),
                        one.has("readAt")
                                ? "read to its end at " + one.path("readAt").asText() + ", on from "
                                        + one.path("position")
                                : "never asked",
                        one.has("obstacle") ? ": " + one.path("obstacle").asText() : "")));
    }
}
