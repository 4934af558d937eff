package io.dovetail.relay;

import io.dovetail.ledger.Pauses;
import io.dovetail.ledger.Pauses.What;
import io.dovetail.ledger.ReplayPlans.Plan;
import io.dovetail.ledger.Republications;
import io.dovetail.ledger.Republications.Extent;
import io.dovetail.ledger.Republications.Published;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says again what was published: the same content under the same ids, in the order accepted, to whom a plan names. A step
 * is marked only after the bus has acknowledged it; dying in between, it is said once more.
 */
public final class Again implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Again.class);

    private final Republications published;
    private final Pauses pauses;
    private final Bus bus;
    private final Supplier<Map<String, List<String>>> consumers;
    private final MeterRegistry meters;
    private volatile @Nullable Obstacle obstacle;

    private record Obstacle(UUID plan, String why) {}

    /**
     * @param bus of its own, so that the relay never waits for it
     * @param consumers the queues of each that are there now, as {@code address::queue}
     */
    public Again(
            Republications published,
            Pauses pauses,
            Bus bus,
            Supplier<Map<String, List<String>>> consumers,
            MeterRegistry meters) {
        this.published = published;
        this.pauses = pauses;
        this.bus = bus;
        this.consumers = consumers;
        this.meters = meters;
    }

    /**
     * Whom an operator's words name, as addresses or single queues.
     *
     * @throws IllegalArgumentException with a sentence for the operator, when there is no such thing
     */
    public List<String> targets(@Nullable String address, @Nullable String consumer, @Nullable String queue) {
        return Targets.of(address, consumer, queue, consumers.get());
    }

    /** Of how many events of an extent these targets would hear something. */
    public static long events(Extent extent, List<String> targets) {
        return Targets.hear(targets, Addresses.EVENTS) ? extent.events() : extent.settingOff();
    }

    /** How many messages that would be, to each who hears them. */
    public static long messages(Extent extent, List<String> targets) {
        return (Targets.hear(targets, Addresses.EVENTS) ? extent.events() : 0)
                + (Targets.hear(targets, Addresses.TRIGGERS) ? extent.triggers() : 0);
    }

    /**
     * Says the next few of a plan.
     *
     * @return of how many events something was said; empty: it cannot be now, and nothing has changed
     */
    public OptionalInt step(Plan plan, int limit) {
        var targets = Objects.requireNonNull(plan.window()).targets();
        if (pauses.isPaused(What.RELAY, "")) {
            return notNow(plan, "the relay is paused");
        }
        var there = consumers.get().values().stream().flatMap(List::stream).collect(Collectors.toSet());
        var gone = targets.stream()
                .filter(Targets::isQueue)
                .filter(queue -> !there.contains(queue))
                .findFirst();
        if (gone.isPresent()) {
            // the broker would put it with what nobody could be given
            return notNow(plan, "the queue " + gone.get() + " is not there");
        }
        var page = published.next(plan, limit);
        var paused = paused(page.events(), targets);
        if (!paused.isEmpty()) {
            return notNow(plan, "the triggers of " + String.join(", ", paused) + " are paused");
        }
        return say(plan, page, targets);
    }

    /** Why a plan that runs does not get on; empty: it does, or it is not its turn. */
    public Optional<String> obstacle(UUID plan) {
        var now = obstacle;
        return now != null && now.plan.equals(plan) ? Optional.of(now.why) : Optional.empty();
    }

    private LinkedHashSet<String> paused(List<Published> events, List<String> targets) {
        var workflows = new LinkedHashSet<String>();
        if (Targets.hear(targets, Addresses.TRIGGERS)) {
            var paused = pauses.names(What.TRIGGER);
            for (var event : events) {
                event.rows().forEach(row -> {
                    if (row.workflow() != null && paused.contains(row.workflow())) {
                        workflows.add(row.workflow());
                    }
                });
            }
        }
        return workflows;
    }

    private OptionalInt say(Plan plan, Republications.Page page, List<String> targets) {
        var messages = new ArrayList<Message>();
        var again = new ArrayList<Published>();
        for (var event : page.events()) {
            var before = messages.size();
            for (var row : event.rows()) {
                var message = Relay.message(row);
                for (var target : targets) {
                    if (Targets.address(target).equals(message.address())) {
                        messages.add(message.to(target));
                    }
                }
            }
            if (messages.size() > before) {
                again.add(event);
            }
        }
        try {
            bus.publish(messages);
        } catch (BusException e) {
            return notNow(plan, "the bus is away: " + e.getMessage());
        }
        obstacle = null;
        published.told(plan, page, again.stream().map(Published::seq).toList());
        again.forEach(event -> meters.counter("hub_republished_total", "connector", event.connector())
                .increment());
        return OptionalInt.of(again.size());
    }

    private OptionalInt notNow(Plan plan, String why) {
        var now = new Obstacle(plan.id(), why);
        if (!now.equals(obstacle)) {
            log.warn("The republication {} waits, since {}", plan.id(), why);
            obstacle = now;
        }
        return OptionalInt.empty();
    }

    @Override
    public void close() {
        bus.close();
    }
}
