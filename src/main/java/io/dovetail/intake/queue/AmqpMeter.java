package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.protocol.amqp.broker.ActiveMQProtonRemotingConnection;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPConnectionContext;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPSessionContext;
import org.apache.activemq.artemis.protocol.amqp.proton.handler.EventHandler;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.AmqpError;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.LinkError;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.impl.TransportImpl;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what one connection may have in memory before the broker has stored it: the size of a message, which AMQP does
 * not announce, how many are half sent, and how much is sent faster than it is stored; and how long it may stay
 * unopened. Runs in the connection's own thread.
 */
final class AmqpMeter extends ChannelInboundHandlerAdapter implements EventHandler {

    private static final int MAX_LINKS = 16;
    private static final int MAX_SESSIONS = 16;
    private static final long MAX_IN_HAND = 2 << 20;
    private static final int LOOK_MILLIS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A message that the broker has to settle. */
    private record InHand(Delivery delivery, long bytes) {}

    /** A message of which more is to come. */
    private record Half(int bytes, int frames, long since) {

        /** A frame of a byte takes more than a byte. */
        private static final int OF_A_FRAME = 32;

        long size() {
            return bytes + (long) frames * OF_A_FRAME;
        }
    }

    private final AMQPConnectionContext connection;
    private final Channel channel;
    private final AmqpDoors doors;
    private final int maxMessageBytes;
    private final AmqpMemory memory;
    private final AmqpPlaces places;
    private final ArrayDeque<InHand> inHand = new ArrayDeque<>();
    private final Set<Link> links = new HashSet<>();
    private final Set<Session> sessions = new HashSet<>();
    private final Map<Link, Half> halves = new HashMap<>();
    private long bytes;
    private long unassigned;
    private long waitingSince;
    /** Who has opened it, and proved to be so called; null: nobody yet. */
    private @Nullable String user;

    private @Nullable AmqpUser place;
    private @Nullable Future<?> patience;
    private volatile boolean isEnding;

    private AmqpMeter(
            AMQPConnectionContext connection,
            Channel channel,
            AmqpDoors doors,
            int maxMessageBytes,
            AmqpMemory memory,
            AmqpPlaces places) {
        this.connection = connection;
        this.channel = channel;
        this.doors = doors;
        this.maxMessageBytes = maxMessageBytes;
        this.memory = memory;
        this.places = places;
    }

