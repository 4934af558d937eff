package io.dovetail.operate;

import io.dovetail.ledger.ProposedEdits;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

/** How many edits of dead letters wait for a second operator. */
public final class EditGauge {

    private final ProposedEdits edits;
    private final MultiGauge waiting;

    public EditGauge(ProposedEdits edits, MeterRegistry meters) {
        this.edits = edits;
        this.waiting = MultiGauge.builder("hub_edits_waiting")
                .description("Proposed edits of dead letters that nobody has approved or refused yet")
                .register(meters);
    }

    void look() {
        waiting.register(
                edits.waiting().entrySet().stream()
                        .<Row<?>>map(entry -> Row.of(Tags.of("connector", entry.getKey()), entry.getValue()))
                        .toList(),
                true);
    }
}
