package io.dovetail.operate;

import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.Window;
import io.dovetail.relay.Again;
import io.dovetail.replay.Replays;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code /api/republications}: what was published is said again. How far each is, {@code /api/replays} tells. */
@RestController
@RequestMapping("/api")
final class RepublishApi {

    private final Replays replays;
    private final Again again;

    RepublishApi(Replays replays, Again again) {
        this.replays = replays;
        this.again = again;
    }

    /**
     * What to say again, to whom, and why.
     *
     * @param from published then or later
     * @param before published before; null: before now
     * @param address {@code hub.events} or {@code hub.triggers}; null: both
     * @param consumer only this one hears it
     * @param queue only this one, by its name or as {@code address::queue}
     * @param rate events a second
     * @param canary how many go first, before somebody resumes it
     * @param count only tell how many it would be
     */
    record Order(
            @Nullable String reason,
            @Nullable Instant from,
            @Nullable Instant before,
            @Nullable String address,
            @Nullable String consumer,
            @Nullable String queue,
            @Nullable String connector,
            @Nullable String key,
            @Nullable Integer rate,
            @Nullable Integer canary,
            @Nullable Boolean count) {

        Choice choice() {
            return new Choice(Given.text("connector", connector), null, Given.text("key", key), null, null);
        }

        Window window(List<String> targets) {
            var begin = Given.instant("from", from);
            var end = Given.instant("before", before);
            if (begin == null) {
                throw refused(HttpStatus.BAD_REQUEST, "Say from when, in \"from\".");
            }
            if (end != null && !begin.isBefore(end)) {
                throw refused(HttpStatus.BAD_REQUEST, "from is before \"before\", or there is nothing between.");
            }
            return new Window(begin, end, targets);
        }
    }

    @PostMapping("/republications")
    Object republish(@RequestBody Order order, @AuthenticationPrincipal Operator operator) {
        var targets = targets(order);
        var choice = order.choice();
        var window = order.window(targets);
        var onlyCount = Boolean.TRUE.equals(order.count);
        var reason = onlyCount ? "" : Given.reason(order.reason);
        var rate = Given.within("rate", order.rate, ReplayApi.RATE, 1, ReplayApi.MAX_RATE);
        var canary = Given.within("canary", order.canary, 0, 0, 1_000_000);
        var extent = replays.extent(choice, window);
        var events = Again.events(extent, targets);
        if (onlyCount) {
            return Map.of("events", events, "messages", Again.messages(extent, targets), "to", targets);
        }
        if (events == 0) {
            throw refused(HttpStatus.UNPROCESSABLE_ENTITY, "Nothing was published then that could be said again.");
        }
        var made = replays.republish(operator.actor(), reason, choice, window, extent, events, rate, canary);
        return PlanView.of(made.plan(), null);
    }

    private List<String> targets(Order order) {
        try {
            return again.targets(order.address, order.consumer, order.queue);
        } catch (IllegalArgumentException e) {
            throw refused(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    private static ResponseStatusException refused(HttpStatus status, String why) {
        return new ResponseStatusException(status, why);
    }
}
