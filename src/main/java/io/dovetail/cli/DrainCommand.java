package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        header = "Take no more deliveries in, and wait until what the hub has is on its way out.",
        description = {
            "",
            "It is \"hub pause intake\", and then a look at the books each second. Senders get 503 and keep what they"
                    + " have; queues keep it for them. What stays is told: parked events, what is held behind them, and"
                    + " what is paused.",
            "",
            "It stays so over restarts, until \"hub resume intake\". Exits with 1 if something is on its way still."
        },
        footer = {"", "Example: hub drain --reason 'the database moves tonight'"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DrainCommand implements Callable<Integer> {

    private static final long LOOK_MILLIS = 1_000;

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "why; it is kept, and needed unless it is paused already")
    @Nullable
    private String reason;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "how long to wait (default: ${DEFAULT-VALUE})")
    private long seconds;

    DrainCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() throws InterruptedException {
        var api = Api.of(workplace, hub);
        var page = Page.of(spec);
        PauseCommand.print(page, closed(api));
        var end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        var left = Left.of(api.get("/api/books"));
        // what was at the door when it closed is in the books a moment later: one look would miss it
        var calm = false;
        while (!(calm && left.onItsWay == 0) && System.nanoTime() < end) {
            calm = left.onItsWay == 0;
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            left = Left.of(api.get("/api/books"));
        }
        page.line(
                left.onItsWay == 0 ? page.good("Nothing is on its way.") : page.bad(left.onItsWay + " on their way."));
        if (left.parked + left.held > 0) {
            page.line(left.parked + " parked (hub dead list), " + left.held + " held behind them or paused.");
        }
        return left.onItsWay == 0 ? 0 : 1;
    }

    private JsonNode closed(Api api) {
        var pauses = api.get("/api/pauses");
        return pauses.path("pauses").findValuesAsText("what").contains("intake")
                ? pauses
                : api.post(
                        "/api/pauses",
                        Json.MAPPER.createObjectNode().put("what", "intake").put("reason", reason));
    }

    /** What the books say is not at its end, in events. */
    private record Left(long onItsWay, long held, long parked) {

        static Left of(JsonNode books) {
            var inFlight = 0L;
            var held = 0L;
            var parked = 0L;
            for (var book : books) {
                var events = book.path("events");
                inFlight += events.path("inFlight").asLong();
                held += events.path("held").asLong();
                parked += events.path("parked").asLong();
            }
            return new Left(inFlight - held, held, parked);
        }
    }
}
