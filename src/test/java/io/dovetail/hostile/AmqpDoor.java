package io.dovetail.hostile;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.message.JmsMessage;

/** Queues over AMQP 1.0, where nobody is there to be told and so almost everything is taken and parked. */
final class AmqpDoor implements Door {

    /** The application property that the connectors' {@code deliveryId} names. */
    static final String ID = "hostileId";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private record Line(Connection connection, Session session, MessageProducer producer) {}

    private final int port;
    private final Function<String, String> secrets;
    private final Function<String, Optional<String>> stored;
    private final Map<String, Line> lines = new HashMap<>();
    private int sent;

    /**
     * @param secrets by their names
     * @param stored the delivery that its sender calls so
     */
    AmqpDoor(int port, Function<String, String> secrets, Function<String, Optional<String>> stored) {
        this.port = port;
        this.secrets = secrets;
        this.stored = stored;
    }

    @Override
    public String name() {
        return "amqp";
    }

    @Override
    public boolean carries(Delivery delivery) {
        return delivery.form() == null && delivery.id().startsWith("id-");
    }

    @Override
    public Set<Ending> ends(Attack attack) {
        if (!attack.ends().contains(Ending.REFUSED)) {
            return attack.ends();
        }
        var ends = EnumSet.copyOf(attack.ends());
        ends.add(Ending.PARKED);
        return ends;
    }

    @Override
    public Reply deliver(Delivery delivery, Arm arm) {
        var user = "in." + delivery.connector() + (delivery.sender().equals("default") ? "" : "." + delivery.sender());
        return arm == Arm.SIGNED
                ? send(user, secrets.apply(user.substring("in.".length()) + ".amqp"), delivery)
                : unproved(user, delivery);
    }

    private Reply send(String user, String password, Delivery delivery) {
        var id = delivery.id() + "-" + sent++;
        try {
            var line = lines.get(user);
            if (line == null) {
                line = open(user, password, "in." + delivery.connector());
                lines.put(user, line);
            }
            line.producer.send(message(line.session, delivery, id));
        } catch (JMSException | RuntimeException e) {
            // also when the broker ended the connection, as for what is too large
            close(lines.remove(user));
            return new Reply.Refused("rejected", String.valueOf(e.getMessage()));
        }
        return awaited(id);
    }

    private Reply awaited(String id) {
        var until = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < until) {
            var found = stored.apply(id);
            if (found.isPresent()) {
                return new Reply.Taken(found.get(), false, "");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return new Reply.Wrong("the broker took it, and the hub never stores it", "");
    }

    private static JmsMessage message(Session session, Delivery delivery, String id) throws JMSException {
        var message = (JmsMessage) session.createBytesMessage();
        ((jakarta.jms.BytesMessage) message).writeBytes(delivery.body());
        // below JMS, which has its own mind about names
        var facade = message.getFacade();
        for (var header : delivery.more()) {
            facade.setProperty(header.name(), header.value());
        }
        facade.setProperty(ID, id);
        return message;
    }

    /** By turns with a password that is none, and as somebody who may send elsewhere. */
    private Reply unproved(String user, Delivery delivery) {
        var stranger = sent++ % 2 == 0;
        var other = delivery.connector().equals("jira") ? "partner-api" : "jira";
        var line = (Line) null;
        try {
            line = stranger
                    ? open(user, "no-password", "in." + delivery.connector())
                    : open("in." + other, secrets.apply(other + ".amqp"), "in." + delivery.connector());
            line.producer.send(message(line.session, delivery, delivery.id() + "-" + sent++));
            return new Reply.Wrong("the broker takes it from " + (stranger ? "a stranger" : "in." + other), "");
        } catch (JMSException | RuntimeException e) {
            return new Reply.Refused("rejected", String.valueOf(e.getMessage()));
        } finally {
            close(line);
        }
    }

    private Line open(String user, String password, String address) throws JMSException {
        var url = "amqp://127.0.0.1:%d?jms.closeTimeout=1000&jms.connectTimeout=10000".formatted(port);
        var connection = new JmsConnectionFactory(user, password, url).createConnection();
        try {
            connection.start();
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            return new Line(connection, session, session.createProducer(session.createQueue(address)));
        } catch (JMSException e) {
            connection.close();
            throw e;
        }
    }

    private static void close(Line line) {
        try {
            if (line != null) {
                line.connection.close();
            }
        } catch (JMSException e) {
            // it is closed
        }
    }

    @Override
    public List<Channel> channels() {
        return List.of(
                new Put("property", (delivery, name, value) -> delivery.with(name, value)),
                new Put("field", (delivery, name, value) -> {
                    var body = new String(delivery.body(), StandardCharsets.UTF_8).strip();
                    var field = body.contains("\"" + name + "\"") ? name + "2" : name;
                    return body.startsWith("{")
                            ? delivery.withBody(
                                    Template.bytes("{\"" + field + "\": \"" + value + "\"," + body.substring(1)))
                            : delivery;
                }));
    }

    private interface Putting {
        Delivery put(Delivery delivery, String name, String value);
    }

    private record Put(String name, Putting how) implements Channel {

        @Override
        public Set<Ending> ends(String header) {
            return Ending.TAKEN;
        }

        @Override
        public Delivery put(Delivery delivery, String header, String value) {
            return how.put(delivery, header, value);
        }
    }

    @Override
    public void close() {
        lines.values().forEach(AmqpDoor::close);
    }
}
