package io.dovetail.operate;

import io.dovetail.ledger.Outbox;
import io.dovetail.ledger.Pauses;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** What is paused, and for how long; and how many triggers wait for it. */
public final class PauseGauges {

    private final Pauses pauses;
    private final Outbox outbox;
    private final Clock clock;
    private final Readings paused;
    private final Readings keptBack;

    public PauseGauges(Pauses pauses, Outbox outbox, Clock clock, MeterRegistry meters) {
        this.pauses = pauses;
        this.outbox = outbox;
        this.clock = clock;
        this.paused = new Readings("hub_paused_seconds", "How long ago an operator paused it", meters);
        this.keptBack = new Readings(
                "hub_triggers_kept_back", "Triggers whose events are published and whose workflow is paused", meters);
    }

    void look() {
        var now = clock.instant();
        paused.show(pauses.list().stream()
                .collect(Collectors.toMap(
                        pause -> Tags.of("what", pause.what().word(), "name", pause.name()),
                        pause -> Duration.between(pause.at(), now).toMillis() / 1000.0)));
        keptBack.show(outbox.keptBack().entrySet().stream()
                .collect(Collectors.toMap(entry -> Tags.of("workflow", entry.getKey()), Map.Entry::getValue)));
    }
}
