package io.dovetail.relay;

import io.dovetail.ledger.Outbox;
import io.dovetail.ledger.Outbox.KeptBack;
import io.dovetail.ledger.Outbox.Pending;
import io.dovetail.ledger.Pauses;
import io.dovetail.ledger.Pauses.What;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of workflows that are paused. Those of a workflow that goes on are told first, in the order of their
 * events; until none is left, later ones wait behind them. Only the relay's thread uses it.
 */
final class KeptBackTriggers {

    private static final int PAGE = 1000;

    // of one workflow before others have their turn; more than a batch of events can add
    private static final int PAGES = 4;

    private final Outbox outbox;
    private final Pauses pauses;
    // workflows with triggers that are kept back; null: not known yet
    private @Nullable Set<String> behind;

    KeptBackTriggers(Outbox outbox, Pauses pauses) {
        this.outbox = outbox;
        this.pauses = pauses;
    }

    /** The workflows whose triggers among these are to be kept back. */
    Set<String> of(List<Pending> pending) {
        var paused = pauses.names(What.TRIGGER);
        var waiting = behind();
        if (paused.isEmpty() && waiting.isEmpty()) {
            return Set.of();
        }
        var keptBack = new HashSet<String>();
        for (var event : pending) {
            for (var row : event.rows()) {
                var workflow = row.workflow();
                if (workflow != null && (paused.contains(workflow) || waiting.contains(workflow))) {
                    keptBack.add(workflow);
                }
            }
        }
        // before it is written: what is never kept back after all costs a look, and nothing else
        waiting.addAll(keptBack);
        return keptBack;
    }

    /** Tells what is kept back of workflows that are not paused any more. @return whether there is more */
    boolean goOn(Bus bus) {
        for (var workflow : List.copyOf(behind())) {
            if (!pauses.isPaused(What.TRIGGER, workflow) && !empty(workflow, bus)) {
                return true;
            }
        }
        return false;
    }

    private boolean empty(String workflow, Bus bus) {
        for (var page = 0; page < PAGES; page++) {
            var rows = outbox.keptBack(workflow, PAGE);
            if (rows.isEmpty()) {
                behind().remove(workflow);
                return true;
            }
            bus.publish(rows.stream().map(KeptBack::row).map(Relay::message).toList());
            outbox.letGo(rows);
        }
        return false;
    }

    private Set<String> behind() {
        if (behind == null) {
            behind = new HashSet<>(outbox.keptBack().keySet());
        }
        return Objects.requireNonNull(behind);
    }
}
