package io.dovetail.hostile;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Topics of Kafka, which itself asks who writes: what it lets through is taken, and parked if it is no delivery. */
final class KafkaDoor implements Door {

    // a new connection for a password that is none is dear
    private static final int STRANGER_EVERY = 16;
    /** Before the name of what is to become the record's key and no header; no attack is called so. */
    private static final String KEY = "the key: ";

    private final GuardedKafka kafka;
    private final Arrivals arrivals;
    private final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();
    private int unproved;

    KafkaDoor(GuardedKafka kafka, Arrivals arrivals) {
        this.kafka = kafka;
        this.arrivals = arrivals;
    }

    @Override
    public String name() {
        return "kafka";
    }

    /** A topic has one sender, and a record's id is its place. */
    @Override
    public boolean carries(Delivery delivery) {
        return delivery.form() == null
                && delivery.id().startsWith("id-")
                && delivery.sender().equals("default")
                && kafka.writers().contains(delivery.connector());
    }

    @Override
    public Set<Ending> ends(Attack attack) {
        if (attack.family().equals(XmlAttacks.LARGE)) {
            return Ending.ANY;
        }
        if (!attack.ends().contains(Ending.REFUSED)) {
            return attack.ends();
        }
        var ends = EnumSet.copyOf(attack.ends());
        ends.add(Ending.PARKED);
        return ends;
    }

    @Override
    public Reply deliver(Delivery delivery, Arm arm) {
        return arm == Arm.SIGNED ? send(delivery) : unproved(delivery);
    }

    private Reply send(Delivery delivery) {
        var now = System.currentTimeMillis();
        try {
            var place = sent(producer(delivery.connector()), delivery);
            return arrivals.await(place.topic() + "-" + place.partition() + "-" + place.offset(), now);
        } catch (KafkaException e) {
            return refusal(e);
        }
    }

    /** As another system; now and then with a password that is none. */
    private Reply unproved(Delivery delivery) {
        if (unproved++ % STRANGER_EVERY > 0) {
            return asAnother(delivery);
        }
        var stranger = kafka.producer(delivery.connector(), "no-password");
        try {
            return tried(stranger, "a stranger", delivery);
        } finally {
            GuardedKafka.close(stranger);
        }
    }

    /** As a system that may write, elsewhere. */
    Reply asAnother(Delivery delivery) {
        var other = kafka.writers().stream()
                .filter(writer -> !writer.equals(delivery.connector()))
                .findFirst()
                .orElseThrow();
        return tried(producer(other), other, delivery);
    }

    private static Reply tried(KafkaProducer<byte[], byte[]> producer, String who, Delivery delivery) {
        try {
            sent(producer, delivery);
            return new Reply.Wrong("Kafka takes it from " + who, "");
        } catch (KafkaException e) {
            return refusal(e);
        }
    }

    private static Reply refusal(KafkaException e) {
        var said = String.valueOf(e.getMessage());
        return e instanceof AuthenticationException
                        || e instanceof AuthorizationException
                        || e instanceof RecordTooLargeException
                ? new Reply.Refused(e.getClass().getSimpleName(), said)
                : new Reply.Wrong("Kafka fails: " + said, said);
    }

    private KafkaProducer<byte[], byte[]> producer(String connector) {
        return producers.computeIfAbsent(connector, kafka::producer);
    }

    private static RecordMetadata sent(KafkaProducer<byte[], byte[]> producer, Delivery delivery) {
        try {
            return producer.send(written(delivery)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException why) {
                throw why;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ProducerRecord<byte[], byte[]> written(Delivery delivery) {
        var key = delivery.more().stream()
                .filter(header -> header.name().startsWith(KEY))
                .map(header -> Template.bytes(header.name().substring(KEY.length()) + "=" + header.value()))
                .findFirst()
                .orElse(null);
        var written = new ProducerRecord<>(GuardedKafka.topic(delivery.connector()), 0, key, delivery.body());
        written.headers().add("content-type", Template.bytes(delivery.media()));
        for (var header : delivery.more()) {
            if (!header.name().startsWith(KEY)) {
                written.headers().add(header.name(), Template.bytes(header.value()));
            }
        }
        return written;
    }

    @Override
    public List<Channel> channels() {
        return List.of(
                new Beside("header", Delivery::with),
                // as CloudEvents has them in Kafka's binary mode
                new Beside("attribute", (delivery, name, value) -> delivery.with("ce_" + name, value)),
                new Beside("key", (delivery, name, value) -> delivery.with(KEY + name, value)),
                new Beside("field", Delivery::withField));
    }

    @Override
    public void close() {
        producers.values().forEach(GuardedKafka::close);
    }
}
