package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "timeline",
        mixinStandardHelpOptions = true,
        header = "Show what happened to everything that a business key names, or to a delivery.",
        footer = {"", "Example: hub timeline PUMP-41"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TimelineCommand implements Callable<Integer> {

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private record Moment(String at, String what) {}

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(paramLabel = "KEY", description = "a business key such as an order number, or a delivery's id")
    private String key;

    @Option(names = "--json", description = "print it as JSON")
    private boolean json;

    TimelineCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var path = UUID_FORM.matcher(key).matches() ? "/api/deliveries/" : "/api/timeline?key=";
        var answer = Api.of(workplace, hub).get(path + URLEncoder.encode(key, StandardCharsets.UTF_8));
        var page = Page.of(spec);
        if (json) {
            page.line(Json.pretty(answer));
        } else if (answer.path("events").isEmpty()) {
            page.line("Nothing is known of " + key + ".");
        } else {
            answer.path("events").forEach(event -> print(page, event));
        }
        return 0;
    }

    private static void print(Page page, JsonNode event) {
        var state = event.path("state").asText();
        page.line(page.bold(event.path("id").asText()) + "  "
                + event.path("connector").asText() + "  "
                + event.path("type").asText("unknown kind") + "  "
                + event.path("key").asText("no key") + "  "
                + (state.equals("parked") ? page.bad(state) : page.good(state)));
        for (var moment : moments(event)) {
            page.line("  " + Timelines.entry(moment.at, moment.what));
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

    private static List<Moment> moments(JsonNode event) {
        var moments = new ArrayList<Moment>();
        add(
                moments,
                event,
                "acceptedAt",
                "accepted from " + event.path("sender").asText() + " with delivery "
                        + event.path("delivery").asText());
        add(
                moments,
                event,
                "translatedAt",
                "decided by version " + event.path("mappingVersion").asText()
                        + (event.path("reason").asText("").isEmpty()
                                ? ""
                                : ": " + event.path("reason").asText()));
        var workflows = StreamSupport.stream(event.path("triggers").spliterator(), false)
                .map(trigger -> trigger.path("workflow").asText())
                .collect(Collectors.joining(", "));
        add(moments, event, "publishedAt", workflows.isEmpty() ? "published" : "published, triggers " + workflows);
        for (var step : event.path("steps")) {
            moments.add(new Moment(step.path("at").asText(), Timelines.words(step)));
        }
        moments.sort(Comparator.comparing(Moment::at));
        return moments;
    }

    private static void add(List<Moment> moments, JsonNode event, String at, String what) {
        if (event.hasNonNull(at)) {
            moments.add(new Moment(event.path(at).asText(), what));
        }
    }
}
