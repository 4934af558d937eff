package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.check.Tree;
import io.dovetail.crash.Offer.Kind;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a hub while a partner sends to its queue, or leaves files in a folder. What the broker has acknowledged and what
 * lay in the folder comes to the bus, once in effect.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpKillPointsTest {

    private static final Duration DEATH = Duration.ofSeconds(60);
    private static final String SENDER = Template.SENDERS.getFirst();

    private Trial trial;
    private Path folder;
    private int n;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        var root = directory.resolve("root");
        Tree.of(root, "partner-api");
        var connector = root.resolve("connectors/partner-api/connector.yaml");
        Files.writeString(
                connector,
                Files.readString(connector).replace("intake:\n", "intake:\n  amqp: { deliveryId: deliveryId }\n"));
        Files.writeString(
                Files.createDirectories(root.resolve("routes/intake")).resolve("partner-api.files.camel.yaml"),
                """
                - route:
                    id: partner-api.files
                    description: What a partner leaves in a folder.
                    from:
                      uri: kamelet:hub-files
                      parameters:
                        folder: "{{partner-api.folder}}"
                        sender: %s
                        every: PT1S
                        quiet: PT0S
                      steps:
                        - to: kamelet:hub-accept
                """.formatted(SENDER));
        folder = Files.createDirectory(directory.resolve("folder"));
        trial = Trial.in(directory.resolve("hub"));
        Files.writeString(trial.hub.data().resolve("secrets/partner-api.folder"), folder.toString());
        Files.writeString(
                trial.hub.data().resolve("secrets").resolve("partner-api." + SENDER + ".amqp"), "partner-password\n");
        trial.hub.setting("HUB_ROOT", root.toString()).killPoints().start();
        trial.consumer.start();
    }

    @AfterAll
    void stop() {
        trial.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue-after-send",
                "accept-before-commit",
                "queue-before-acknowledgement",
                "queue-after-acknowledgement"
            })
    void survivesBetweenTheQueueAndTheStore(String point) throws Exception {
        send(5);
        trial.hub.arm(point);
        var sending = CompletableFuture.runAsync(() -> send(20), Trial::onAThreadOfItsOwn)
                .orTimeout(120, TimeUnit.SECONDS);
        trial.hub.awaitExit(DEATH);
        trial.hub.disarm();
        trial.hub.start();
        sending.join();
        send(5);
        isAllTaken();

        assertThat(trial.settle()).isEmpty();
    }

    @Test
    void survivesBetweenTheStoreOfAFileAndItsMove() throws Exception {
        trial.hub.arm("file-before-move");
        var sent = new Sent(trial.partners.offer(SENDER, "C-1", ++n, Kind.EXPIRING));
        sent.outcome = Sent.Outcome.ACCEPTED;
        // it may be offered again by the hub itself
        sent.unanswered++;
        trial.partners.adopt(sent);
        var written = Files.writeString(folder.resolve(".order.json"), sent.offer.body());
        Files.move(written, folder.resolve("order-" + n + ".json"));
        trial.hub.awaitExit(DEATH);
        assertThat(folder.resolve("order-" + n + ".json")).exists();
        trial.hub.disarm();
        trial.hub.start();
        await().atMost(DEATH).until(() -> isMoved("order-" + n + ".json"));
        isAllTaken();

        assertThat(trial.settle()).isEmpty();
    }

    private boolean isMoved(String name) throws IOException {
        try (var done = Files.list(folder.resolve("done"))) {
            return done.anyMatch(file -> file.toString().endsWith(name)) && !Files.exists(folder.resolve(name));
        }
    }

    /** What waits in front of the hub is in nobody's books yet. */
    private void isAllTaken() {
        await().atMost(DEATH)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> trial.operator.book().at("/deliveries/accepted").asInt()
                        >= trial.partners.ledger().size());
    }

    /** One after the other, each until it is acknowledged. */
    private void send(int count) {
        for (var i = 0; i < count; i++) {
            var sent = new Sent(trial.partners.offer(SENDER, "C-1", ++n, Kind.EXPIRING));
            while (sent.outcome == Sent.Outcome.UNKNOWN) {
                try {
                    send(sent.offer);
                    sent.outcome = Sent.Outcome.ACCEPTED;
                } catch (JMSException e) {
                    sent.unanswered++;
                } catch (InterruptedException e) {
                    throw new CompletionException(e);
                }
            }
            // it may come again from the queue, too
            sent.unanswered++;
            trial.partners.adopt(sent);
        }
    }

    private void send(Offer offer) throws JMSException, InterruptedException {
        var address = trial.hub.awaitAddress(DEATH);
        if (address == null) {
            throw new AssertionError("The hub is away");
        }
        var factory = new JmsConnectionFactory(
                "in.partner-api." + SENDER,
                "partner-password",
                "amqp://127.0.0.1:" + address.amqpPort() + "?jms.requestTimeout=5000&jms.connectTimeout=5000");
        try (var connection = factory.createConnection()) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            var message = session.createTextMessage(offer.body());
            message.setStringProperty("deliveryId", offer.id());
            session.createProducer(session.createQueue("in.partner-api")).send(message);
        }
    }
}
