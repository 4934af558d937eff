package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "timeline",
        mixinStandardHelpOptions = true,
        header = "Show what happened to everything that a business key, a partner, an id or a trace names.",
        footer = {"", "Example: hub timeline PUMP-41"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TimelineCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(
            paramLabel = "KEY",
            description = {
                "a business key such as an order number, a partner (sender, or connector where senders have no names),",
                "the id of an event or a delivery, or a trace"
            })
    private String key;

    @Option(names = "--before", paramLabel = "N", description = "older ones, as the last line of the newer ones says")
    private @Nullable Long before;

    @Option(names = "--json", description = "print it as JSON")
    private boolean json;

    TimelineCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var answer = Api.of(workplace, hub)
                .get("/api/timeline?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8)
                        + (before == null ? "" : "&before=" + before));
        var page = Page.of(spec);
        if (json) {
            page.line(Json.pretty(answer));
        } else if (answer.path("events").isEmpty() && answer.path("refused").isEmpty()) {
            page.line("Nothing is known of " + key + ".");
        } else {
            answer.path("events").forEach(event -> print(page, event));
            answer.path("refused").forEach(refused -> page.line(refused(refused)));
            if (answer.hasNonNull("next")) {
                page.line("These are the newest. For older ones: hub timeline " + key + " --before "
                        + answer.path("next").asText());
            }
        }
        return 0;
    }

    private static String refused(JsonNode refused) {
        var count = refused.path("count").asLong();
        return Timelines.entry(
                refused.path("last").asText(),
                "refused of " + refused.path("connector").asText() + "/"
                        + refused.path("sender").asText() + ": "
                        + refused.path("reason").asText()
                        + (count == 1
                                ? ""
                                : ", " + count + " since "
                                        + refused.path("first").asText()));
    }

    private static void print(Page page, JsonNode event) {
        var state = event.path("state").asText();
        page.line(page.bold(event.path("id").asText()) + "  "
                + event.path("connector").asText() + "  "
                + event.path("type").asText("unknown kind") + "  "
                + event.path("key").asText("no key") + "  "
                + (state.equals("parked") ? page.bad(state) : page.good(state)));
        for (var moment : event.path("history")) {
            page.line(
                    "  " + Timelines.entry(moment.path("at").asText(), words(event, moment) + page.pale(took(moment))));
        }
        var payloads = StreamSupport.stream(event.path("history").spliterator(), false)
                .filter(moment -> moment.hasNonNull("payload"))
                .map(moment -> moment.path("payload").asText())
                .collect(Collectors.joining(", "));
        if (!payloads.isEmpty()) {
            page.line(page.pale("  " + Timelines.entry("received, published", payloads)));
        }
        var waiting = event.path("waiting");
        if (waiting.isObject()) {
            var attempts = waiting.path("attempts").asInt();
            page.line("  waiting: asked " + (attempts == 1 ? "once" : attempts + " times") + " in vain, next at "
                    + waiting.path("nextAttemptAt").asText());
        }
        var failure = event.has("waiting") ? waiting.path("failure") : event.path("failure");
        if (failure.isObject()) {
            page.line("  " + page.bad(failure.path("kind").asText()) + " at "
                    + failure.path("place").asText() + ": "
                    + failure.path("message").asText());
        }
    }

    private static String words(JsonNode event, JsonNode moment) {
        var version = moment.path("version").asText("");
        var decided = version.isEmpty() ? "" : " by version " + version;
        var reason = moment.path("reason").asText("");
        var why = reason.isEmpty() ? "" : ": " + reason;
        var step = moment.path("step").asText();
        return switch (step) {
            case "accepted" ->
                "accepted from " + event.path("sender").asText() + " with delivery "
                        + event.path("delivery").asText();
            case "received again" -> "received again, and recognised";
            case "published" -> "published" + triggers(event);
            case "translated", "ignored", "duplicate", "held" -> step + decided + why;
            default -> Timelines.words(moment);
        };
    }

    private static String triggers(JsonNode event) {
        var workflows = StreamSupport.stream(event.path("triggers").spliterator(), false)
                .map(trigger -> trigger.path("workflow").asText())
                .collect(Collectors.joining(", "));
        return workflows.isEmpty() ? "" : ", triggers " + workflows;
    }

    private static String took(JsonNode moment) {
        if (!moment.hasNonNull("afterMillis")) {
            return "";
        }
        var millis = moment.path("afterMillis").asLong();
        return millis < 10_000 ? "  +" + millis + " ms" : "  +" + millis / 1000 + " s";
    }
}
