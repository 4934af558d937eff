package io.dovetail.intake.queue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.protocol.amqp.broker.ActiveMQProtonRemotingConnection;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPConnectionContext;
import org.apache.activemq.artemis.protocol.amqp.proton.handler.EventHandler;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.AmqpError;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.LinkError;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;

/**
 * Bounds what one connection may have in memory before the broker has stored it: the size of a message, which AMQP does
 * not announce, how many are half sent, and how much is sent faster than it is stored. Runs in the connection's own
 * thread.
 */
final class AmqpMeter extends ChannelInboundHandlerAdapter implements EventHandler {

    private static final int MAX_LINKS = 16;
    private static final long MAX_IN_HAND = 2 << 20;
    private static final int LOOK_MILLIS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A message that the broker has to settle. */
    private record InHand(Delivery delivery, long bytes) {}

    private final AMQPConnectionContext connection;
    private final Channel channel;
    private final int maxMessageBytes;
    private final ArrayDeque<InHand> inHand = new ArrayDeque<>();
    private final Set<Link> links = new HashSet<>();
    private long bytes;
    private long unassigned;
    private long waitingSince;

    private AmqpMeter(AMQPConnectionContext connection, Channel channel, int maxMessageBytes) {
        this.connection = connection;
        this.channel = channel;
        this.maxMessageBytes = maxMessageBytes;
    }

    static void attach(ActiveMQProtonRemotingConnection connection, int maxMessageBytes) {
        if (connection.getTransportConnection() instanceof NettyConnection netty) {
            var meter = new AmqpMeter(connection.getAmqpConnection(), netty.getNettyChannel(), maxMessageBytes);
            meter.channel.pipeline().addFirst("hub-meter", meter);
            connection.getAmqpConnection().addEventHandler(meter);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (read instanceof ByteBuf buffer) {
            unassigned += buffer.readableBytes();
        }
        context.fireChannelRead(read);
    }

    @Override
    public void onRemoteOpen(Link link) {
        if (link instanceof Receiver && links.add(link) && links.size() > MAX_LINKS) {
            end(AmqpError.RESOURCE_LIMIT_EXCEEDED, "A connection has at most " + MAX_LINKS + " links to send on.");
        }
    }

    @Override
    public void onRemoteClose(Link link) {
        links.remove(link);
    }

    @Override
    public void onRemoteDetach(Link link) {
        links.remove(link);
    }

    @Override
    public void onDelivery(Delivery delivery) {
        if (!(delivery.getLink() instanceof Receiver)) {
            return; // a consumer has settled something
        }
        if (delivery.getMessageFormat() != 0) {
            end(AmqpError.NOT_IMPLEMENTED, "Only plain AMQP 1.0 messages are taken (message-format 0).");
        } else if (delivery.available() > maxMessageBytes) {
            end(LinkError.MESSAGE_SIZE_EXCEEDED, "A message has at most " + maxMessageBytes + " bytes.");
        } else if (!delivery.isPartial()) {
            inHand.add(new InHand(delivery, unassigned));
            bytes += unassigned;
            unassigned = 0;
            slowDown();
        }
    }

    /** Reads no more of this connection while so much of it waits for the broker. */
    private void slowDown() {
        forgetSettled();
        if (bytes > MAX_IN_HAND && waitingSince == 0) {
            waitingSince = System.nanoTime();
            channel.config().setAutoRead(false);
            look();
        }
    }

    private void look() {
        forgetSettled();
        if (bytes <= MAX_IN_HAND) {
            waitingSince = 0;
            channel.config().setAutoRead(true);
        } else if (System.nanoTime() - waitingSince > PATIENCE.toNanos()) {
            end(AmqpError.RESOURCE_LIMIT_EXCEEDED, "The hub stores nothing now; send it again.");
        } else if (channel.isOpen()) {
            channel.eventLoop().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void forgetSettled() {
        inHand.removeIf(message -> {
            if (message.delivery.isSettled()) {
                bytes -= message.bytes;
                return true;
            }
            return false;
        });
    }

    /** The connection and not the link alone: who goes on sending on a link that is closed would fill the memory. */
    private void end(Symbol condition, String why) {
        connection.close(new ErrorCondition(condition, why));
    }
}
