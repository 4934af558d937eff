package io.dovetail.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How deliveries are taken in.
 *
 * @param writers how many transactions accept at the same time; a connector is in one of them at a time
 * @param queue how many deliveries of one connector may wait for their transaction
 * @param memory how many bytes of deliveries, of all connectors, may be in memory at the same time; their trees may
 *     take four times as much, and a body whose tree takes more than four times its bytes counts as a quarter of that
 * @param timeout how long a delivery may wait before it is answered with 503: shorter than the most impatient sender
 *     waits, which is 3 s (Okta event hooks)
 */
@ConfigurationProperties("hub.intake")
public record IntakeSettings(
        @DefaultValue("2") int writers,
        @DefaultValue("1024") int queue,
        @DefaultValue("20MB") DataSize memory,
        @DefaultValue("2500ms") Duration timeout) {

    // as large as a connector may allow a delivery to be: with less, it would be told to come again for ever
    static final DataSize LEAST = DataSize.ofMegabytes(16);

    public IntakeSettings {
        if (memory.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("hub.intake.memory must be " + LEAST.toMegabytes()
                    + "MB or more, since a single delivery may be that large; it is " + memory);
        }
    }
}
