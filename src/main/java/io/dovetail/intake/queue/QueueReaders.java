package io.dovetail.intake.queue;

import io.dovetail.intake.Intake;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reader for each queue that is a door of a live connector. */
public final class QueueReaders implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(QueueReaders.class);

    private record Reading(Reader reader, Meter waiting) {}

    private final AmqpDoors doors;
    private final AmqpBroker broker;
    private final Intake intake;
    private final MeterRegistry meters;
    private final Map<String, Reading> readings = new HashMap<>();

    public QueueReaders(AmqpDoors doors, AmqpBroker broker, Intake intake, MeterRegistry meters) {
        this.doors = doors;
        this.broker = broker;
        this.intake = intake;
        this.meters = meters;
    }

    /** Reads what the live version wants read, and nothing else any more. */
    public synchronized void adapt() {
        var wanted = doors.connectors();
        for (var name : Set.copyOf(readings.keySet())) {
            if (!wanted.contains(name)) {
                end(name);
            }
        }
        try {
            broker.open(doors.addresses());
        } catch (RuntimeException e) {
            log.error("Queues cannot be opened; restart the hub when that is mended", e);
        }
        for (var name : wanted) {
            readings.computeIfAbsent(name, this::begin);
        }
    }

    /** Why a connector's queue has to wait, by its name; without those that go on. */
    public synchronized Map<String, String> obstacles() {
        var obstacles = new TreeMap<String, String>();
        readings.forEach((name, reading) -> {
            var obstacle = reading.reader.obstacle();
            if (obstacle != null) {
                obstacles.put(name, obstacle);
            }
        });
        return obstacles;
    }

    private Reading begin(String connector) {
        return new Reading(
                new Reader(connector, new AmqpSource(connector, doors, broker), intake, meters),
                Gauge.builder("hub_queue_waiting", () -> AmqpSource.waiting(connector, broker))
                        .tag("connector", connector)
                        .description("Messages that wait in the connector's queue")
                        .register(meters));
    }

    private void end(String connector) {
        var reading = readings.remove(connector);
        if (reading != null) {
            reading.reader.close();
            meters.remove(reading.waiting);
        }
    }

    @Override
    public synchronized void close() {
        Set.copyOf(readings.keySet()).forEach(this::end);
    }
}
