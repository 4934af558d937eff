package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.protocol.amqp.proton.handler.EventHandler;
import org.apache.qpid.proton.amqp.transport.AmqpError;
import org.apache.qpid.proton.amqp.transport.LinkError;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Session;

/**
 * Bounds what one connection may have in memory before the broker has stored it: the size of a message, which AMQP does
 * not announce, how many are half sent, and how much is sent faster than it is stored or its answer read. Runs in the
 * connection's own thread.
 */
final class AmqpMeter extends ChannelInboundHandlerAdapter implements EventHandler {

    private static final long MAX_IN_HAND = 2 << 20;
    /** Which Proton and the broker make of it, beside its bytes. */
    private static final int OF_A_MESSAGE = 4 << 10;

    private static final int LOOK_MILLIS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A message of which more is to come. */
    private record Half(int bytes, int frames, long since) {

        /** A frame of a byte takes more than a byte. */
        private static final int OF_A_FRAME = 32;

        long size() {
            return bytes + (long) frames * OF_A_FRAME;
        }
    }

    private final Channel channel;
    private final AmqpEnd end;
    private final int maxMessageBytes;
    private final AmqpMemory memory;
    /** Messages that the broker has to settle, and what they are charged for. */
    private final Map<Delivery, Long> inHand = new HashMap<>();

    private final Map<Link, Half> halves = new HashMap<>();
    private long bytes;
    private long unassigned;
    private long waitingSince;
    private boolean isLooking;

    /** @param memory shared with all other connections */
    AmqpMeter(Channel channel, AmqpEnd end, int maxMessageBytes, AmqpMemory memory) {
        this.channel = channel;
        this.end = end;
        this.maxMessageBytes = maxMessageBytes;
        this.memory = memory;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        memory.holds(this, AmqpMemory.Share.NONE);
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
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (waitingSince != 0 && !isTooMuch()) {
            goOn();
        } else {
            slowDown();
        }
        context.fireChannelWritabilityChanged();
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
        halves.remove(link);
        tell();
    }

    @Override
    public void onRemoteClose(Session session) {
        halves.keySet().removeIf(link -> link.getSession() == session);
        tell();
    }

    @Override
    public void onDelivery(Delivery delivery) {
        if (!(delivery.getLink() instanceof Receiver)) {
            return; // a consumer has settled something
        }
        if (delivery.getLink().getLocalState() == EndpointState.CLOSED) {
            // nobody will settle it
            end.now(Reason.UNKNOWN_CONNECTOR, AmqpError.NOT_ALLOWED, "This link is closed.");
        } else if (delivery.available() > maxMessageBytes) {
            end.now(
                    Reason.TOO_LARGE,
                    LinkError.MESSAGE_SIZE_EXCEEDED,
                    "A message has at most " + maxMessageBytes + " bytes.");
        } else if (delivery.isPartial() && !delivery.isAborted()) {
            var known = halves.get(delivery.getLink());
            halves.put(
                    delivery.getLink(),
                    known == null
                            ? new Half(delivery.available(), 1, System.nanoTime())
                            : new Half(delivery.available(), known.frames + 1, known.since));
            tell();
        } else {
            halves.remove(delivery.getLink());
            charge(delivery);
            slowDown();
        }
    }

    private void charge(Delivery delivery) {
        // it is told again when its sender changes its state
        if (!delivery.isSettled() && !inHand.containsKey(delivery)) {
            var own = Math.min(unassigned, maxMessageBytes);
            unassigned -= own;
            inHand.put(delivery, own + OF_A_MESSAGE);
            bytes += own + OF_A_MESSAGE;
            if (halves.isEmpty()) {
                unassigned = 0; // of what is no message
            }
        }
    }

    private void tell() {
        if (!end.isNear()) {
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
            if (!isLooking) {
                look();
            }
        }
    }

    private void goOn() {
        waitingSince = 0;
        channel.config().setAutoRead(true);
    }

    private void look() {
        isLooking = false;
        forgetSettled();
        if (waitingSince == 0) {
            return; // it could go on sooner
        }
        if (!isTooMuch()) {
            goOn();
        } else if (System.nanoTime() - waitingSince > PATIENCE.toNanos() && (isMuch() || isSender())) {
            end.now(
                    Reason.UNAVAILABLE,
                    AmqpError.RESOURCE_LIMIT_EXCEEDED,
                    isMuch() ? "The hub stores nothing now; send it again." : "What the hub answers is not read.");
        } else if (channel.isOpen()) {
            isLooking = true;
            channel.eventLoop().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** A consumer may be slow to listen, but is not listened to meanwhile. */
    private boolean isTooMuch() {
        return isMuch() || !channel.isWritable();
    }

    private boolean isMuch() {
        return bytes > MAX_IN_HAND || bytes > 0 && memory.isFull();
    }

    private boolean isSender() {
        return AmqpUser.of(end.user()).isPresent();
    }

    private void forgetSettled() {
        inHand.entrySet().removeIf(message -> {
            if (isAnswered(message.getKey())) {
                bytes -= message.getValue();
                return true;
            }
            return false;
        });
        tell();
    }

    /** What is on a link that is closed is settled with it, and still waits for the broker. */
    private static boolean isAnswered(Delivery delivery) {
        return delivery.isSettled() && delivery.getLocalState() != null;
    }

    /** For any thread. */
    void giveUp() {
        end.now(
                Reason.BUSY,
                AmqpError.RESOURCE_LIMIT_EXCEEDED,
                "Too many messages are half sent; send it again, and send it whole.");
    }
}
