package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException;
import io.dovetail.intake.RefusedException.Reason;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.activemq.artemis.api.core.ActiveMQAddressFullException;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQSecurityException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPStandardMessage;
import org.apache.activemq.artemis.protocol.amqp.broker.ActiveMQProtonRemotingConnection;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPConnectionContext;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.qpid.proton.engine.impl.TransportImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every message of a sender before the broker stores or routes it. What is refused here is rejected with a
 * reason, and nothing of it is kept; what is let through bears its sender's name where no sender can write.
 */
final class AmqpGuard implements ActiveMQServerPlugin {

    private static final Logger log = LoggerFactory.getLogger(AmqpGuard.class);
    static final SimpleString SENDER = SimpleString.of("_HUB_SENDER");
    private static final byte PRIORITY = AMQPMessage.DEFAULT_MESSAGE_PRIORITY;

    private final AmqpDoors doors;
    private final int maxMessageBytes;
    private final AmqpMemory memory = new AmqpMemory();
    private final AmqpPlaces places = new AmqpPlaces();
    private final AmqpNames.OfAll names = new AmqpNames.OfAll();

    AmqpGuard(AmqpDoors doors, int maxMessageBytes) {
        this.doors = doors;
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public void afterCreateConnection(RemotingConnection connection) {
        if (connection instanceof ActiveMQProtonRemotingConnection amqp
                && amqp.getTransportConnection() instanceof NettyConnection netty) {
            watch(amqp.getAmqpConnection(), netty.getNettyChannel());
        }
    }

    private void watch(AMQPConnectionContext connection, Channel channel) {
        var end = new AmqpEnd(connection, doors);
        var transport = (TransportImpl) connection.getHandler().getTransport();
        var meter = new AmqpMeter(channel, end, maxMessageBytes, memory);
        var openings = new AmqpOpenings(connection, channel, end, places);
        var frames = new AmqpFrames(transport, names, end);
        connection.addEventHandler(openings);
        connection.addEventHandler(meter);
        transport.setProtocolTracer(frames);
        channel.pipeline()
                .addFirst("hub-meter", meter)
                .addBefore("handler", "hub-bytes", new AmqpBytes(transport, frames, end));
        openings.watch();
    }

    @Override
    public void beforeSend(
            ServerSession session, Transaction tx, Message message, boolean direct, boolean noAutoCreateQueue)
            throws ActiveMQException {
        var user = AmqpUser.of(session.getUsername());
        // others have no permission, or are the hub itself
        if (user.isPresent()) {
            try {
                admit(user.get(), message);
            } catch (RefusedException e) {
                doors.refused(session.getUsername(), e.reason());
                throw asArtemis(e);
            } catch (RuntimeException | Error e) {
                // the broker would log it, and let the message through
                doors.refused(session.getUsername(), Reason.UNAVAILABLE);
                log.error(
                        "A message to {} cannot be looked at, and is refused",
                        user.get().address(),
                        e);
                throw new ActiveMQException("The hub cannot read this message.");
            }
        }
    }

    /** By what type of it the sender is told: not allowed, later, or never. */
    private static ActiveMQException asArtemis(RefusedException e) {
        if (e.reason() == Reason.UNKNOWN_CONNECTOR) {
            return new ActiveMQSecurityException(e.getMessage());
        }
        return e.reason().isPassing()
                ? new ActiveMQAddressFullException(e.getMessage())
                : new ActiveMQException(e.getMessage());
    }

    private void admit(AmqpUser user, Message message) throws RefusedException {
        var connector = doors.connector(user.connector());
        if (connector == null || !user.address().equals(message.getAddress())) {
            throw new RefusedException(
                    Reason.UNKNOWN_CONNECTOR, "You may send to " + user.address() + " and to nowhere else.");
        }
        // one in Artemis' own form, as it can be wrapped into AMQP, could say where it is to be routed
        if (!(message instanceof AMQPStandardMessage amqp) || amqp.getMessageFormat() != 0) {
            throw new RefusedException(Reason.MALFORMED, "This is no plain AMQP 1.0 message.");
        }
        if (amqp.getEncodeSize() > maxMessageBytes) {
            throw tooLarge(maxMessageBytes);
        }
        if (amqp.hasScheduledDeliveryTime()) {
            throw new RefusedException(Reason.MALFORMED, "A message cannot be put off until later.");
        }
        var content = AmqpContent.of(amqp, connector);
        if (content.body().length == 0) {
            throw new RefusedException(Reason.MALFORMED, "The message has no body.");
        }
        var maxBytes = connector.webhook().maxBytes();
        if (content.body().length > maxBytes) {
            throw tooLarge(maxBytes);
        }
        doors.admit();
        amqp.putExtraBytesProperty(SENDER, user.sender().getBytes(StandardCharsets.UTF_8));
        keep(amqp);
    }

    private static RefusedException tooLarge(int maxBytes) {
        return new RefusedException(
                Reason.TOO_LARGE, String.format(Locale.ROOT, "This connector takes at most %,d bytes.", maxBytes));
    }

    /** What is acknowledged is on disk, and keeps its place in the queue, whatever the sender says of it. */
    private static void keep(AMQPStandardMessage message) {
        if (!message.isDurable() || message.getPriority() != PRIORITY) {
            message.setDurable(true);
            message.setPriority(PRIORITY);
            message.reencode();
        }
    }
}
