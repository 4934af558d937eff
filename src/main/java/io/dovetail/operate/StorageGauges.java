package io.dovetail.operate;

import io.dovetail.ledger.Storage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.stream.Stream;

/** How much room the history and its payloads take. */
public final class StorageGauges {

    private final Storage storage;
    private final MultiGauge history;
    private final MultiGauge payloads;
    private volatile double database = Double.NaN;

    public StorageGauges(Storage storage, MeterRegistry meters) {
        this.storage = storage;
        Gauge.builder("hub_database_bytes", this, gauges -> gauges.database)
                .description("The database on disk")
                .register(meters);
        this.history = MultiGauge.builder("hub_history_bytes")
                .description("A table of the history on disk, with its indexes")
                .register(meters);
        this.payloads = MultiGauge.builder("hub_payload_bytes")
                .description("Payloads that are kept: their own size (raw), and what they take (stored); estimated")
                .register(meters);
    }

    void look() {
        var sizes = storage.measure();
        database = sizes.database();
        history.register(
                sizes.tables().stream()
                        .<Row<?>>map(table ->
                                Row.of(Tags.of("retention", table.retention(), "table", table.table()), table.bytes()))
                        .toList(),
                true);
        payloads.register(
                sizes.payloads().stream()
                        .flatMap(kept ->
                                Stream.<Row<?>>of(row(kept, "raw", kept.raw()), row(kept, "stored", kept.stored())))
                        .toList(),
                true);
    }

    private static Row<?> row(Storage.Payloads kept, String size, long bytes) {
        return Row.of(Tags.of("retention", kept.retention(), "payload", kept.payload(), "size", size), bytes);
    }
}
