package io.dovetail.intake;

import io.dovetail.connector.Amqp;
import io.dovetail.connector.Configuration;
import io.dovetail.intake.Secrets.Credential;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells for each sender with more than one secret when it last proved itself by an old one: once it has not for long
 * enough, that can go. Only what the secrets directory names becomes a time series, and no secret does.
 */
public final class Rotations {

    private static final Logger log = LoggerFactory.getLogger(Rotations.class);
    private static final String METER = "hub_secret_old_last_used_seconds";

    /** A sender that is changing over from one secret to the next. */
    private record Rotation(String connector, String sender, String name) {

        Tags tags() {
            return Tags.of("connector", connector, "sender", sender, "name", name);
        }
    }

    private final Supplier<Configuration> configuration;
    private final Map<String, Set<String>> others;
    private final Secrets secrets;
    private final Clock clock;
    private final MultiGauge gauges;
    private final Map<Rotation, Instant> lastUse = new ConcurrentHashMap<>();
    private Set<Rotation> shown = Set.of();

    /**
     * @param configuration the one that is live
     * @param others secrets of no connector, and of one holder each: what their names end with, by what these begin with
     */
    public Rotations(
            Supplier<Configuration> configuration,
            Map<String, Set<String>> others,
            Secrets secrets,
            Clock clock,
            MeterRegistry meters) {
        this.configuration = configuration;
        this.others = others;
        this.secrets = secrets;
        this.clock = clock;
        this.gauges = MultiGauge.builder(METER)
                .description("When a sender last proved itself by an old secret; 0: not since the hub started")
                .register(meters);
    }

    /**
     * To be called for every proof that holds.
     *
     * @param connector what the names of its secrets begin with
     * @param name what the name of this one ends with
     */
    public void used(String connector, String name, Credential credential) {
        if (credential.isOld()) {
            lastUse.put(new Rotation(connector, credential.sender(), name), clock.instant());
        }
    }

    /** Looks who has an old secret, for the metric; never throws, since it is repeated for ever. For one thread. */
    public void look() {
        try {
            show(underWay());
        } catch (RuntimeException e) {
            log.error("Not looked at the old secrets", e);
        }
    }

    private void show(Set<Rotation> now) {
        if (now.equals(shown)) {
            return;
        }
        lastUse.keySet().retainAll(now);
        gauges.register(now.stream()
                .map(rotation -> MultiGauge.Row.of(rotation.tags(), this, all -> all.seconds(rotation)))
                .toList());
        shown = now;
    }

    private Set<Rotation> underWay() {
        var found = new HashSet<Rotation>();
        for (var connector : configuration.get().connectors().values()) {
            for (var scheme : connector.webhook().verify().parts()) {
                if (scheme.secret() != null) {
                    find(connector.name(), scheme.secret(), found);
                }
            }
            if (connector.amqp() != null) {
                find(connector.name(), Amqp.SECRET, found);
            }
        }
        others.forEach((owner, names) -> names.forEach(name -> find(owner, name, found)));
        return found;
    }

    private void find(String connector, String name, Set<Rotation> found) {
        for (var credential : secrets.of(connector, name)) {
            if (credential.isOld()) {
                found.add(new Rotation(connector, credential.sender(), name));
            }
        }
    }

    private double seconds(Rotation rotation) {
        return lastUse.getOrDefault(rotation, Instant.EPOCH).toEpochMilli() / 1000.0;
    }
}
