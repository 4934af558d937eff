package io.dovetail.operate;

import io.dovetail.ledger.ProposedEdits;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.stream.Collectors;

/** How many edits of dead letters wait for a second operator. */
public final class EditGauge {

    private final ProposedEdits edits;
    private final Readings waiting;

    public EditGauge(ProposedEdits edits, MeterRegistry meters) {
        this.edits = edits;
        this.waiting = new Readings(
                "hub_edits_waiting", "Proposed edits of dead letters that nobody has approved or refused yet", meters);
    }

    void look() {
        waiting.show(edits.waiting().entrySet().stream()
                .collect(Collectors.toMap(entry -> Tags.of("connector", entry.getKey()), Map.Entry::getValue)));
    }
}
