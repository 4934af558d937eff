package io.dovetail.trigger.camel;

import io.dovetail.camel.HubRoute;
import io.dovetail.event.Event;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What the policies say about one event, gathered while they are asked. One thread at a time. */
final class Decision {

    private final Event event;
    private final Instant acceptedAt;
    private final List<Trigger> triggers = new ArrayList<>(2);
    private @Nullable Policy asked;

    Decision(Event event, Instant acceptedAt) {
        this.event = event;
        this.acceptedAt = acceptedAt;
    }

    static Decision of(Exchange exchange) {
        return HubRoute.work(exchange, Decision.class);
    }

    Event event() {
        return event;
    }

    Instant acceptedAt() {
        return acceptedAt;
    }

    void ask(Policy policy) {
        asked = policy;
    }

    /** The policy that is being asked. */
    Policy policy() {
        if (asked == null) {
            throw new IllegalStateException("no policy is being asked");
        }
        return asked;
    }

    /** @throws FailedException when the workflow has been triggered already: which due time would hold? */
    void add(Trigger trigger) {
        for (var other : triggers) {
            if (other.workflow().equals(trigger.workflow())) {
                throw new FailedException(Failure.of(
                        FailureKind.MAPPING,
                        policy().route().place(),
                        "workflow triggered twice",
                        "the workflow " + trigger.workflow() + " is triggered by route " + other.policy()
                                + " already; an event triggers a workflow once, so make the conditions exclude each"
                                + " other"));
            }
        }
        triggers.add(trigger);
    }

    List<Trigger> triggers() {
        return List.copyOf(triggers);
    }
}
