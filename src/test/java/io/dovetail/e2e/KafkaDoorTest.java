package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.harness.FreshData;
import io.dovetail.harness.KafkaServer;
import io.dovetail.harness.Proxy;
import io.dovetail.harness.RawBatch;
import io.dovetail.ledger.postgres.EmbeddedServer;
import io.dovetail.relay.Addresses;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of a real Kafka's topic, with a Kafka, a database and a group that come and go. */
@Order(2)
class KafkaDoorTest {

    private static final int PARTITIONS = 3;
    private static final String CONNECTOR = "connectors/jira/connector.yaml";

    @TempDir
    static Path shared;

    private static KafkaServer kafka;
    private static Admin admin;

    @TempDir
    Path directory;

    private final String topic = "issues-" + UUID.randomUUID();
    private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();

    @BeforeAll
    static void startKafka() {
        kafka = KafkaServer.start(shared.resolve("kafka"));
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    @AfterAll
    static void stopKafka() {
        admin.close(Duration.ofSeconds(5));
        kafka.close();
    }

    @AfterEach
    void closeProducers() {
        producers.forEach(producer -> producer.close(Duration.ofSeconds(1)));
    }

    private void makeTopic() {
        get(admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                .all());
    }

    private Map<String, Object> settings() {
        return Map.of(
                "hub.root",
                Roots.copy(directory.resolve("root"), "jira")
                        .door("jira", "kafka: { topic: " + topic + ", sender: erp }")
                        .path()
                        .toString(),
                "hub.kafka.bootstrap-servers",
                kafka.bootstrap());
    }

    private Hub start() {
        return Hub.start(directory.resolve("hub"), settings());
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        var all = new HashMap<String, Object>(Map.of(
                "bootstrap.servers", kafka.bootstrap(),
                "linger.ms", 0,
                "max.request.size", 4_000_000,
                // with more, a batch that overtakes the first one to a topic that was just made is refused for ever
                "max.in.flight.requests.per.connection", 1));
        all.putAll(settings);
        var producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(producer);
        return producer;
    }

    private ProducerRecord<byte[], byte[]> to(int partition, String body) {
        return new ProducerRecord<>(topic, partition, null, body == null ? null : utf8(body));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creation and changes of one issue for each partition. */
    private List<String> send(int changes) {
        var producer = producer(Map.of());
        var issues =
                IntStream.range(0, PARTITIONS).mapToObj(n -> Bodies.number()).toList();
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (var n = 0; n <= changes; n++) {
            for (var partition = 0; partition < PARTITIONS; partition++) {
                var issue = issues.get(partition);
                sent.add(producer.send(
                        to(partition, n == 0 ? Bodies.issueCreated(issue) : Bodies.issueUpdated(issue, n))));
            }
        }
        sent.forEach(KafkaDoorTest::get);
        return issues;
    }

    private static void areAllThereInOrder(Subscriber subscriber, List<String> issues, int changes) {
        for (var issue : issues) {
            subscriber.hasChangesInOrder(issue, changes);
        }
    }

    /** What the group has committed is the end of each partition. */
    private void isAllCommitted() {
        await().atMost(Hub.PATIENCE).until(() -> {
            var committed = get(admin.listConsumerGroupOffsets("dovetail.jira").partitionsToOffsetAndMetadata());
            var asked = new HashMap<TopicPartition, org.apache.kafka.clients.admin.OffsetSpec>();
            for (var partition = 0; partition < PARTITIONS; partition++) {
                asked.put(new TopicPartition(topic, partition), org.apache.kafka.clients.admin.OffsetSpec.latest());
            }
            return get(admin.listOffsets(asked).all()).entrySet().stream()
                    .filter(end -> end.getValue().offset() > 0)
                    .allMatch(end -> committed.get(end.getKey()) != null
                            && committed.get(end.getKey()).offset()
                                    == end.getValue().offset());
        });
    }

    private static Optional<JsonNode> parked(Hub hub, String text) {
        return hub.get("/api/dead-letters?connector=jira")
                .json()
                .path("deadLetters")
                .valueStream()
                .filter(letter -> hub.get(
                                "/api/dead-letters/" + letter.path("id").asText())
                        .text()
                        .contains(text))
                .findFirst();
    }

    private static String obstacle(Hub hub) {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/queues/details/jira.kafka")
                .asText();
    }

    private static void isBalanced(Hub hub) {
        assertThat(hub.get("/api/books").json().findValuesAsText("difference")).containsOnly("0");
    }

    @Test
    void carriesRecordsInTheOrderOfTheirPartitionAndCommitsWhatIsStored() {
        makeTopic();
        // what was there before the hub counts too
        var before = send(5);
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            areAllThereInOrder(subscriber, before, 5);
            var issues = send(200);
            areAllThereInOrder(subscriber, issues, 200);
            assertThat(subscriber
                            .awaitOne(
                                    Addresses.EVENTS,
                                    r -> r.data().path("ticketId").asText().equals(issues.getFirst()))
                            .event()
                            .getSource())
                    .hasToString("/connectors/jira/erp");
            isAllCommitted();
            assertThat(hub.stored("E2E-" + issues.getFirst())).isEqualTo(201);
            isBalanced(hub);
        }
        var rest = send(5);
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            areAllThereInOrder(subscriber, rest, 5);
            assertThat(hub.stored("E2E-" + before.getFirst())).isEqualTo(6);
            isAllCommitted();
        }
    }

