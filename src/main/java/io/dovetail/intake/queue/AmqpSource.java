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
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPStandardMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue {@code in.<connector>} of the broker that runs in the hub. */
final class AmqpSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(AmqpSource.class);
    private static final long WAIT_MILLIS = 500;
    private static final byte[] NOTHING = {};

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
        for (var held : inbox().held(WAIT_MILLIS)) {
            letters.add(letter(held.message(), known));
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

    /** What could not be read any more, since its connector has changed, is parked with the rest. */
    private static Letter letter(Message message, Connector connector) {
        var sender = sender(message);
        var media = connector.webhook().firstMedia();
        try {
            if (message instanceof AMQPStandardMessage amqp) {
                return AmqpContent.of(amqp, connector).from(sender);
            }
        } catch (RefusedException e) {
            log.warn("A message to {} is parked without its content: {}", connector.name(), e.getMessage());
        }
        return new Letter(sender, null, false, media, NOTHING, null);
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
            current.settle(outcomes, this::setAside);
        } catch (Exception e) {
            inbox = null;
            throw new IllegalStateException("the broker does not let go what is stored: " + e, e);
        }
    }

    /** Nobody is there to be answered that the delivery id was used before, so that a person must find it. */
    private void setAside(Message original, Transaction transaction) throws Exception {
        var server = broker.server();
        if (server == null) {
            throw new IllegalStateException("the broker is away");
        }
        var connectorNow = doors.connector(connector);
        var letter = connectorNow == null ? null : letter(original, connectorNow);
        var body = letter == null ? NOTHING : letter.body();
        var copy = new CoreMessage(server.getStorageManager().generateID(), body.length + 512);
        copy.setType(Message.BYTES_TYPE);
        copy.setDurable(true);
        copy.setAddress(broker.setAside(address.toString()));
        copy.setRoutingType(RoutingType.ANYCAST);
        copy.putStringProperty("reason", "The delivery id was used before, with another body.");
        copy.putStringProperty("sender", sender(original));
        if (letter != null && letter.id() != null) {
            copy.putStringProperty("deliveryId", letter.id());
        }
        copy.getBodyBuffer().writeBytes(body);
        if (server.getPostOffice().route(copy, transaction, false) != RoutingStatus.OK) {
            throw new IllegalStateException("the broker has no place for it at " + copy.getAddress());
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
