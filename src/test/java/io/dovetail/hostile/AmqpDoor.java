package io.dovetail.hostile;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.message.JmsMessage;

/** Queues over AMQP 1.0, where nobody is there to be told and so almost everything is taken and parked. */
final class AmqpDoor implements Door {

    /** The application property that the connectors' {@code deliveryId} names. */
    static final String ID = "hostileId";

    /** Before the name of what is to become an annotation of the message; no attack is called so. */
    private static final String ANNOTATION = "the annotation: ";

    // a connection for each is dear
    private static final int STRANGER_EVERY = 16;

    private record Line(Connection connection, Session session, MessageProducer producer) {}

    private final int port;
    private final Function<String, String> secrets;
    private final Arrivals arrivals;
    private final Map<String, Line> lines = new HashMap<>();
    private int sent;
    private int unproved;

    /** @param secrets by their names */
    AmqpDoor(int port, Function<String, String> secrets, Arrivals arrivals) {
        this.port = port;
        this.secrets = secrets;
        this.arrivals = arrivals;
    }

    @Override
    public String name() {
        return "amqp";
    }

    @Override
    public boolean carries(Delivery delivery) {
        return !(delivery.form() instanceof HttpForm) && delivery.id().startsWith("id-");
    }

    @Override
    public Set<Ending> ends(Attack attack) {
        if (attack.family().equals(XmlAttacks.LARGE)) {
            return Ending.ANY;
        }
        if (!attack.ends().contains(Ending.REFUSED) || attack.family().equals(AmqpMessages.FAMILY)) {
            return attack.ends();
        }
        var ends = EnumSet.copyOf(attack.ends());
        ends.add(Ending.PARKED);
        return ends;
    }

    /** What a sender is called at the broker. */
    static String user(String connector, String sender) {
        return "in." + connector + (sender.equals("default") ? "" : "." + sender);
    }

    static String secretName(String connector, String sender) {
        return user(connector, sender).substring("in.".length()) + ".amqp";
    }

    @Override
    public Reply deliver(Delivery delivery, Arm arm) {
        var user = user(delivery.connector(), delivery.sender());
        return arm == Arm.SIGNED
                ? send(user, secrets.apply(secretName(delivery.connector(), delivery.sender())), delivery)
                : unproved(user, delivery);
    }

    private Reply send(String user, String password, Delivery delivery) {
        var id = delivery.id() + "-" + sent++;
        var now = System.currentTimeMillis();
        try {
            var line = line(user, password, "in." + delivery.connector());
            line.producer.send(message(line.session, delivery, id));
        } catch (JMSException | RuntimeException e) {
            // also when the broker ended the connection, as for what is too large
            close(lines.remove(user));
            return new Reply.Refused("rejected", String.valueOf(e.getMessage()));
        }
        return arrivals.await(id, now);
    }

    private static JmsMessage message(Session session, Delivery delivery, String id) throws JMSException {
        var message = (JmsMessage)
                (delivery.form() instanceof AmqpForm form
                        ? form.message(session, delivery.body())
                        : bytes(session, delivery.body()));
        // below JMS, which has its own mind about names
        var facade = message.getFacade();
        for (var header : delivery.more()) {
            if (header.name().startsWith(ANNOTATION)) {
                facade.setTracingAnnotation(header.name().substring(ANNOTATION.length()), header.value());
            } else {
                facade.setProperty(header.name(), header.value());
            }
        }
        facade.setProperty(ID, id);
        return message;
    }

    private static BytesMessage bytes(Session session, byte[] body) throws JMSException {
        var message = session.createBytesMessage();
        message.writeBytes(body);
        return message;
    }

    /** As somebody who may send elsewhere; now and then with a password that is none. */
    private Reply unproved(String user, Delivery delivery) {
        var address = "in." + delivery.connector();
        if (unproved++ % STRANGER_EVERY == 0) {
            return tried(user, "no-password", address, delivery);
        }
        return asAnother(delivery.connector().equals("jira") ? "partner-api" : "jira", address, delivery);
    }

    private Reply asAnother(String other, String address, Delivery delivery) {
        var user = user(other, "default");
        try {
            var line = line(user, secrets.apply(secretName(other, "default")), "in." + other);
            try (var producer = line.session.createProducer(line.session.createQueue(address))) {
                producer.send(message(line.session, delivery, delivery.id() + "-" + sent++));
            }
            return new Reply.Wrong("the broker takes it from " + user, "");
        } catch (JMSException | RuntimeException e) {
            // which has ended the connection
            close(lines.remove(user));
            return new Reply.Refused(
                    e instanceof JMSSecurityException ? "forbidden" : "rejected", String.valueOf(e.getMessage()));
        }
    }

    private Line line(String user, String password, String address) throws JMSException {
        var line = lines.get(user);
        if (line == null) {
            line = open(user, password, address);
            lines.put(user, line);
        }
        return line;
    }

    /** On a connection of its own. Nobody looks whether it arrives: it must not come as far as that. */
    Reply tried(String user, String password, String address, Delivery delivery) {
        var line = (Line) null;
        try {
            line = open(user, password, address);
            line.producer.send(message(line.session, delivery, delivery.id() + "-" + sent++));
            return new Reply.Wrong("the broker takes it from " + user, "");
        } catch (JMSException | RuntimeException e) {
            return new Reply.Refused("rejected", String.valueOf(e.getMessage()));
        } finally {
            close(line);
        }
    }

    /** Whether it may be a reader there. */
    boolean reads(String user, String password, String address) {
        var connection = (Connection) null;
        try {
            connection = connected(user, password);
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            session.createConsumer(session.createQueue(address)).close();
            return true;
        } catch (JMSException | RuntimeException e) {
            return false;
        } finally {
            close(connection);
        }
    }

    private Line open(String user, String password, String address) throws JMSException {
        var connection = connected(user, password);
        try {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            return new Line(connection, session, session.createProducer(session.createQueue(address)));
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connected(String user, String password) throws JMSException {
        var url = "amqp://127.0.0.1:%d?jms.closeTimeout=1000&jms.connectTimeout=10000".formatted(port);
        var connection = new JmsConnectionFactory(user, password, url).createConnection();
        try {
            connection.start();
            return connection;
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void close(Line line) {
        close(line == null ? null : line.connection);
    }

    private static void close(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (JMSException e) {
            // it is closed
        }
    }

    @Override
    public List<Channel> channels() {
        return List.of(
                new Beside("property", Delivery::with),
                // as CloudEvents has them in AMQP's binary mode
                new Beside("attribute", (delivery, name, value) -> delivery.with("cloudEvents:" + name, value)),
                new Beside("annotation", (delivery, name, value) -> delivery.with(ANNOTATION + name, value)),
                new Beside("field", Delivery::withField));
    }

    @Override
    public void close() {
        lines.values().forEach(AmqpDoor::close);
    }
}