    @Test
    void parksTombstonesAndWhatIsNoDeliveryAndGoesOnBehindThem() {
        makeTopic();
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            var producer = producer(Map.of());
            var number = Bodies.number();
            get(producer.send(to(0, null)));
            get(producer.send(to(0, "")));
            get(producer.send(to(0, "{\"broken\": \"" + number + "\"")));
            get(producer.send(to(0, Bodies.issueCreated(number) + " ".repeat(1 << 20))));
            var issue = Bodies.number();
            get(producer.send(to(0, Bodies.issueCreated(issue))));

            subscriber.awaitOne(
                    Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(issue));
            var broken = await().atMost(Hub.PATIENCE).until(() -> parked(hub, number), Optional::isPresent);
            assertThat(broken.orElseThrow().at("/failure/kind").asText()).isEqualTo("CONTRACT");
            await().atMost(Hub.PATIENCE).until(() -> parked(hub, topic + "-0-0 has no value"), Optional::isPresent);
            await().atMost(Hub.PATIENCE).until(() -> parked(hub, topic + "-0-3 has 10"), Optional::isPresent);
            assertThat(hub.get("/api/dead-letters?connector=jira").json().path("deadLetters"))
                    .hasSize(4);
            isAllCommitted();
            isBalanced(hub);
        }
    }

    /** Some hundred kilobytes that unpack to more than this JVM has. */
    @Test
    void survivesABatchThatUnpacksToMoreThanMemoryHolds() {
        makeTopic();
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            var bomb = new RawBatch(Compression.zstd().build())
                    .with(Bodies.issueCreated(Bodies.number()))
                    .with("", 1_800_000_000)
                    .at(0);
            RawBatch.send(kafka.port(), topic, 0, bomb);
            var issue = Bodies.number();
            get(producer(Map.of()).send(to(0, Bodies.issueCreated(issue))));

            subscriber.awaitOne(
                    Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(issue));
            await().atMost(Hub.PATIENCE)
                    .until(
                            () -> parked(hub, "The records " + topic + "-0-0 to " + topic + "-0-1 have come"),
                            Optional::isPresent);
            isAllCommitted();
            isBalanced(hub);
        }
    }

    /** Each fits into memory, and all that one fetch brings would not. */
    @Test
    void takesManyRecordsThatUnpackToAHundredTimesTheirSize() {
        makeTopic();
        var issues = new ArrayList<String>();
        for (var n = 0; n < 5; n++) {
            var batch = new RawBatch(Compression.zstd().build());
            for (var m = 0; m < 15; m++) {
                var issue = Bodies.number();
                issues.add(issue);
                batch.with(Bodies.issueCreated(issue), 1 << 20).with("x", 16 << 20);
            }
            RawBatch.send(kafka.port(), topic, 0, batch.at(0));
        }
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            for (var issue : issues) {
                subscriber.awaitOne(
                        Addresses.EVENTS,
                        r -> r.data().path("ticketId").asText().equals(issue));
            }
            await().atMost(Hub.PATIENCE)
                    .until(() -> parked(hub, topic + "-0-149 has 16777216 bytes"), Optional::isPresent);
            isAllCommitted();
            isBalanced(hub);
        }
    }

    @Test
    void isNotSteeredByAnyHeader() {
        makeTopic();
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            var producer = producer(Map.of());
            for (var name : List.of(
                    "kafka.OVERRIDE_TOPIC",
                    "kafka.KEY",
                    "CamelKafkaOverrideTopic",
                    "camelkafkaoverridetopic",
                    "CAmelJmsDestinationName",
                    "CamelFileName",
                    "CamelToEndpoint",
                    "content-type",
                    "JMSReplyTo",
                    "_HUB_SENDER",
                    "sender",
                    "ce_type",
                    "")) {
                var issue = Bodies.number();
                var record = to(1, Bodies.issueCreated(issue));
                record.headers().add(name, utf8("hub.triggers")).add(name, null);
                get(producer.send(record));
                var received = subscriber.awaitOne(
                        Addresses.EVENTS,
                        r -> r.data().path("ticketId").asText().equals(issue));
                assertThat(received.json().toString()).as(name).doesNotContain("hub.triggers");
                assertThat(received.event().getSource()).as(name).hasToString("/connectors/jira/erp");
            }
            var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            var issue = Bodies.number();
            var record = to(2, Bodies.issueCreated(issue));
            record.headers().add("traceparent", utf8(trace));
            get(producer.send(record));
            assertThat(subscriber
                            .awaitOne(
                                    Addresses.EVENTS,
                                    r -> r.data().path("ticketId").asText().equals(issue))
                            .json()
                            .path("traceparent")
                            .asText())
                    .startsWith(trace.substring(0, 35));
        }
    }

    @Test
    void readsNothingOfATransactionThatWasGivenUp() {
        makeTopic();
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            var producer = producer(Map.of("transactional.id", topic));
            producer.initTransactions();
            var givenUp = Bodies.number();
            producer.beginTransaction();
            get(producer.send(to(0, Bodies.issueCreated(givenUp))));
            producer.abortTransaction();
            var kept = Bodies.number();
            producer.beginTransaction();
            get(producer.send(to(0, Bodies.issueCreated(kept))));
            producer.commitTransaction();
            subscriber.awaitOne(
                    Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(kept));
            assertThat(hub.stored("E2E-" + givenUp)).isZero();
        }
    }

    @Test
    void goesOnAfterKafkaWasKilled() {
        makeTopic();
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            var before = send(50);
            areAllThereInOrder(subscriber, before, 50);
            kafka.kill();
            await().atMost(Duration.ofSeconds(60)).until(() -> obstacle(hub).contains("Kafka"));
            // nothing else is stopped by it
            hub.delivery(
                    hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                            .id(),
                    "published");
            Request.of("GET", "/actuator/health").to(hub.managementPort()).hasStatus(200);

            kafka.launch();
            var after = send(50);
            areAllThereInOrder(subscriber, after, 50);
            await().atMost(Hub.PATIENCE).until(() -> obstacle(hub).isEmpty());
            assertThat(hub.stored("E2E-" + before.getFirst())).isEqualTo(51);
            isAllCommitted();
            isBalanced(hub);
        }
    }

    /** Another member takes partitions in the middle of the flow, commits nothing and goes. */
    @Test
    void losesAndDoublesNothingWhenPartitionsChangeHands() {
        makeTopic();
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            var first = send(300);
            try (var other = new KafkaConsumer<>(
                    Map.<String, Object>of(
                            "bootstrap.servers", kafka.bootstrap(),
                            "group.id", "dovetail.jira",
                            "auto.offset.reset", "earliest",
                            "enable.auto.commit", "false"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                other.subscribe(List.of(topic));
                await().atMost(Hub.PATIENCE)
                        .until(
                                () -> other.poll(Duration.ofMillis(200)),
                                records -> !other.assignment().isEmpty());
                send(300);
                other.poll(Duration.ofMillis(500));
            }
            var last = send(100);
            areAllThereInOrder(subscriber, first, 300);
            areAllThereInOrder(subscriber, last, 100);
            isAllCommitted();
            assertThat(hub.stored("E2E-")).isEqualTo(PARTITIONS * (301 + 301 + 101));
            isBalanced(hub);
        }
    }

    @Test
    void keepsTheOrderWhileTheDatabaseIsAway() throws Exception {
        makeTopic();
        FreshData.into(directory.resolve("server"));
        try (var server = EmbeddedServer.start(directory.resolve("server"));
                var line = new Proxy(Integer.parseInt(server.jdbcUrl().replaceFirst(".*:(\\d+)/.*", "$1")))) {
            var settings = new HashMap<>(settings());
            settings.put(
                    "hub.database-url",
                    "jdbc:postgresql://127.0.0.1:%d/hub?user=%s&password=%s"
                            .formatted(
                                    line.port(),
                                    server.owner().user(),
                                    server.owner().password()));
            try (var hub = Hub.start(directory.resolve("hub"), settings);
                    var subscriber = Subscriber.of(hub, "workflow")) {
                areAllThereInOrder(subscriber, send(5), 5);
                line.cut();
                var issues = send(200);
                await().atMost(Hub.PATIENCE).until(() -> obstacle(hub).equals("unavailable"));
                line.mend();
                areAllThereInOrder(subscriber, issues, 200);
                isAllCommitted();
                isBalanced(hub);
            }
        }
    }

    @Test
    void takesATopicThatIsMadeLaterAndOneThatAReloadNames() throws Exception {
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            await().atMost(Hub.PATIENCE).until(() -> obstacle(hub).contains("no topic " + topic));
            makeTopic();
            areAllThereInOrder(subscriber, send(5), 5);

            var other = "other-" + topic;
            get(admin.createTopics(List.of(new NewTopic(other, 1, (short) 1))).all());
            var root = directory.resolve("root");
            Consumer<String> name =
                    next -> new Roots(root).change(CONNECTOR, "kafka: { topic: ", "kafka: { topic: " + next);
            name.accept("other-");
            hub.post("/api/reload", "{}").hasStatus(200);
            var issue = Bodies.number();
            get(producer(Map.of()).send(new ProducerRecord<>(other, utf8(Bodies.issueCreated(issue)))));
            subscriber.awaitOne(
                    Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(issue));
        }
    }

    @Test
    void saysThatNobodyToldItWhereKafkaIs() throws Exception {
        var settings = new HashMap<>(settings());
        settings.put("hub.kafka.bootstrap-servers", "");
        try (var hub = Hub.start(directory.resolve("hub"), settings)) {
            await().atMost(Hub.PATIENCE).until(() -> obstacle(hub).contains("hub.kafka.bootstrap-servers"));
        }
        settings.put("hub.kafka.bootstrap-servers", kafka.bootstrap());
        settings.put(
                "hub.kafka.properties", directory.resolve("nowhere.properties").toString());
        try (var hub = Hub.start(directory.resolve("hub"), settings)) {
            await().atMost(Hub.PATIENCE).until(() -> obstacle(hub).contains("nowhere.properties"));
        }
        // a file may say how to get in, and not how to read
        var file = directory.resolve("kafka.properties");
        Files.writeString(file, "enable.auto.commit=true\ngroup.id=other\nsecurity.protocol=PLAINTEXT\n");
        settings.put("hub.kafka.properties", file.toString());
        makeTopic();
        try (var hub = Hub.start(directory.resolve("hub"), settings);
                var subscriber = Subscriber.of(hub, "workflow")) {
            areAllThereInOrder(subscriber, send(1), 1);
            isAllCommitted();
        }
    }
}