    /**
     * @param doors told of each connection that is ended
     * @param memory shared with all other connections
     * @param places likewise
     */
    static void attach(
            ActiveMQProtonRemotingConnection connection,
            AmqpDoors doors,
            int maxMessageBytes,
            AmqpMemory memory,
            AmqpPlaces places) {
        if (connection.getTransportConnection() instanceof NettyConnection netty) {
            var meter = new AmqpMeter(
                    connection.getAmqpConnection(), netty.getNettyChannel(), doors, maxMessageBytes, memory, places);
            meter.channel.pipeline().addFirst("hub-meter", meter);
            connection.getAmqpConnection().addEventHandler(meter);
            var transport =
                    (TransportImpl) connection.getAmqpConnection().getHandler().getTransport();
            transport.setProtocolTracer(new AmqpFrames(meter::refuseFrame));
            meter.patience =
                    meter.channel.eventLoop().schedule(meter::requireOpen, PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** On its way to the broker, which hears nothing more. */
    private void refuseFrame() {
        if (!isEnding) {
            doors.refused(connection.getSASLResult().getUser(), Reason.MALFORMED);
        }
        isEnding = true;
        connection.getHandler().setReadable(false);
        channel.close();
    }

    /** There is room for so many connections, and whoever has not opened his must not keep others out. */
    private void requireOpen() {
        if (user == null) {
            channel.close();
        }
    }

    /** What waits for its time keeps all that a connection is, and strangers come and go as fast as they like. */
    private void forgetPatience() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (isEnding || connection.getHandler().getConnection().getLocalState() == EndpointState.CLOSED) {
            // the broker would wait for its peer to end them
            connection.getSessions().values().forEach(AMQPSessionContext::close);
            connection.getSessions().clear();
        }
        isEnding = true;
        forgetPatience();
        memory.holds(this, AmqpMemory.Share.NONE);
        if (place != null) {
            places.leave(place);
            place = null;
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (read instanceof ByteBuf buffer) {
            unassigned += buffer.readableBytes();
        }
        context.fireChannelRead(read);
    }

    @Override
    public void onRemoteOpen(Connection opened) {
        if (opened.getLocalState() == EndpointState.CLOSED) {
            cut(null); // his password counts no more since he logged in, or somebody else has the name of his container
            return;
        }
        user = connection.getSASLResult().getUser();
        forgetPatience();
        var sender = AmqpUser.of(user).orElse(null);
        // whoever has gone already would never leave it
        if (sender != null && channel.isActive()) {
            if (places.enter(sender)) {
                place = sender;
            } else {
                end(
                        Reason.TOO_MANY_AT_ONCE,
                        AmqpError.RESOURCE_LIMIT_EXCEEDED,
                        "A sender has at most " + AmqpPlaces.MAX + " connections.");
            }
        }
    }

    @Override
    public void onRemoteOpen(Session session) {
        if (isBounded() && sessions.add(session) && sessions.size() > MAX_SESSIONS) {
            end(
                    Reason.TOO_MANY_AT_ONCE,
                    AmqpError.RESOURCE_LIMIT_EXCEEDED,
                    "A connection has at most " + MAX_SESSIONS + " sessions.");
        }
    }

    @Override
    public void onRemoteClose(Session session) {
        sessions.remove(session);
    }

    /** Consumers may divide their work as they like, once they have opened their connection. */
    private boolean isBounded() {
        return user == null || AmqpUser.of(user).isPresent();
    }

    @Override
    public void onRemoteOpen(Link link) {
        if ((link instanceof Receiver || user == null) && links.add(link) && links.size() > MAX_LINKS) {
            end(
                    Reason.TOO_MANY_AT_ONCE,
                    AmqpError.RESOURCE_LIMIT_EXCEEDED,
                    "A connection has at most " + MAX_LINKS + " links to send on.");
        }
    }

    @Override
    public void onRemoteClose(Link link) {
        forget(link);
    }

    @Override
    public void onRemoteDetach(Link link) {
        forget(link);
    }

    private void forget(Link link) {
        links.remove(link);
        halves.remove(link);
        tell();
    }

    @Override
    public void onDelivery(Delivery delivery) {
        if (!(delivery.getLink() instanceof Receiver)) {
            return; // a consumer has settled something
        }
        if (delivery.getMessageFormat() != 0) {
            end(
                    Reason.MALFORMED,
                    AmqpError.NOT_IMPLEMENTED,
                    "Only plain AMQP 1.0 messages are taken (message-format 0).");
        } else if (delivery.available() > maxMessageBytes) {
            end(
                    Reason.TOO_LARGE,
                    LinkError.MESSAGE_SIZE_EXCEEDED,
                    "A message has at most " + maxMessageBytes + " bytes.");
        } else if (delivery.isPartial()) {
            var known = halves.get(delivery.getLink());
            halves.put(
                    delivery.getLink(),
                    known == null
                            ? new Half(delivery.available(), 1, System.nanoTime())
                            : new Half(delivery.available(), known.frames + 1, known.since));
            tell();
        } else {
            halves.remove(delivery.getLink());
            inHand.add(new InHand(delivery, unassigned));
            bytes += unassigned;
            unassigned = 0;
            slowDown();
        }
    }

    private void tell() {
        if (!isEnding) {
            var half = halves.values().stream().mapToLong(Half::size).sum();
            var since = halves.values().stream().mapToLong(Half::since).min().orElse(Long.MAX_VALUE);
            memory.holds(this, new AmqpMemory.Share(bytes + half, since));
        }
    }

    /** Reads no more of this connection while so much of it waits for the broker. */
    private void slowDown() {
        forgetSettled();
        if (isTooMuch() && waitingSince == 0) {
            waitingSince = System.nanoTime();
            channel.config().setAutoRead(false);
            look();
        }
    }

    private void look() {
        forgetSettled();
        if (!isTooMuch()) {
            waitingSince = 0;
            channel.config().setAutoRead(true);
        } else if (System.nanoTime() - waitingSince > PATIENCE.toNanos()) {
            end(Reason.UNAVAILABLE, AmqpError.RESOURCE_LIMIT_EXCEEDED, "The hub stores nothing now; send it again.");
        } else if (channel.isOpen()) {
            channel.eventLoop().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isTooMuch() {
        return bytes > MAX_IN_HAND || bytes > 0 && memory.isFull();
    }

    private void forgetSettled() {
        inHand.removeIf(message -> {
            if (message.delivery.isSettled()) {
                bytes -= message.bytes;
                return true;
            }
            return false;
        });
        tell();
    }

    /** For any thread. */
    void giveUp() {
        end(
                Reason.BUSY,
                AmqpError.RESOURCE_LIMIT_EXCEEDED,
                "Too many messages are half sent; send it again, and send it whole.");
    }

    /** The connection and not the link alone: who goes on sending on a link that is closed would fill the memory. */
    private void end(Reason reason, Symbol condition, String why) {
        if (!isEnding) {
            doors.refused(user, reason);
        }
        cut(new ErrorCondition(condition, why));
    }

    /** @param why null: the broker has said it */
    private void cut(@Nullable ErrorCondition why) {
        isEnding = true;
        // of what he has sent already nothing more is looked at
        connection.getHandler().setReadable(false);
        connection.close(why);
    }
}
