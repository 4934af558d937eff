package io.dovetail.operate;

import io.dovetail.ledger.Outbox;
import io.dovetail.ledger.Pauses;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;

/** What is paused, and for how long; and how many triggers wait for it. */
public final class PauseGauges {

    private final Pauses pauses;
    private final Outbox outbox;
    private final Clock clock;
    private final MultiGauge paused;
    private final MultiGauge keptBack;

    public PauseGauges(Pauses pauses, Outbox outbox, Clock clock, MeterRegistry meters) {
        this.pauses = pauses;
        this.outbox = outbox;
        this.clock = clock;
        this.paused = MultiGauge.builder("hub_paused_seconds")
                .description("How long ago an operator paused it")
                .register(meters);
        this.keptBack = MultiGauge.builder("hub_triggers_kept_back")
                .description("Triggers whose events are published and whose workflow is paused")
                .register(meters);
    }

    void look() {
        var now = clock.instant();
        paused.register(
                pauses.list().stream()
                        .<Row<?>>map(pause -> Row.of(
                                Tags.of("what", pause.what().word(), "name", pause.name()),
                                Duration.between(pause.at(), now).toMillis() / 1000.0))
                        .toList(),
                true);
        keptBack.register(
                outbox.keptBack().entrySet().stream()
                        .<Row<?>>map(entry -> Row.of(Tags.of("workflow", entry.getKey()), entry.getValue()))
                        .toList(),
                true);
    }
}
