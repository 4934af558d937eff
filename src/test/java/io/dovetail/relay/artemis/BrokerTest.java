package io.dovetail.relay.artemis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dovetail.harness.Carried;
import io.dovetail.harness.Passwords;
import io.dovetail.relay.Addresses;
import io.dovetail.relay.BusException;
import io.dovetail.relay.Message;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.message.JmsBytesMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerTest {

    private static final long PATIENCE = 10_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 1_200, 300_000, 3_000_000})
    void givesAConsumerTheExactBytes(int size) throws Exception {
        var body = new byte[size];
        for (var i = 0; i < size; i++) {
            body[i] = (byte) i;
        }
        try (var broker = start("workflow");
                var bus = broker.bus()) {
            bus.publish(List.of(new Message(Addresses.EVENTS, "id-1", "order.placed.v1", body, true)));
            try (var connection = connect(broker, "workflow", "secret-workflow")) {
                var message = (BytesMessage)
                        consume(connection, "hub.events::workflow", 1).get(0);
                assertThat(message.getBody(byte[].class)).isEqualTo(body);
                assertThat(message.getStringProperty("id")).isEqualTo("id-1");
                assertThat(message.getStringProperty("type")).isEqualTo("order.placed.v1");
                assertThat(Carried.by(message)).isEqualTo(Carried.MEANT);
                var facade = (AmqpJmsMessageFacade) ((JmsBytesMessage) message).getFacade();
                assertThat(facade.getContentType().toString()).isEqualTo("application/cloudevents+json");
            }
        }
    }

    @Test
    void givesEveryConsumerItsOwnCopyOnEveryAddress() throws Exception {
        try (var broker = start("workflow", "enrichment");
                var bus = broker.bus()) {
            bus.publish(
                    Addresses.ALL.stream().map(address -> message(address, "1")).toList());
            for (var consumer : List.of("workflow", "enrichment")) {
                try (var connection = connect(broker, consumer, "secret-" + consumer)) {
                    for (var address : Addresses.ALL) {
                        assertThat(consume(connection, Queues.qualified(address, consumer), 1))
                                .hasSize(1);
                    }
                }
            }
            assertThat(broker.queues())
                    .allSatisfy(queue -> assertThat(queue.queue()).isNotBlank());
        }
    }

    @Test
    void givesOneQueueAloneWhatIsForIt() throws Exception {
        try (var broker = start("workflow", "enrichment");
                var bus = broker.bus()) {
            assertThat(broker.consumers().get("workflow")).contains("hub.triggers::workflow.triggers");
            bus.publish(List.of(message(Addresses.EVENTS, "1")));
            bus.publish(List.of(
                    message("hub.events::workflow", "2"),
                    message("hub.triggers::workflow.triggers", "3"),
                    message("hub.events::enrichment", "4"),
                    message("hub.events::workflow", "5")));
            bus.publish(List.of(message(Addresses.EVENTS, "6")));
            assertThat(ids(broker, "workflow", "hub.events::workflow", 4)).containsExactly("1", "2", "5", "6");
            assertThat(ids(broker, "workflow", "hub.triggers::workflow.triggers", 1))
                    .containsExactly("3");
            assertThat(ids(broker, "enrichment", "hub.events::enrichment", 3)).containsExactly("1", "4", "6");
            await().until(() -> waiting(broker, "workflow") + waiting(broker, "enrichment") == 0);
            assertThat(waiting(broker, "enrichment.triggers")).isZero();
            assertThatThrownBy(() ->
                            bus.publish(List.of(message(Addresses.EVENTS, "7"), message("hub.events::workflow", "8"))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<String> ids(Broker broker, String consumer, String queue, int count) throws JMSException {
        try (var connection = connect(broker, consumer, "secret-" + consumer)) {
            var ids = new ArrayList<String>();
            for (var message : consume(connection, queue, count)) {
                ids.add(message.getStringProperty("id"));
            }
            return ids;
        }
    }

    @Test
    void keepsOrderAcrossBatches() throws Exception {
        try (var broker = start("workflow");
                var bus = broker.bus()) {
            for (var batch = 0; batch < 5; batch++) {
                var first = batch * 200;
                bus.publish(IntStream.range(first, first + 200)
                        .mapToObj(n -> message(Addresses.EVENTS, "" + n))
                        .toList());
            }
            try (var connection = connect(broker, "workflow", "secret-workflow")) {
                var ids = new ArrayList<String>();
                for (var message : consume(connection, "hub.events::workflow", 1_000)) {
                    ids.add(message.getStringProperty("id"));
                }
                assertThat(ids)
                        .isEqualTo(
                                IntStream.range(0, 1_000).mapToObj(n -> "" + n).toList());
            }
        }
    }

    @Test
    void keepsWhatItConfirmedOverARestart() throws Exception {
        try (var broker = start("workflow");
                var bus = broker.bus()) {
            bus.publish(List.of(message(Addresses.EVENTS, "1"), message(Addresses.TRIGGERS, "2")));
        }
        try (var broker = start("workflow");
                var connection = connect(broker, "workflow", "secret-workflow")) {
            assertThat(consume(connection, "hub.events::workflow", 1)).hasSize(1);
            assertThat(consume(connection, "hub.triggers::workflow.triggers", 1))
                    .hasSize(1);
        }
    }

    @Test
    void keepsWhatItConfirmedOverAKill() throws Exception {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerChild.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var confirmed = 0;
        try (var said = child.inputReader()) {
            while (confirmed < 500) {
                confirmed = Integer.parseInt(said.readLine());
            }
            child.destroyForcibly().waitFor();
        }
        try (var broker = start("workflow");
                var connection = connect(broker, "workflow", "secret-workflow")) {
            var messages = consume(connection, "hub.events::workflow", confirmed);
            for (var n = 0; n < confirmed; n++) {
                assertThat(messages.get(n).getStringProperty("id")).isEqualTo("" + n);
            }
        }
    }

    @Test
    void publishesAgainAfterTheBrokerWasAway() throws Exception {
        try (var broker = start("workflow");
                var bus = broker.bus()) {
            var port = broker.port();
            bus.publish(List.of(message(Addresses.EVENTS, "1")));
            broker.restart();
            assertThat(broker.port()).isEqualTo(port);
            await().ignoreException(BusException.class).until(() -> {
                bus.publish(List.of(message(Addresses.EVENTS, "2")));
                return true;
            });
            // the broker counts a moment after it has confirmed
            await().until(() -> waiting(broker, "workflow") == 2);
        }
    }

    @Test
    void publishesNothingOfABatchThatFails() throws Exception {
        try (var broker = start("workflow");
                var bus = broker.bus()) {
            assertThatThrownBy(() -> bus.publish(List.of(message(Addresses.EVENTS, "1"), message("hub.nowhere", "2"))))
                    .isInstanceOf(BusException.class);
            bus.publish(List.of(message(Addresses.EVENTS, "3")));
            try (var connection = connect(broker, "workflow", "secret-workflow")) {
                assertThat(consume(connection, "hub.events::workflow", 1).get(0).getStringProperty("id"))
                        .isEqualTo("3");
            }
            assertThat(waiting(broker, "workflow")).isZero();
        }
    }

    @Test
    void refusesStrangers() {
        try (var broker = start("workflow")) {
            assertThatThrownBy(() -> connect(broker, null, null)).isInstanceOf(JMSException.class);
            assertThatThrownBy(() -> connect(broker, "workflow", "wrong")).isInstanceOf(JMSSecurityException.class);
            assertThatThrownBy(() -> connect(broker, "hub", "hub")).isInstanceOf(JMSSecurityException.class);
            // Artemis' own administrator, who may do anything, with the password that every Artemis has
            assertThatThrownBy(() -> connect(broker, "ACTIVEMQ.CLUSTER.ADMIN.USER", "CHANGE ME!!"))
                    .isInstanceOf(JMSSecurityException.class);
        }
    }

    @Test
    void letsAConsumerReadItsOwnQueuesAndNothingElse() throws Exception {
        try (var broker = start("workflow", "enrichment");
                var connection = connect(broker, "enrichment", "secret-enrichment")) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            for (var other : List.of(
                    "hub.events::workflow",
                    "hub.triggers::workflow.triggers",
                    "DLQ.hub.events",
                    "DLQ.hub.events::DLQ.hub.events",
                    "activemq.management",
                    "of.its.own")) {
                assertThatThrownBy(() -> session.createConsumer(session.createQueue(other)))
                        .as("reads %s", other)
                        .isInstanceOf(JMSException.class);
            }
            assertThatThrownBy(() -> session.createConsumer(session.createTopic("hub.events")))
                    .isInstanceOf(JMSException.class);
            assertThatThrownBy(session::createTemporaryQueue).isInstanceOf(JMSException.class);
            for (var address : List.of(
                    "hub.events", "hub.events::enrichment", "hub.triggers", "activemq.management", "of.its.own")) {
                assertThatThrownBy(() -> session.createProducer(session.createQueue(address))
                                .send(session.createTextMessage("forged")))
                        .as("sends to %s", address)
                        .isInstanceOf(JMSException.class);
            }
            assertThat(session.createConsumer(session.createQueue("hub.events::enrichment")))
                    .isNotNull();
            assertThat(broker.queues())
                    .allSatisfy(queue -> assertThat(queue.messages()).isZero());
        }
    }

    @Test
    void setsAsideWhatAConsumerRejectedTenTimes() throws Exception {
        try (var broker = start("workflow");
                var bus = broker.bus();
                var connection = connect(broker, "workflow", "secret-workflow")) {
            bus.publish(List.of(message(Addresses.EVENTS, "1")));
            var session = connection.createSession(true, Session.SESSION_TRANSACTED);
            var consumer = session.createConsumer(session.createQueue("hub.events::workflow"));
            for (var attempt = 1; attempt <= 10; attempt++) {
                assertThat(consumer.receive(PATIENCE)).as("attempt %d", attempt).isNotNull();
                session.rollback();
            }
            await().untilAsserted(() -> {
                assertThat(waiting(broker, "workflow")).isZero();
                assertThat(waiting(broker, "DLQ.hub.events")).isOne();
            });
        }
    }

    @Test
    void keepsTheNewestTelemetryOnly() throws Exception {
        var settings = new BrokerSettings(
                "127.0.0.1",
                0,
                new Passwords(Map.of("workflow", "secret-workflow")),
                1 << 20,
                64 << 20,
                10,
                5,
                1 << 20);
        try (var broker = Broker.start(directory, settings);
                var bus = broker.bus()) {
            bus.publish(IntStream.range(0, 100)
                    .mapToObj(n -> message(Addresses.TELEMETRY, "" + n))
                    .toList());
            bus.publish(IntStream.range(0, 100)
                    .mapToObj(n -> message(Addresses.DEAD_LETTERS, "" + n))
                    .toList());
            await().untilAsserted(() -> {
                assertThat(waiting(broker, "workflow.telemetry")).isEqualTo(10);
                assertThat(waiting(broker, "workflow.dead-letters")).isEqualTo(5);
            });
            try (var connection = connect(broker, "workflow", "secret-workflow")) {
                var first = consume(connection, "hub.telemetry::workflow.telemetry", 1)
                        .get(0);
                assertThat(first.getStringProperty("id")).isEqualTo("90");
            }
        }
    }

    @Test
    void goesToDiskAndThenRefusesWhenNobodyConsumes() throws Exception {
        var settings = new BrokerSettings(
                "127.0.0.1",
                0,
                new Passwords(Map.of("workflow", "secret-workflow")),
                1 << 20,
                16 << 20,
                10,
                5,
                1 << 20);
        try (var broker = Broker.start(directory, settings);
                var bus = broker.bus()) {
            var batch = IntStream.range(0, 1_000)
                    .mapToObj(n -> message(Addresses.EVENTS, "" + n))
                    .toList();
            var published = 0;
            try {
                for (; published < 100_000; published += batch.size()) {
                    bus.publish(batch);
                }
            } catch (BusException e) {
                assertThat(e).hasMessageContaining("full");
            }
            assertThat(published).isBetween(5_000, 50_000);
            assertThat(broker.queues()).anyMatch(QueueState::paging);
            bus.publish(List.of(message(Addresses.TELEMETRY, "still")));
            try (var connection = connect(broker, "workflow", "secret-workflow")) {
                assertThat(consume(connection, "hub.events::workflow", published))
                        .hasSize(published);
            }
        }
    }

    @Test
    void failsSoonInsteadOfBlockingOnAFullDisk() {
        var everything = Long.MAX_VALUE;
        var settings = new BrokerSettings(
                "127.0.0.1",
                0,
                new Passwords(Map.of("workflow", "secret-workflow")),
                1 << 20,
                64 << 20,
                10,
                5,
                everything);
        try (var broker = Broker.start(directory, settings);
                var bus = broker.bus()) {
            await().until(broker::isDiskFull);
            var started = System.nanoTime();
            assertThatThrownBy(() -> bus.publish(List.of(message(Addresses.EVENTS, "1"))))
                    .isInstanceOf(BusException.class);
            assertThat((System.nanoTime() - started) / 1_000_000).isLessThan(6_000);
        }
    }

    @Test
    void sparesTheMessagesOfAConsumerThatWasTakenOut() throws Exception {
        try (var broker = start("workflow", "enrichment");
                var bus = broker.bus()) {
            bus.publish(List.of(message(Addresses.EVENTS, "1")));
        }
        start("workflow").close();
        try (var broker = start("workflow", "enrichment");
                var connection = connect(broker, "enrichment", "secret-enrichment")) {
            assertThat(consume(connection, "hub.events::enrichment", 1)).hasSize(1);
        }
    }

    @Test
    void shutsOutAConsumerWhosePasswordCountsNoMore() throws Exception {
        var passwords = new ConcurrentHashMap<>(Map.of("workflow", "old", "enrichment", "other"));
        var ended = new CopyOnWriteArrayList<String>();
        try (var broker = Broker.start(directory, BrokerSettings.of("127.0.0.1", 0, new Passwords(passwords)));
                var bus = broker.bus();
                var revoked = connect(broker, "workflow", "old");
                var spared = connect(broker, "enrichment", "other")) {
            revoked.setExceptionListener(e -> ended.add("workflow"));
            spared.setExceptionListener(e -> ended.add("enrichment"));
            bus.publish(List.of(message(Addresses.EVENTS, "1")));
            var session = revoked.createSession(false, Session.CLIENT_ACKNOWLEDGE);
            var consumer = session.createConsumer(session.createQueue("hub.events::workflow"));
            revoked.start();
            assertThat(consumer.receive(PATIENCE)).isNotNull();

            broker.shutOutTheRevoked();
            bus.publish(List.of(message(Addresses.EVENTS, "2")));
            assertThat(consumer.receive(PATIENCE)).isNotNull();

            passwords.put("workflow", "new");
            broker.shutOutTheRevoked();
            await().untilAsserted(() -> assertThat(ended).containsExactly("workflow"));
            assertThatThrownBy(() -> connect(broker, "workflow", "old").start())
                    .isInstanceOf(JMSSecurityException.class);
            try (var connection = connect(broker, "workflow", "new")) {
                // what it had and did not acknowledge is there again
                assertThat(consume(connection, "hub.events::workflow", 2)).hasSize(2);
            }
            assertThat(consume(spared, "hub.events::enrichment", 2)).hasSize(2);
            bus.publish(List.of(message(Addresses.EVENTS, "3")));
        }
    }

    @Test
    void saysThatThePortIsTaken() {
        try (var broker = start("workflow")) {
            var same = BrokerSettings.of("127.0.0.1", broker.port(), new Passwords(Map.of()));
            assertThatThrownBy(() -> Broker.start(directory.resolve("second"), same))
                    .isInstanceOf(BusException.class)
                    .hasMessageContaining("HUB_AMQP_PORT");
        }
    }

    @Test
    void refusesToForget() throws Exception {
        var settings = BrokerSettings.of("127.0.0.1", 0, new Passwords(Map.of()));
        var forgetful = BrokerConfiguration.of(directory, settings, 0).setPersistenceEnabled(false);
        assertThatThrownBy(() -> BrokerConfiguration.requireDurable(forgetful)).isInstanceOf(BusException.class);
        var wasteful = BrokerConfiguration.of(directory, settings, 0);
        wasteful.getAddressSettings().get(Addresses.EVENTS).setDeadLetterAddress(null);
        assertThatThrownBy(() -> BrokerConfiguration.requireDurable(wasteful)).hasMessageContaining("dead-letter");
    }

    private Broker start(String... consumers) {
        var passwords = new HashMap<String, String>();
        for (var consumer : consumers) {
            passwords.put(consumer, "secret-" + consumer);
        }
        return Broker.start(directory, BrokerSettings.of("127.0.0.1", 0, new Passwords(passwords)));
    }

    static Message message(String address, String id) {
        return new Message(address, id, "order.placed.v1", new byte[1_200], true);
    }

    static long waiting(Broker broker, String queue) {
        return broker.queues().stream()
                .filter(state -> state.queue().equals(queue))
                .mapToLong(QueueState::messages)
                .sum();
    }

    static Connection connect(Broker broker, String user, String password) throws JMSException {
        var factory = new JmsConnectionFactory(user, password, "amqp://127.0.0.1:" + broker.port());
        var connection = factory.createConnection();
        connection.start();
        return connection;
    }

    static List<jakarta.jms.Message> consume(Connection connection, String queue, int count) throws JMSException {
        var session = connection.createSession(true, Session.SESSION_TRANSACTED);
        try (var consumer = session.createConsumer(session.createQueue(queue))) {
            var messages = new ArrayList<jakarta.jms.Message>();
            while (messages.size() < count) {
                var message = consumer.receive(PATIENCE);
                if (message == null) {
                    throw new AssertionError("Only %d of %d messages in %s".formatted(messages.size(), count, queue));
                }
                messages.add(message);
                if (messages.size() % 500 == 0) {
                    session.commit();
                }
            }
            session.commit();
            return messages;
        } finally {
            session.close();
        }
    }
}
