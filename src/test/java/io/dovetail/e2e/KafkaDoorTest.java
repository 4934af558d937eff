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
import java.io.IOException;
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
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Records of a real Kafka's topic in one running hub, with a Kafka, a database and a group that come and go. */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KafkaDoorTest {

    private static final int PARTITIONS = 3;
    private static final String CONNECTOR = "connectors/jira/connector.yaml";

    private final String topic = "issues-" + UUID.randomUUID();
    private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    private KafkaServer kafka;
    private Admin admin;
    private EmbeddedServer database;
    private Proxy line;
    private Path data;
    private Roots root;
    private Map<String, Object> settings;
    private List<String> before;
    private Hub hub;
    private Subscriber subscriber;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        kafka = KafkaServer.start(directory.resolve("kafka"));
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
        make(topic, PARTITIONS);
        // what was there before the hub counts too
        before = send(5);
        FreshData.into(directory.resolve("database"));
        database = EmbeddedServer.start(directory.resolve("database"));
        line = new Proxy(Integer.parseInt(database.jdbcUrl().replaceFirst(".*:(\\d+)/.*", "$1")));
        root = Roots.copy(directory.resolve("root"), "jira")
                .door("jira", "kafka: { topic: " + topic + ", sender: erp }");
        // it may say how to get in, and not how to read
        var file = directory.resolve("kafka.properties");
        Files.writeString(file, "enable.auto.commit=true\ngroup.id=other\nsecurity.protocol=PLAINTEXT\n");
        settings = Map.of(
                "hub.root",
                root.path().toString(),
                "hub.kafka.bootstrap-servers",
                kafka.bootstrap(),
                "hub.kafka.properties",
                file.toString(),
                "hub.database-url",
                "jdbc:postgresql://127.0.0.1:%d/hub?user=%s&password=%s"
                        .formatted(
                                line.port(),
                                database.app().user(),
                                database.app().password()));
        data = directory.resolve("hub");
        startHub();
    }

    private void startHub() {
        hub = Hub.start(data, settings);
        subscriber = Subscriber.of(hub, "workflow");
    }

    private void stopHub() {
        subscriber.close();
        hub.close();
    }

    @AfterAll
    void stop() throws IOException {
        stopHub();
        line.close();
        database.close();
        admin.close(Duration.ofSeconds(5));
        kafka.close();
    }

    @AfterEach
    void closeProducers() {
        producers.forEach(producer -> producer.close(Duration.ofSeconds(1)));
        producers.clear();
    }

    private void make(String topic, int partitions) {
        // a broker refuses times that are yet to come, unless its topic takes them
        var anyTime = Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(anyTime)))
                .all());
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

    /** Each of them once, in the order in which they were sent. */
    private void areAllThereInOrder(List<String> issues, int changes) {
        for (var issue : issues) {
            subscriber.hasChangesInOrder(issue, changes);
            assertThat(hub.stored("E2E-" + issue)).isEqualTo(changes + 1);
        }
    }

    private void isThere(String issue) {
        subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(issue));
    }

    /** Where the next record of a partition will be. */
    private long end(int partition) {
        var asked = new TopicPartition(topic, partition);
        return get(admin.listOffsets(Map.of(asked, OffsetSpec.latest())).all())
                .get(asked)
                .offset();
    }

    /** What the group has committed is the end of each partition. */
    private void isAllCommitted() {
        await().atMost(Hub.PATIENCE).until(() -> {
            var committed = get(admin.listConsumerGroupOffsets("dovetail.jira").partitionsToOffsetAndMetadata());
            return IntStream.range(0, PARTITIONS).allMatch(partition -> {
                var offset = committed.get(new TopicPartition(topic, partition));
                return offset != null && offset.offset() == end(partition);
            });
        });
    }

    private JsonNode deadLetters() {
        return hub.get("/api/dead-letters?connector=jira").json().path("deadLetters");
    }

    private JsonNode awaitParked(String text) {
        return await(text)
                .atMost(Hub.PATIENCE)
                .until(
                        () -> deadLetters()
                                .valueStream()
                                .filter(letter -> hub.get("/api/dead-letters/"
                                                + letter.path("id").asText())
                                        .text()
                                        .contains(text))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private String obstacle() {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/queues/details/jira.kafka")
                .asText();
    }

    private void isBalanced() {
        assertThat(hub.get("/api/books").json().findValuesAsText("difference")).containsOnly("0");
    }

    @Test
    void carriesRecordsInTheOrderOfTheirPartitionAndCommitsWhatIsStored() {
        areAllThereInOrder(before, 5);
        var issues = send(200);
        areAllThereInOrder(issues, 200);
        assertThat(subscriber
                        .awaitOne(
                                Addresses.EVENTS,
                                r -> r.data().path("ticketId").asText().equals(issues.getFirst()))
                        .event()
                        .getSource())
                .hasToString("/connectors/jira/erp");
        isAllCommitted();
        isBalanced();
    }

    @Test
    void parksTombstonesAndWhatIsNoDeliveryAndGoesOnBehindThem() {
        var known = deadLetters().size();
        var first = end(0);
        var producer = producer(Map.of());
        var number = Bodies.number();
        get(producer.send(to(0, null)));
        get(producer.send(to(0, "")));
        get(producer.send(to(0, "{\"broken\": \"" + number + "\"")));
        get(producer.send(to(0, Bodies.issueCreated(number) + " ".repeat(1 << 20))));
        var issue = Bodies.number();
        get(producer.send(to(0, Bodies.issueCreated(issue))));

        isThere(issue);
        assertThat(awaitParked(number).at("/failure/kind").asText()).isEqualTo("CONTRACT");
        awaitParked(topic + "-0-" + first + " has no value");
        awaitParked(topic + "-0-" + (first + 3) + " has 10");
        assertThat(deadLetters()).hasSize(known + 4);
        isBalanced();
    }

    /** A fetch brings two megabytes, or else one record; and the hub asks none of them when it was made. */
    @Test
    void takesRecordsWithHugeHeadersAndOfAnyTime() {
        var issues = new ArrayList<String>();
        var producer = producer(Map.of());
        for (var name : List.of("x-note", "traceparent", "content-type", "x".repeat(1 << 20))) {
            for (var size : List.of(1 << 20, 2_900_000)) {
                issues.add(Bodies.number());
                var record = to(1, Bodies.issueCreated(issues.getLast()));
                record.headers().add(name, utf8("x".repeat(size)));
                get(producer.send(record));
            }
        }
        for (var time : List.of(0L, 1L, Long.MAX_VALUE)) {
            issues.add(Bodies.number());
            get(producer.send(new ProducerRecord<>(topic, 1, time, null, utf8(Bodies.issueCreated(issues.getLast())))));
        }
        // of no time at all, which producers of today refuse to send
        issues.add(Bodies.number());
        var batch = new RawBatch(Compression.NONE)
                .stamped(RecordBatch.NO_TIMESTAMP)
                .with(Bodies.issueCreated(issues.getLast()));
        RawBatch.send(kafka.port(), topic, 1, batch.at(0));

        for (var issue : issues) {
            isThere(issue);
            assertThat(hub.stored("E2E-" + issue)).isEqualTo(1);
        }
        areAllThereInOrder(send(5), 5);
        isAllCommitted();
        isBalanced();
    }

    /** Some hundred kilobytes that unpack to more than this JVM has. */
    @Test
    void survivesABatchThatUnpacksToMoreThanMemoryHolds() {
        var first = end(0);
        var bomb = new RawBatch(Compression.zstd().build())
                .with(Bodies.issueCreated(Bodies.number()))
                .with("", 1_800_000_000)
                .at(0);
        RawBatch.send(kafka.port(), topic, 0, bomb);
        var issue = Bodies.number();
        get(producer(Map.of()).send(to(0, Bodies.issueCreated(issue))));

        isThere(issue);
        awaitParked("The records %s-0-%d to %s-0-%d have come".formatted(topic, first, topic, first + 1));
        isBalanced();
    }

    /** Each fits into memory, and all that one fetch brings would not. The next hub reads them, and on from there. */
    @Test
    @Order(Integer.MAX_VALUE)
    void takesWhatCameMeanwhileThoughItUnpacksToAHundredTimesItsSize() {
        var read = send(5);
        areAllThereInOrder(read, 5);
        isAllCommitted();
        stopHub();
        var first = end(0);
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
        var rest = send(5);
        startHub();
        issues.forEach(this::isThere);
        areAllThereInOrder(rest, 5);
        awaitParked(topic + "-0-" + (first + 149) + " has 16777216 bytes");
        for (var issue : read) {
            assertThat(hub.stored("E2E-" + issue)).isEqualTo(6);
        }
        isAllCommitted();
        isBalanced();
    }

    @Test
    void isNotSteeredByAnyHeader() {
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
                    Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(issue));
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

    @Test
    void readsNothingOfATransactionThatWasGivenUp() {
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
        isThere(kept);
        assertThat(hub.stored("E2E-" + givenUp)).isZero();
    }

    @Test
    void goesOnAfterKafkaWasKilled() {
        areAllThereInOrder(send(50), 50);
        kafka.kill();
        await().atMost(Hub.PATIENCE).until(() -> obstacle().contains("Kafka"));
        // nothing else is stopped by it
        hub.delivery(
                hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                        .id(),
                "published");
        Request.of("GET", "/actuator/health").to(hub.managementPort()).hasStatus(200);

        kafka.launch();
        areAllThereInOrder(send(50), 50);
        await().atMost(Hub.PATIENCE).until(() -> obstacle().isEmpty());
        isAllCommitted();
        isBalanced();
    }

    /** Another member takes partitions in the middle of the flow, commits nothing and goes. */
    @Test
    void losesAndDoublesNothingWhenPartitionsChangeHands() {
        var first = send(300);
        List<String> second;
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
            second = send(300);
            other.poll(Duration.ofMillis(500));
        }
        var last = send(100);
        areAllThereInOrder(first, 300);
        areAllThereInOrder(second, 300);
        areAllThereInOrder(last, 100);
        isAllCommitted();
        isBalanced();
    }

    @Test
    void keepsTheOrderWhileTheDatabaseIsAway() throws Exception {
        areAllThereInOrder(send(5), 5);
        line.cut();
        var issues = send(200);
        await().atMost(Hub.PATIENCE).until(() -> obstacle().equals("unavailable"));
        line.mend();
        areAllThereInOrder(issues, 200);
        isAllCommitted();
        isBalanced();
    }

    @Test
    void takesATopicThatAReloadNamesAndThatIsMadeLater() {
        var later = "later-" + topic;
        root.change(CONNECTOR, "topic: " + topic, "topic: " + later);
        hub.post("/api/reload", "{}").hasStatus(200);
        await().atMost(Hub.PATIENCE).until(() -> obstacle().contains("no topic " + later));
        make(later, 1);
        var issue = Bodies.number();
        get(producer(Map.of()).send(new ProducerRecord<>(later, utf8(Bodies.issueCreated(issue)))));
        isThere(issue);

        root.change(CONNECTOR, "topic: " + later, "topic: " + topic);
        hub.post("/api/reload", "{}").hasStatus(200);
        areAllThereInOrder(send(5), 5);
    }
}
