package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.harness.FreshData;
import io.dovetail.harness.Proxy;
import io.dovetail.intake.FreeSpace;
import io.dovetail.intake.queue.QueueReaders;
import io.dovetail.ledger.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.engine.Sender;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A queue, or a folder, whose hub cannot store anything for a while, and a queue that comes and goes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpOutageTest {

    private static final String CONNECTOR = "connectors/jira/connector.yaml";

    private final AtomicLong free = new AtomicLong(2);
    private Path directory;
    private Roots root;
    private EmbeddedServer database;
    private Proxy line;
    private Hub hub;
    private Subscriber subscriber;

    /** Of a hub that had none. */
    @BeforeAll
    void opensADoorWithAReload(@TempDir Path directory) throws IOException {
        this.directory = directory;
        root = Roots.copy(directory.resolve("root"), "edi-edifact", "jira");
        FreshData.into(directory.resolve("database"));
        database = EmbeddedServer.start(directory.resolve("database"));
        line = new Proxy(Integer.parseInt(database.jdbcUrl().replaceFirst(".*:(\\d+)/.*", "$1")));
        startHub();
        Files.writeString(hub.secrets().resolve("jira.amqp"), "password\n");
        assertThat(isIn()).isFalse();
        root.door("jira", "amqp: {}");
        reload();
        await().atMost(Hub.PATIENCE).until(this::isIn);
    }

    private void reload() {
        hub.post("/api/reload", "{}").hasStatus(200);
    }

    private void startHub() {
        hub = Hub.start(
                directory.resolve("hub"),
                Map.of(
                        "hub.root",
                        root.path().toString(),
                        "hub.database-url",
                        "jdbc:postgresql://127.0.0.1:%d/hub?user=%s&password=%s"
                                .formatted(
                                        line.port(),
                                        database.app().user(),
                                        database.app().password())),
                Map.of("freeSpace", new FreeSpace(free::get, 2, Clock.systemUTC())));
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
    }

    private static DeliveryState send(AmqpPeer peer, Sender sender, String body) {
        var message = Proton.message();
        message.setContentType("application/json");
        message.setMessageId(UUID.randomUUID());
        // of its own account, and without effect
        message.setPriority((short) (body.hashCode() & 7));
        message.setBody(new Data(new Binary(body.getBytes(StandardCharsets.UTF_8))));
        return peer.send(sender, message);
    }

    /** The creation of an issue and so many changes of it, of which none is durable by its own account. */
    private static void sendAll(AmqpPeer peer, String issue, int changes) {
        var sender = peer.sender("in.jira");
        assertThat(AmqpPeer.isAccepted(send(peer, sender, Bodies.issueCreated(issue))))
                .isTrue();
        for (var n = 1; n <= changes; n++) {
            assertThat(AmqpPeer.isAccepted(send(peer, sender, Bodies.issueUpdated(issue, n))))
                    .isTrue();
        }
    }

    private double waiting() {
        var name = "hub_queue_waiting{connector=\"jira\",door=\"amqp\"} ";
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    @Test
    void keepsWhatComesWhileTheDatabaseIsAwayAndStoresItOnceItIsBack() throws Exception {
        var first = Bodies.number();
        var second = Bodies.number();
        await().atMost(Hub.PATIENCE).until(() -> waiting() == 0);
        try (var peer = AmqpPeer.of(hub, "in.jira")) {
            line.cut();
            sendAll(peer, first, 300);
            await().atMost(Hub.PATIENCE)
                    .until(() -> hub.asAdmin(Request.of("GET", "/actuator/health"))
                            .to(hub.managementPort())
                            .json()
                            .at("/components/queues/details/jira.amqp")
                            .asText()
                            .equals("unavailable"));
            assertThat(waiting()).isEqualTo(301);
            line.mend();
            subscriber.hasChangesInOrder(first, 300);
            await().atMost(Hub.PATIENCE).until(() -> waiting() == 0);
            assertThat(hub.stored("E2E-" + first)).isEqualTo(301);

            takesAFileOnceAlthoughTheDatabaseGoesInTheMiddleOfIt();
            // or the next start would try what was begun one by one, since it may have ended this hub
            await().atMost(Hub.PATIENCE.multipliedBy(3))
                    .until(() -> hub.get("/api/books").json().findValuesAsText("inFlight").stream()
                            .allMatch("0"::equals));

            // and over a restart: what was not durable for its sender is so for the hub
            line.cut();
            sendAll(peer, second, 50);
        }
        stopHub();
        line.mend();
        startHub();
        subscriber.hasChangesInOrder(second, 50);
        assertThat(hub.stored("E2E-" + second)).isEqualTo(51);
        assertThat(hub.get("/api/books").json().findValuesAsText("difference")).containsOnly("0");
    }

    private void takesAFileOnceAlthoughTheDatabaseGoesInTheMiddleOfIt() throws IOException {
        var folder = Files.createDirectory(directory.resolve("edifact"));
        var number = Bodies.number();
        var orders = 2_000;
        var file = folder.resolve("orders.edi");
        Files.writeString(
                file,
                IntStream.range(0, orders)
                        .mapToObj(n -> Bodies.edifactOrder(number + n))
                        .collect(Collectors.joining()));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
        Files.writeString(hub.secrets().resolve("edi-edifact.folder"), folder.toString());
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Hub.PATIENCE)
                .until(() -> hub.stored("BGM+220+" + number) > 0);
        line.cut();
        await().atMost(Hub.PATIENCE)
                .until(() -> hub.asAdmin(Request.of("GET", "/actuator/health"))
                        .to(hub.managementPort())
                        .json()
                        .at("/components/polls/details/edi-edifact.files")
                        .asText()
                        .equals("unavailable"));
        assertThat(file).exists();
        line.mend();
        await().atMost(Hub.PATIENCE).until(() -> Files.notExists(file));
        assertThat(folder.resolve("done")).isDirectoryContaining("glob:**-orders.edi");
        assertThat(hub.stored("BGM+220+" + number)).isEqualTo(orders);
    }

    /** More than fits into memory goes to disk, and comes back in its order. */
    @Test
    void keepsMoreThanMemoryHolds() {
        var issue = Bodies.number();
        try (var peer = AmqpPeer.of(hub, "in.jira")) {
            var sender = peer.sender("in.jira");
            send(peer, sender, Bodies.issueCreated(issue));
            hub.bean(QueueReaders.class).close();
            for (var n = 1; n <= 40; n++) {
                var body = Bodies.issueUpdated(issue, n) + " ".repeat(500_000);
                assertThat(AmqpPeer.isAccepted(send(peer, sender, body))).isTrue();
            }
            hub.bean(QueueReaders.class).adapt();
            subscriber.hasChangesInOrder(issue, 40);
        }
    }

    @Test
    void takesNothingWhileTheDiskIsNearlyFull() {
        try (var peer = AmqpPeer.of(hub, "in.jira")) {
            var sender = peer.sender("in.jira");
            assertThat(AmqpPeer.isAccepted(send(peer, sender, Bodies.issueCreated(Bodies.number()))))
                    .isTrue();
            free.set(1);
            var turnedAway = Bodies.number();
            await().atMost(Hub.PATIENCE)
                    .until(() -> AmqpPeer.rejection(send(peer, sender, Bodies.issueCreated(turnedAway)))
                            .contains("resource-limit-exceeded: The hub has no room"));
            free.set(2);
            await().atMost(Hub.PATIENCE)
                    .until(() -> AmqpPeer.isAccepted(send(peer, sender, Bodies.issueCreated(Bodies.number()))));
        }
    }

    @Test
    void closesAndOpensWithAReload() throws Exception {
        var open = Files.readString(root.path().resolve(CONNECTOR));
        var issue = Bodies.number();
        try (var peer = AmqpPeer.of(hub, "in.jira")) {
            sendAll(peer, issue, 1);
            subscriber.hasChangesInOrder(issue, 1);

            root.change(CONNECTOR, "  amqp: {}\n", "");
            reload();
            assertThat(isIn()).isFalse();
            assertThat(peer.isClosed()).isFalse();
            var sender = peer.sender("in.jira");
            assertThat(AmqpPeer.isAccepted(
                            sender.getCredit() == 0 ? null : send(peer, sender, Bodies.issueCreated(issue))))
                    .isFalse();
        }
        Files.writeString(root.path().resolve(CONNECTOR), open);
        reload();
        await().atMost(Hub.PATIENCE).until(this::isIn);
    }

    private boolean isIn() {
        try (var peer = AmqpPeer.of(hub, "in.jira")) {
            return peer.isIn();
        }
    }
}
