package io.dovetail.intake.queue;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Kafka;
import io.dovetail.connector.RemoteQueue;
import io.dovetail.intake.Intake;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reader for each queue and each topic that is a door of a live connector. */
public final class QueueReaders implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(QueueReaders.class);

    /** Without topic and queue of another broker, it is the queue of the hub's own. */
    private record Door(
            String connector,
            @Nullable Kafka topic,
            @Nullable RemoteQueue queue) {

        String name() {
            return queue != null ? "remote-queue" : topic != null ? "kafka" : "amqp";
        }
    }

    private record Reading(Reader reader, Meter waiting) {}

    private final Supplier<Configuration> live;
    private final AmqpDoors doors;
    private final AmqpBroker broker;
    private final OtherBrokers others;
    private final Intake intake;
    private final MeterRegistry meters;
    private final Map<Door, Reading> readings = new HashMap<>();

    /** @param live the configuration that is live */
    public QueueReaders(
            Supplier<Configuration> live,
            AmqpDoors doors,
            AmqpBroker broker,
            OtherBrokers others,
            Intake intake,
            MeterRegistry meters) {
        this.live = live;
        this.doors = doors;
        this.broker = broker;
        this.others = others;
        this.intake = intake;
        this.meters = meters;
    }

    /** Reads what the live version wants read, and nothing else any more. */
    public synchronized void adapt() {
        var wanted = wanted();
        for (var door : Set.copyOf(readings.keySet())) {
            if (!wanted.contains(door)) {
                end(door);
            }
        }
        try {
            broker.open(doors.addresses());
        } catch (RuntimeException e) {
            log.error("Queues cannot be opened; restart the hub when that is mended", e);
        }
        for (var door : wanted) {
            readings.computeIfAbsent(door, this::begin);
        }
    }

    private Set<Door> wanted() {
        var wanted = new HashSet<Door>();
        for (var connector : live.get().connectors().values()) {
            if (connector.amqp() != null) {
                wanted.add(new Door(connector.name(), null, null));
            }
            if (connector.kafka() != null) {
                wanted.add(new Door(connector.name(), connector.kafka(), null));
            }
            if (connector.remoteQueue() != null) {
                wanted.add(new Door(connector.name(), null, connector.remoteQueue()));
            }
        }
        return wanted;
    }

    /** Why a door has to wait, by its connector and kind; without those that go on. */
    public synchronized Map<String, String> obstacles() {
        var obstacles = new TreeMap<String, String>();
        readings.forEach((door, reading) -> {
            var obstacle = reading.reader.obstacle();
            if (obstacle != null) {
                obstacles.put(door.connector + "." + door.name(), obstacle);
            }
        });
        return obstacles;
    }

    private Reading begin(Door door) {
        var source = source(door);
        return new Reading(
                new Reader(door.connector, door.name(), source, intake, meters),
                Gauge.builder("hub_queue_waiting", source, Source::waiting)
                        .tag("connector", door.connector)
                        .tag("door", door.name())
                        .description("Messages that wait in front of the connector's door")
                        .strongReference(true)
                        .register(meters));
    }

    /** The classes of clients are loaded where a connector wants them. */
    private Source source(Door door) {
        var topic = door.topic;
        var queue = door.queue;
        if (queue != null) {
            var client = new RemoteQueueClient(door.connector, queue, others.callers(), others.secrets());
            return new RemoteQueueSource(door.connector, queue, live, client);
        }
        return topic == null
                ? new AmqpSource(door.connector, doors, broker)
                : new KafkaSource(
                        door.connector,
                        topic,
                        live,
                        () -> KafkaClient.consumer(
                                door.connector, topic.topic(), others.kafka(), () -> maxBytes(door)));
    }

    private int maxBytes(Door door) {
        var connector = live.get().connector(door.connector);
        return connector == null ? 0 : connector.webhook().maxBytes();
    }

    private void end(Door door) {
        var reading = readings.remove(door);
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
