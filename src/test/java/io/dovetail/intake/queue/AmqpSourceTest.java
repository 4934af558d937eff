package io.dovetail.intake.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dovetail.check.Tree;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.harness.Passwords;
import io.dovetail.intake.Letter;
import io.dovetail.intake.Secrets;
import io.dovetail.ledger.Acceptance;
import io.dovetail.relay.artemis.Broker;
import io.dovetail.relay.artemis.BrokerSettings;
import io.dovetail.relay.artemis.Guests;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerBasePlugin;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue of the broker as its reader sees it, with a broker that comes and goes. */
class AmqpSourceTest {

    private static final Acceptance STORED = new Acceptance.Accepted(UUID.randomUUID());
    private static final Acceptance DUPLICATE = new Acceptance.Duplicate(UUID.randomUUID());
    private static final Acceptance CONFLICT = new Acceptance.Conflict(UUID.randomUUID());

    @TempDir
    Path directory;

    private Path yaml;
    private AmqpDoors doors;
    private Broker broker;
    private AmqpSource source;

    @BeforeEach
    void openADoor() throws IOException {
        Tree.of(directory.resolve("root"), "jira");
        yaml = directory.resolve("root/connectors/jira/connector.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("intake:\n", "intake:\n  amqp: {}\n"));
        var secrets = Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(secrets.resolve("jira.amqp"), "password");
        doors = new AmqpDoors(
                Configuration.read(directory.resolve("root"), new Problems()),
                new Secrets(secrets, Clock.systemUTC()),
                Broker.MAX_MESSAGE_BYTES);
        // 16 MiB of each queue on disk, and then no more
        var settings = new BrokerSettings("127.0.0.1", 0, new Passwords(Map.of()), 1 << 20, 16 << 20, 10, 10, 1 << 20);
        broker = Broker.start(directory.resolve("broker"), settings, guests(doors), null);
        broker.open(doors.addresses());
        source = new AmqpSource("jira", doors, new AmqpBroker() {
            @Override
            public ActiveMQServer server() {
                return broker.server();
            }

            @Override
            public void open(Set<String> addresses) {
                broker.open(addresses);
            }
        });
    }

    @AfterEach
    void stop() {
        source.close();
        broker.close();
    }

    private static Guests guests(AmqpDoors doors) {
        return new Guests() {
            @Override
            public boolean isKnown(String user, String password) {
                return doors.isKnown(user, password);
            }

            @Override
            public boolean maySend(String user, String address) {
                return doors.maySend(user, address);
            }

            @Override
            public void turnedAway() {}

            @Override
            public void overstepped(String user) {
                throw new AssertionError(user + " wants more than it may");
            }

            @Override
            public List<ActiveMQServerBasePlugin> guards() {
                return List.of(doors.guard());
            }
        };
    }

    private void send(int from, int to) throws JMSException {
        var factory = new JmsConnectionFactory("in.jira", "password", "amqp://127.0.0.1:" + broker.port());
        try (var connection = factory.createConnection()) {
            var session = connection.createSession(true, Session.SESSION_TRANSACTED);
            var producer = session.createProducer(session.createQueue("in.jira"));
            for (var n = from; n <= to; n++) {
                producer.send(session.createTextMessage("{\"n\":" + n + "}"));
            }
            session.commit();
        }
    }

    private static List<String> bodies(List<Letter> letters) {
        return letters.stream().map(letter -> new String(letter.body())).toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(n -> "{\"n\":" + n + "}")
                .toList();
    }

    /** As soon as so many are there. */
    private List<Letter> take(int count) {
        return await().ignoreException(IllegalStateException.class)
                .until(source::take, letters -> letters.size() == count);
    }

    private long waiting(String queue) {
        return broker.server().locateQueue(SimpleString.of(queue)).getMessageCount();
    }

    @Test
    void givesWhatIsNotSettledAgainBeforeWhatCameLater() throws JMSException {
        send(1, 10);
        assertThat(bodies(take(10))).isEqualTo(numbers(1, 10));
        source.settle(Collections.nCopies(4, STORED));
        send(11, 12);
        assertThat(bodies(take(8))).isEqualTo(numbers(5, 12));
        source.settle(Collections.nCopies(8, STORED));
        await().until(() -> waiting("in.jira") == 0);
    }

    @Test
    void leavesWhatIsNotSettledForTheNextReaderInItsPlace() throws JMSException {
        send(1, 600);
        var taken = new ArrayList<String>();
        for (var left = 600; left > 300; ) {
            var letters = await().until(() -> source.take(), some -> !some.isEmpty());
            var some = Math.min(letters.size(), 50);
            taken.addAll(bodies(letters).subList(0, some));
            source.settle(Collections.nCopies(some, STORED));
            left -= some;
        }
        source.close();
        while (taken.size() < 600) {
            var letters = await().until(() -> source.take(), some -> !some.isEmpty());
            taken.addAll(bodies(letters));
            source.settle(Collections.nCopies(letters.size(), STORED));
        }
        assertThat(taken).isEqualTo(numbers(1, 600));
    }

    /** As the broker does when it could not give a message. */
    @Test
    void getsAgainInTheirPlaceWhatItHeldWhenTheBrokerCalledItFailed() throws JMSException {
        send(1, 10);
        take(10);
        broker.server().locateQueue(SimpleString.of("in.jira")).getConsumers().forEach(consumer -> {
            if (consumer instanceof org.apache.activemq.artemis.core.server.Consumer one) {
                one.failed(new IllegalStateException("planted"));
            }
        });
        send(11, 12);
        assertThat(bodies(take(12))).isEqualTo(numbers(1, 12));
        source.settle(Collections.nCopies(12, STORED));
        await().until(() -> waiting("in.jira") == 0);
    }

    @Test
    void goesOnWithABrokerThatWasStartedAnew() throws JMSException {
        send(1, 10);
        take(10);
        source.settle(Collections.nCopies(4, STORED));
        await().until(() -> waiting("in.jira") == 6);
        broker.restart();
        assertThat(bodies(take(6))).isEqualTo(numbers(5, 10));
        source.settle(Collections.nCopies(6, STORED));
        send(11, 12);
        assertThat(bodies(take(2))).isEqualTo(numbers(11, 12));
        source.settle(Collections.nCopies(2, STORED));
        await().until(() -> waiting("in.jira") == 0);
    }

    /** What the store had before under their ids with another body is stored, too: nothing of it stays here. */
    @Test
    void letsGoWhatIsStoredWhateverBecameOfIt() throws JMSException {
        send(1, 4);
        take(4);
        source.settle(List.of(STORED, CONFLICT, DUPLICATE));
        await().until(() -> waiting("in.jira") == 1);
        broker.restart();
        assertThat(bodies(take(1))).isEqualTo(numbers(4, 4));
        assertThat(broker.server().locateQueue(SimpleString.of("DLQ.in.jira"))).isNull();
    }

    @Test
    void keepsAQueueWithMessagesWhoseConnectorIsGone() throws JMSException {
        send(1, 1);
        broker.open(Set.of());
        assertThat(waiting("in.jira")).isOne();
        broker.open(Set.of("in.jira"));
        assertThat(bodies(take(1))).isEqualTo(numbers(1, 1));
        source.settle(List.of(STORED));
        await().until(() -> waiting("in.jira") == 0);
        source.close();
        broker.open(Set.of());
        assertThat(broker.server().locateQueue(SimpleString.of("in.jira"))).isNull();
    }

    /** Otherwise memory would be full of them before anybody could say so. */
    @Test
    void putsOnDiskWhatIsSentInATransactionThatNobodyEnds() throws Exception {
        var factory = new JmsConnectionFactory(
                "in.jira", "password", "amqp://127.0.0.1:" + broker.port() + "?jms.forceSyncSend=true");
        try (var connection = factory.createConnection()) {
            var session = connection.createSession(true, Session.SESSION_TRANSACTED);
            var producer = session.createProducer(session.createQueue("in.jira"));
            var text = "{\"n\":\"" + "x".repeat(500_000) + "\"}";
            for (var n = 0; n < 24; n++) {
                producer.send(session.createTextMessage(text));
            }
            assertThat(broker.server()
                            .getPagingManager()
                            .getPageStore(SimpleString.of("in.jira"))
                            .isPaging())
                    .isTrue();
            assertThat(source.take()).isEmpty();
        }
        send(1, 2);
        assertThat(bodies(take(2))).isEqualTo(numbers(1, 2));
    }

    @Test
    void keepsNoSessionOfWhomItCutsOff() throws JMSException {
        var before = broker.server().getSessions().size();
        var factory = new JmsConnectionFactory("in.jira", "password", "amqp://127.0.0.1:" + broker.port());
        for (var n = 0; n < 3; n++) {
            try (var connection = factory.createConnection()) {
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                var producer = session.createProducer(session.createQueue("in.jira"));
                var message = session.createTextMessage("x".repeat(Broker.MAX_MESSAGE_BYTES + 1));
                assertThatThrownBy(() -> producer.send(message)).isInstanceOf(JMSException.class);
            }
        }
        await().untilAsserted(() -> assertThat(broker.server().getSessions()).hasSize(before));
    }

    @Test
    void takesWhatItsChangedConnectorWouldRefuseForItsBody() throws Exception {
        var factory = new JmsConnectionFactory("in.jira", "password", "amqp://127.0.0.1:" + broker.port());
        try (var connection = factory.createConnection()) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            for (var n = 1; n <= 2; n++) {
                var message = session.createTextMessage("{\"n\":" + n + "}");
                message.setStringProperty("order", "x".repeat(10_000));
                session.createProducer(session.createQueue("in.jira")).send(message);
            }
        }
        Files.writeString(yaml, Files.readString(yaml).replace("amqp: {}", "amqp: { deliveryId: order }"));
        doors.become(Configuration.read(directory.resolve("root"), new Problems()));
        var letters = take(2);
        assertThat(bodies(letters)).isEqualTo(numbers(1, 2));
        // told apart by their bodies
        assertThat(letters).extracting(Letter::id).containsOnlyNulls();
    }

    @Test
    void turnsSendersAwayWhileItsDiskIsUsedUpAndTakesTheirMessagesOnceThereIsRoom() throws JMSException {
        var factory = new JmsConnectionFactory("in.jira", "password", "amqp://127.0.0.1:" + broker.port());
        try (var connection = factory.createConnection()) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            var producer = session.createProducer(session.createQueue("in.jira"));
            var message = session.createTextMessage("{\"n\":\"" + "x".repeat(500_000) + "\"}");
            var sent = 0;
            try {
                for (; sent < 200; sent++) {
                    producer.send(message);
                }
            } catch (JMSException e) {
                // AMQP's outcome "modified": not now
                assertThat(e).hasMessageContaining("failure at remote");
            }
            assertThat(sent).isBetween(20, 100);
            for (var left = sent; left > 0; ) {
                var letters = await().until(() -> source.take(), some -> !some.isEmpty());
                source.settle(Collections.nCopies(letters.size(), STORED));
                left -= letters.size();
            }
            // on the connection that was turned away
            await().ignoreExceptionsInstanceOf(JMSException.class).until(() -> {
                producer.send(message);
                return true;
            });
            assertThat(take(1)).hasSize(1);
        }
    }
}
