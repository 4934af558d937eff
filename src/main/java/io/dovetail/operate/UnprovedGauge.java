package io.dovetail.operate;

import io.dovetail.connector.Configuration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** Which connectors ask nobody for a proof: it was somebody's decision, and stays to be seen. */
public final class UnprovedGauge {

    private final Supplier<Configuration> live;
    private final MultiGauge unproved;

    public UnprovedGauge(Supplier<Configuration> live, MeterRegistry meters) {
        this.live = live;
        this.unproved = MultiGauge.builder("hub_connector_unproved")
                .description("1 for a connector that takes deliveries from anybody")
                .register(meters);
    }

    void look() {
        // the others stay as they are: one that is registered anew is away for a moment
        unproved.register(live.get().connectors().values().stream()
                .filter(connector -> connector.webhook().verify().reason() != null)
                .<Row<?>>map(connector -> Row.of(Tags.of("connector", connector.name()), 1))
                .toList());
    }
}
