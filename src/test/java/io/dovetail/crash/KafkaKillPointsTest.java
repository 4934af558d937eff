package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.crash.Offer.Kind;
import io.dovetail.harness.KafkaServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.springframework.util.FileSystemUtils;

/** Kills a hub while it reads a topic. Every record comes to the bus, once in effect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaKillPointsTest {

    private static final Duration DEATH = Duration.ofSeconds(60);
    private static final String SENDER = Template.SENDERS.getFirst();
    private static final String TOPIC = "certifications";

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
        for (var folder : new String[] {"connectors", "routes", "schemas"}) {
            FileSystemUtils.copyRecursively(Path.of(folder), root.resolve(folder));
        }
        var connector = root.resolve("connectors/partner-api/connector.yaml");
        var door = "intake:\n  kafka: { topic: " + TOPIC + ", sender: " + SENDER + " }\n";
        Files.writeString(connector, Files.readString(connector).replace("intake:\n", door));
        trial = Trial.in(directory.resolve("hub"));
        trial.hub
                .setting("HUB_ROOT", root.toString())
                .setting("HUB_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap())
                .rules("kill-points")
                .start();
        trial.consumer.start();
    }

    @AfterAll
    void stop() {
        trial.close();
        producer.close(Duration.ofSeconds(1));
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept-before-commit",
                "accept-after-commit",
                "kafka-before-commit",
                "kafka-after-commit",
            })
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

    /** What waits in front of the hub is in nobody's books yet. */
    private void isAllTaken() {
        await().atMost(DEATH)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> trial.operator.book().at("/deliveries/accepted").asInt()
                        >= trial.partners.ledger().size());
    }

    private void send(int count) throws ExecutionException, InterruptedException {
        for (var i = 0; i < count; i++) {
            var sent = new Sent(trial.partners.offer(SENDER, "C-1", ++n, Kind.EXPIRING));
            var body = sent.offer.body().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(TOPIC, body)).get();
            sent.outcome = Sent.Outcome.ACCEPTED;
            // it may come again
            sent.unanswered++;
            trial.partners.adopt(sent);
        }
    }
}
