package io.dovetail.operate;

import io.dovetail.ledger.Retention;
import io.dovetail.ledger.Retention.Removed;
import io.dovetail.ledger.UnavailableException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes old history from time to time, says what it removed and what it had to leave, and how much room the rest takes. */
public final class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private final Retention retention;
    private final StorageGauges storage;
    private final MeterRegistry meters;
    private volatile double overdue;

    public Housekeeping(Retention retention, StorageGauges storage, MeterRegistry meters) {
        this.retention = retention;
        this.storage = storage;
        this.meters = meters;
        Gauge.builder("hub_history_overdue", this, h -> h.overdue)
                .description("Days of history past their retention that stay, since events in them are still open")
                .register(meters);
    }

    /** One round; never throws, since it is repeated for ever. */
    public void clean() {
        try {
            var removed = retention.remove();
            overdue = removed.stream().filter(Removed::open).count();
            for (var history : removed) {
                if (!history.open()) {
                    log.info("Removed the history of {}, retention class {}", history.day(), history.retention());
                    meters.counter("hub_history_removed_total", "retention", history.retention())
                            .increment();
                }
            }
        } catch (UnavailableException e) {
            log.debug("Not removed this time", e);
        } catch (RuntimeException e) {
            log.error("Old history cannot be removed; it is tried again", e);
        }
        measure();
    }

    private void measure() {
        try {
            storage.look();
        } catch (UnavailableException e) {
            log.debug("Not measured this time", e);
        } catch (RuntimeException e) {
            log.error("What the history takes cannot be measured; it is tried again", e);
        }
    }
}
