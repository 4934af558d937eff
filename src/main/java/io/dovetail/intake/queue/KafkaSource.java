package io.dovetail.intake.queue;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Kafka;
import io.dovetail.intake.Letter;
import io.dovetail.ledger.Acceptance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic of Kafka. Offsets are committed for what is stored, and for nothing else: records of a partition that goes to
 * another member of the group are forgotten here and read there.
 */
final class KafkaSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(KafkaSource.class);
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int MAX_RECORDS = 256;
    private static final long MAX_BYTES = 2 << 20;
    private static final int MAX_HEADER = 256;

    /** What is kept of a record: without its key and its headers, which may be large. */
    private record Held(TopicPartition partition, long offset, Letter letter) {}

    private final String connector;
    private final Kafka kafka;
    private final Supplier<Configuration> live;
    private final Supplier<? extends Consumer<byte[], byte[]>> client;
    private final List<Held> held = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    private @Nullable Consumer<byte[], byte[]> consumer;
    private long lookedAt = System.nanoTime();
    private volatile double waiting;

    /** @param client makes a consumer anew, each time the last one is of no use any more */
    KafkaSource(
            String connector,
            Kafka kafka,
            Supplier<Configuration> live,
            Supplier<? extends Consumer<byte[], byte[]>> client) {
        this.connector = connector;
        this.kafka = kafka;
        this.live = live;
        this.client = client;
    }

    @Override
    public List<Letter> take() throws InterruptedException {
        var known = live.get().connector(connector);
        if (known == null) {
            throw new IllegalStateException("there is no connector " + connector);
        }
        try {
            var reader = consumer();
            commit(reader);
            poll(reader, known);
            return held.stream().map(Held::letter).toList();
        } catch (InterruptException e) {
            throw new InterruptedException();
        } catch (RetriableException e) {
            throw new IllegalStateException("Kafka does not answer: " + e.getMessage(), e);
        } catch (KafkaException e) {
            close();
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        var current = consumer;
        if (current == null) {
            consumer = current = client.get();
            current.subscribe(List.of(kafka.topic()), new Assignment(current));
        }
        return current;
    }

    /** What is held is not read again, but whoever does not ask for more is no member of the group any more. */
    private void poll(Consumer<byte[], byte[]> reader, Connector known) {
        if (held.isEmpty()) {
            reader.resume(reader.paused());
            hold(reader.poll(WAIT), known);
            fill(reader, known);
        } else {
            reader.pause(reader.assignment());
            // of partitions that came in this moment
            hold(reader.poll(Duration.ZERO), known);
        }
        measure(reader);
        if (held.isEmpty() && System.nanoTime() - lookedAt > LOOK.toNanos()) {
            // a consumer says nothing of a Kafka that is away; and whoever found it so looks again at once
            if (reader.partitionsFor(kafka.topic(), PATIENCE).isEmpty()) {
                throw new IllegalStateException("Kafka has no topic " + kafka.topic());
            }
            lookedAt = System.nanoTime();
        }
    }

    /** One after the other, as far as they are here and memory goes. */
    private void fill(Consumer<byte[], byte[]> reader, Connector known) {
        var bytes = bytes();
        var before = 0;
        while (held.size() > before && held.size() < MAX_RECORDS && bytes < MAX_BYTES) {
            before = held.size();
            try {
                hold(reader.poll(Duration.ZERO), known);
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                // it will be said again, when those before it are stored
                log.debug("What comes next to {} cannot be read", connector, e);
            }
            bytes = bytes();
        }
    }

    private long bytes() {
        return held.stream().mapToLong(one -> one.letter.body().length).sum();
    }

    private void hold(Iterable<ConsumerRecord<byte[], byte[]>> records, Connector known) {
        for (var record : records) {
            held.add(new Held(
                    new TopicPartition(record.topic(), record.partition()), record.offset(), letter(record, known)));
        }
    }

    private void measure(Consumer<byte[], byte[]> reader) {
        var behind = 0L;
        for (var partition : reader.assignment()) {
            behind += reader.currentLag(partition).orElse(0);
        }
        waiting = behind + held.size();
    }

    @Override
    public double waiting() {
        return waiting;
    }

    /**
     * Its place in the topic identifies a record only together with its content: a topic that was made anew begins at 0
     * again.
     */
    private Letter letter(ConsumerRecord<byte[], byte[]> record, Connector known) {
        return new Letter(
                kafka.sender(), name(record), false, media(record, known), body(record, known), trace(record));
    }

    private static String name(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "-" + record.offset();
    }

    /** What cannot be a delivery is parked as a sentence that tells where it is; it stays in Kafka. */
    private static byte[] body(ConsumerRecord<byte[], byte[]> record, Connector known) {
        var value = record.value();
        if (value == null) {
            return utf8("The record " + name(record) + " has no value: it is a tombstone.");
        }
        var size = record.serializedValueSize();
        var maxBytes = known.webhook().maxBytes();
        // by what the connector took when it was read, it may have been left out
        return size > maxBytes || value.length < size
                ? utf8("The record " + name(record) + " has " + size + " bytes, and the connector takes at most "
                        + maxBytes + ".")
                : value;
    }

    private static String media(ConsumerRecord<byte[], byte[]> record, Connector known) {
        return known.webhook().mediaOf(Objects.requireNonNullElse(header(record, "content-type"), ""));
    }

    private static @Nullable String trace(ConsumerRecord<byte[], byte[]> record) {
        return header(record, "traceparent");
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null || header.value().length > MAX_HEADER
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void settle(List<Acceptance> outcomes) {
        for (var one : held.subList(0, outcomes.size())) {
            uncommitted.put(one.partition, new OffsetAndMetadata(one.offset + 1));
        }
        held.subList(0, outcomes.size()).clear();
        var reader = consumer;
        if (reader != null) {
            try {
                commit(reader);
            } catch (RetriableException e) {
                // they are stored, so that nothing is held up; the next look tries again
                log.debug("Offsets of {} are not committed yet", connector, e);
            } catch (InterruptException e) {
                // as above, and the reader is about to end
            }
        }
    }

    private void commit(Consumer<byte[], byte[]> reader) {
        if (uncommitted.isEmpty()) {
            return;
        }
        try {
            reader.commitSync(Map.copyOf(uncommitted), PATIENCE);
            uncommitted.clear();
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // the next poll tells which partitions are still ours; others read these records again, and know them
            log.debug("The group of {} is about to change", connector, e);
        }
    }

    @Override
    public void close() {
        var old = consumer;
        consumer = null;
        held.clear();
        uncommitted.clear();
        if (old != null) {
            try {
                old.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(PATIENCE));
            } catch (KafkaException e) {
                log.debug("Kafka's consumer of {} did not end cleanly", connector, e);
            }
        }
    }

    /** Told by {@code poll}, in the reader's own thread. */
    private final class Assignment implements ConsumerRebalanceListener {

        private final Consumer<byte[], byte[]> reader;

        Assignment(Consumer<byte[], byte[]> reader) {
            this.reader = reader;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // they are read from what was committed
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                commit(reader);
            } catch (KafkaException e) {
                log.debug("Offsets of {} are not committed any more", connector, e);
            }
            forget(Set.copyOf(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(Set.copyOf(partitions));
        }

        private void forget(Set<TopicPartition> gone) {
            held.removeIf(one -> gone.contains(one.partition));
            uncommitted.keySet().removeAll(gone);
        }
    }
}
