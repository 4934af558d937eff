package io.dovetail.operate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Map;

/**
 * Gauges of one name, each with tags of its own, that come and go. One that stays is never registered anew: it would be
 * away for a moment, and a scrape or an alarm may fall into that moment.
 */
final class Readings {

    private final MultiGauge gauges;
    private volatile Map<Tags, ? extends Number> values = Map.of();

    Readings(String name, String description, MeterRegistry meters) {
        gauges = MultiGauge.builder(name).description(description).register(meters);
    }

    /** Those that are not among these go. */
    void show(Map<Tags, ? extends Number> next) {
        values = next;
        gauges.register(next.keySet().stream()
                .map(tags -> Row.of(tags, this, all -> all.value(tags)))
                .toList());
    }

    private double value(Tags tags) {
        var value = values.get(tags);
        return value == null ? Double.NaN : value.doubleValue();
    }
}
