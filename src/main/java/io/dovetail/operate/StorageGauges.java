package io.dovetail.operate;

import io.dovetail.ledger.Storage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.stream.Collectors;

/** How much room the history and its payloads take. */
public final class StorageGauges {

    private final Storage storage;
    private final Readings history;
    private final Readings payloads;
    private volatile double database = Double.NaN;

    public StorageGauges(Storage storage, MeterRegistry meters) {
        this.storage = storage;
        Gauge.builder("hub_database_bytes", this, gauges -> gauges.database)
                .description("The database on disk")
                .register(meters);
        this.history = new Readings("hub_history_bytes", "A table of the history on disk, with its indexes", meters);
        this.payloads = new Readings(
                "hub_payload_bytes",
                "Payloads that are kept: their own size (raw), and what they take (stored); estimated",
                meters);
    }

    void look() {
        var sizes = storage.measure();
        database = sizes.database();
        history.show(sizes.tables().stream()
                .collect(Collectors.toMap(
                        table -> Tags.of("retention", table.retention(), "table", table.table()),
                        Storage.Table::bytes)));
        var kept = new HashMap<Tags, Long>();
        for (var payload : sizes.payloads()) {
            var tags = Tags.of("retention", payload.retention(), "payload", payload.payload());
            kept.put(tags.and("size", "raw"), payload.raw());
            kept.put(tags.and("size", "stored"), payload.stored());
        }
        payloads.show(kept);
    }
}
