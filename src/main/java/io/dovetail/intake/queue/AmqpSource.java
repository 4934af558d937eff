package io.dovetail.intake.queue;

import io.dovetail.connector.Connector;
import io.dovetail.intake.Letter;
import io.dovetail.intake.RefusedException;
import io.dovetail.ledger.Acceptance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQPropertyConversionException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPStandardMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue {@code in.<connector>} of the broker that runs in the hub. */
final class AmqpSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(AmqpSource.class);
    private static final long WAIT_MILLIS = 500;

    private final String connector;
    private final AmqpDoors doors;
    private final SimpleString address;
    private final AmqpBroker broker;
    private @Nullable AmqpInbox inbox;

    AmqpSource(String connector, AmqpDoors doors, AmqpBroker broker) {
        this.connector = connector;
        this.address = SimpleString.of(AmqpUser.address(connector));
        this.doors = doors;
        this.broker = broker;
    }

    @Override
    public double waiting() {
        var server = broker.server();
        var queue = server == null || !server.isActive() ? null : server.locateQueue(address);
        return queue == null ? 0 : queue.getMessageCount();
    }

    @Override
    public List<Letter> take() throws InterruptedException {
        var known = doors.connector(connector);
        if (known == null) {
            throw new IllegalStateException("there is no connector " + connector + " with a queue");
        }
        var letters = new ArrayList<Letter>();
        var current = inbox();
        var journal = current.journal();
        for (var held : current.held(WAIT_MILLIS)) {
            // the journal counts its messages, and another one may come in its place
            letters.add(letter(held.message(), known)
                    .at(journal + "/" + held.message().getMessageID()));
        }
        return letters;
    }

    /** The broker may have been started anew since the last time. */
    private AmqpInbox inbox() {
        var server = broker.server();
        var queue = server == null || !server.isActive() ? null : server.locateQueue(address);
        if (server == null || queue == null) {
            throw new IllegalStateException("the broker has no queue " + address + " now");
        }
        var current = inbox;
        if (current == null || !current.isOf(server, queue)) {
            if (current != null && current.isIn(server)) {
                // what it held would wait for it until the next start
                close();
            }
            try {
                inbox = current = new AmqpInbox(server, queue);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return current;
    }

    /** One that its connector, changed since it was let in, would refuse now is taken for what it holds. */
    private static Letter letter(Message message, Connector connector) {
        var sender = sender(message);
        if (!(message instanceof AMQPStandardMessage amqp)) {
            throw new IllegalStateException("a message has come past the guard that is larger than it lets in");
        }
        try {
            return AmqpContent.of(amqp, connector).from(sender);
        } catch (RefusedException e) {
            log.warn("A message to {} is taken for its body alone: {}", connector.name(), e.getMessage());
            return new Letter(sender, null, false, connector.webhook().firstMedia(), AmqpContent.whole(amqp), null);
        }
    }

    private static String sender(Message message) {
        try {
            var name = message instanceof AMQPMessage amqp ? amqp.getExtraBytesProperty(AmqpGuard.SENDER) : null;
            if (name != null) {
                return new String(name, StandardCharsets.UTF_8);
            }
        } catch (ActiveMQPropertyConversionException e) {
            // as below
        }
        throw new IllegalStateException("a message has come past the guard, and nobody knows who sent it");
    }

    @Override
    public void settle(List<Acceptance> outcomes) {
        var current = inbox;
        if (current == null) {
            return;
        }
        try {
            current.settle(outcomes.size());
        } catch (Exception e) {
            inbox = null;
            throw new IllegalStateException("the broker does not let go what is stored: " + e, e);
        }
    }

    @Override
    public void close() {
        var current = inbox;
        inbox = null;
        if (current != null) {
            try {
                current.close();
            } catch (Exception e) {
                log.debug("The broker has gone before its reader: {}", e.toString());
            }
        }
    }
}
