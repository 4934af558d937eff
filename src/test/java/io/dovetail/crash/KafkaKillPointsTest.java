package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.call.AskedSystem;
import io.dovetail.check.Tree;
import io.dovetail.crash.Offer.Kind;
import io.dovetail.harness.KafkaServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills a hub while it reads a topic, or asks a source. All that is there comes to the bus, once in effect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaKillPointsTest {

    private static final Duration DEATH = Duration.ofSeconds(60);
    private static final String SENDER = Template.SENDERS.getFirst();
    private static final String TOPIC = "certifications";

    // what the source has, and tells five at a time to whoever says how many he knows
    private final List<String> news = new CopyOnWriteArrayList<>();
    private final AskedSystem source = AskedSystem.start().decides(seen -> {
        var known = Integer.parseInt(seen.target().replaceFirst(".*=", ""));
        var page = news.stream().skip(known).limit(5).toList();
        return AskedSystem.json(200, "[" + String.join(",", page) + "]");
    });
    private KafkaServer kafka;
    private KafkaProducer<byte[], byte[]> producer;
    private Trial trial;
    private int n;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException, ExecutionException, InterruptedException {
        kafka = KafkaServer.start(directory.resolve("kafka"));
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        var root = directory.resolve("root");
        Tree.of(root, "partner-api");
        var connector = root.resolve("connectors/partner-api/connector.yaml");
        var door = "intake:\n  kafka: { topic: " + TOPIC + ", sender: " + SENDER + " }\n";
        Files.writeString(connector, Files.readString(connector).replace("intake:\n", door));
        Files.createDirectories(root.resolve("routes/intake"));
        Files.writeString(root.resolve("routes/intake/partner-api.camel.yaml"), POLLER.formatted(SENDER, source.url()));
        trial = Trial.in(directory.resolve("hub"));
        trial.hub
                .setting("HUB_ROOT", root.toString())
                .setting("HUB_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap())
                .killPoints()
                .start();
        trial.consumer.start();
    }

    @AfterAll
    void stop() {
        trial.close();
        producer.close(Duration.ofSeconds(1));
        kafka.close();
        source.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka-before-commit", "kafka-after-commit"})
    void survivesBetweenTheTopicAndTheStore(String point) throws Exception {
        send(5);
        isAllTaken();
        trial.hub.arm(point);
        send(20);
        trial.hub.awaitExit(DEATH);
        trial.hub.disarm();
        trial.hub.start();
        send(5);
        isAllTaken();

        assertThat(trial.settle()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept-after-commit", "poll-before-move", "poll-after-move"})
    void survivesBetweenTheSourceAndTheStore(String point) throws Exception {
        tell(3);
        isAllTaken();
        trial.hub.arm(point);
        tell(12);
        trial.hub.awaitExit(DEATH);
        trial.hub.disarm();
        trial.hub.start();
        tell(2);
        isAllTaken();

        assertThat(trial.settle()).isEmpty();
    }

    /** What waits in front of the hub is in nobody's books yet. */
    private void isAllTaken() {
        await().atMost(DEATH)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> trial.operator.book().at("/deliveries/accepted").asInt()
                        >= trial.partners.ledger().size());
    }

    private void send(int count) throws ExecutionException, InterruptedException {
        for (var i = 0; i < count; i++) {
            var sent = sent("C-1");
            var body = sent.offer.body().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(TOPIC, body)).get();
        }
    }

    private void tell(int count) {
        for (var i = 0; i < count; i++) {
            news.add(sent("C-2").offer.body());
        }
    }

    private Sent sent(String key) {
        var sent = new Sent(trial.partners.offer(SENDER, key, ++n, Kind.EXPIRING));
        sent.outcome = Sent.Outcome.ACCEPTED;
        // it may come again
        sent.unanswered++;
        trial.partners.adopt(sent);
        return sent;
    }

    private static final String POLLER = """
            - route:
                id: partner-api
                description: Asks for what it does not know yet.
                from:
                  uri: kamelet:hub-poll?every=PT1S&sender=%s
                  steps:
                    - setVariable:
                        name: known
                        expression:
                          language: { language: jslt, expression: 'fallback(.from.known, 0)' }
                    - to:
                        uri: %s/news?known={known}
                        variableReceive: items
                    - setVariable:
                        name: position
                        expression:
                          language:
                            language: jslt
                            expression: '{"known": fallback(.from.known, 0) + size($lookup.items)}'
                    - setVariable:
                        name: more
                        expression:
                          language: { language: jslt, expression: size($lookup.items) == 5 }
                    - to: kamelet:hub-accept
            """;
}
