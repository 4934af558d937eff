package io.dovetail.hostile;

import io.dovetail.connector.verify.Invented;
import io.dovetail.harness.KafkaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka in which each system may write to the topic of its connector, and the hub may read. */
final class GuardedKafka implements AutoCloseable {

    private static final String TOPICS = "hostile.";
    private static final String HUB = "hub";
    private static final AclBinding OPEN =
            may("*", AclOperation.WRITE, ResourceType.TOPIC, TOPICS, PatternType.PREFIXED);

    private final KafkaServer server;
    private final Map<String, String> passwords;

    private GuardedKafka(KafkaServer server, Map<String, String> passwords) {
        this.server = server;
        this.passwords = passwords;
    }

    static GuardedKafka start(Path directory, Set<String> connectors) throws InterruptedException {
        var passwords = new HashMap<String, String>();
        connectors.forEach(connector -> passwords.put(connector, Invented.password()));
        passwords.put(HUB, Invented.password());
        passwords.put(KafkaServer.ADMIN, Invented.password());
        var kafka = new GuardedKafka(KafkaServer.start(directory, passwords), Map.copyOf(passwords));
        try {
            kafka.furnish(connectors);
            return kafka;
        } catch (ExecutionException e) {
            kafka.close();
            throw new IllegalStateException(e);
        }
    }

    private void furnish(Set<String> connectors) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(as(KafkaServer.ADMIN, passwords.get(KafkaServer.ADMIN)))) {
            admin.createTopics(connectors.stream()
                            .map(connector -> new NewTopic(topic(connector), 1, (short) 1))
                            .toList())
                    .all()
                    .get();
            var allowed = new ArrayList<AclBinding>();
            allowed.add(may(HUB, AclOperation.READ, ResourceType.TOPIC, TOPICS, PatternType.PREFIXED));
            allowed.add(may(HUB, AclOperation.READ, ResourceType.GROUP, "dovetail.", PatternType.PREFIXED));
            for (var connector : connectors) {
                allowed.add(
                        may(connector, AclOperation.WRITE, ResourceType.TOPIC, topic(connector), PatternType.LITERAL));
                // who sees a topic is told that it may not write there, by the record
                allowed.add(may(connector, AclOperation.DESCRIBE, ResourceType.TOPIC, TOPICS, PatternType.PREFIXED));
            }
            admin.createAcls(allowed).all().get();
        }
    }

    /** Lets everybody write everywhere. */
    void open() throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(as(KafkaServer.ADMIN, passwords.get(KafkaServer.ADMIN)))) {
            admin.createAcls(List.of(OPEN)).all().get();
        }
    }

    /** As it was before. */
    void shut() throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(as(KafkaServer.ADMIN, passwords.get(KafkaServer.ADMIN)))) {
            admin.deleteAcls(List.of(OPEN.toFilter())).all().get();
        }
    }

    private static AclBinding may(String user, AclOperation what, ResourceType type, String name, PatternType pattern) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:" + user, "*", what, AclPermissionType.ALLOW));
    }

    static String topic(String connector) {
        return TOPICS + connector;
    }

    String bootstrap() {
        return server.bootstrap();
    }

    /** Writes what the hub needs beside the address to get in. */
    void credentials(Path file) throws IOException {
        var properties = new Properties();
        properties.putAll(as(HUB, passwords.get(HUB)));
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
    }

    /** Those who may write somewhere. */
    List<String> writers() {
        return passwords.keySet().stream()
                .filter(user -> !Set.of(HUB, KafkaServer.ADMIN).contains(user))
                .sorted()
                .collect(Collectors.toList());
    }

    KafkaProducer<byte[], byte[]> producer(String connector) {
        return producer(connector, passwords.get(connector));
    }

    KafkaProducer<byte[], byte[]> producer(String connector, String password) {
        var settings = new HashMap<>(as(connector, password));
        settings.putAll(Map.of(
                "linger.ms", 0,
                "max.request.size", 4_000_000,
                "max.block.ms", 10_000,
                "enable.idempotence", false,
                // with more, a batch that overtakes the first one to a topic that was just made is refused for ever
                "max.in.flight.requests.per.connection", 1));
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> as(String user, String password) {
        return server.as(user, password);
    }

    static void close(KafkaProducer<byte[], byte[]> producer) {
        producer.close(Duration.ofSeconds(1));
    }

    @Override
    public void close() {
        server.close();
    }
}
