package io.dovetail.intake;

import io.dovetail.ledger.Acceptance;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;

/** Measures, as webhooks are measured, what comes through doors where nobody waits for an answer. */
public record TakenMeter(String connector, MeterRegistry meters) {

    public void measure(Taken taken, long nanos) {
        for (var outcome : taken.outcomes()) {
            record(name(outcome), nanos);
        }
        if (taken.obstacle() != null) {
            record(taken.obstacle().label(), nanos);
        }
    }

    private void record(String outcome, long nanos) {
        meters.timer("hub_accept_seconds", "connector", connector, "outcome", outcome)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private static String name(Acceptance outcome) {
        return switch (outcome) {
            case Acceptance.Accepted a -> "accepted";
            case Acceptance.Duplicate d -> "duplicate";
            case Acceptance.Conflict c -> "conflict";
        };
    }
}
