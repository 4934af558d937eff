package io.dovetail.intake.queue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the messages of another broker (AMQP 1.0, 2.6.14) from its client, and gives it a number in the place of each. That
 * broker is known, but not who has put a message there: one that the client fails on would end the connection, or the hub,
 * each time that it comes again; of others it would make what their senders say that they are.
 */
final class RemoteFrames {

    private static final Set<Object> TRANSFER = Set.of(0x14L, "amqp:transfer:list");
    private static final int SIZE_BYTES = Integer.BYTES;

    /** A message that has begun to come. */
    private record Arriving(int channel, UnsignedInteger handle, RemoteMessage.Builder message) {}

    private final AmqpNames names;
    private final int maxFrameBytes;
    private final int maxMessageBytes;
    private final Map<Long, RemoteMessage> arrived;
    private final Consumer<ByteBuf> client;
    private final DecoderImpl decoder = new DecoderImpl();
    private final ByteBuf unread = Unpooled.buffer();
    private @Nullable Arriving arriving;
    private long count;

    /**
     * @param names that this broker has used in its frames
     * @param maxMessageBytes of all sections of a message together
     * @param arrived gets each message, by its number
     * @param client reads a frame, before it returns
     */
    RemoteFrames(
            AmqpNames names,
            int maxFrameBytes,
            int maxMessageBytes,
            Map<Long, RemoteMessage> arrived,
            Consumer<ByteBuf> client) {
        this.names = names;
        this.maxFrameBytes = maxFrameBytes;
        this.maxMessageBytes = maxMessageBytes;
        this.arrived = arrived;
        this.client = client;
        AMQPDefinedTypes.registerAllTypes(decoder, new EncoderImpl(decoder));
    }

    /** @throws AmqpValues.Fault when nothing more of this connection is to be read */
    void read(ByteBuf bytes) throws AmqpValues.Fault {
        unread.writeBytes(bytes);
        while (unread.readableBytes() >= SIZE_BYTES) {
            var size = unread.getUnsignedInt(unread.readerIndex());
            if (size == AmqpBytes.AMQP) {
                size = AmqpBytes.HEADER_BYTES;
            } else if (size < AmqpBytes.HEADER_BYTES || size > maxFrameBytes) {
                throw new AmqpValues.Fault("This is no frame (2.3.1).");
            }
            if (unread.readableBytes() < size) {
                break;
            }
            client.accept(withoutMessage(unread.readSlice((int) size)));
        }
        unread.discardReadBytes();
    }

    private ByteBuf withoutMessage(ByteBuf frame) throws AmqpValues.Fault {
        if (frame.getInt(0) == AmqpBytes.AMQP) {
            return frame;
        }
        var offset = frame.getUnsignedByte(4) * SIZE_BYTES;
        if (offset < AmqpBytes.HEADER_BYTES || offset > frame.readableBytes()) {
            throw new AmqpValues.Fault("This is no frame (2.3.1).");
        }
        var rest = frame.slice(offset, frame.readableBytes() - offset);
        if (!rest.isReadable()) {
            return frame; // it tells that somebody is there
        }
        var body = new AmqpValues(
                names::admit, AmqpBytes.MAX_VALUES, Math.min(rest.readableBytes(), AmqpBytes.MAX_BODY_BYTES));
        if (!body.read(rest)) {
            throw new AmqpValues.Fault("The frame ends too early.");
        }
        if (!TRANSFER.contains(body.descriptor())) {
            return frame;
        }
        var transfer = transfer(frame.nioBuffer(offset, rest.readerIndex()));
        return frame(frame.slice(0, offset + rest.readerIndex()), take(frame.getUnsignedShort(6), transfer, rest));
    }

    private Transfer transfer(ByteBuffer bytes) throws AmqpValues.Fault {
        decoder.setByteBuffer(bytes);
        try {
            return (Transfer) decoder.readObject();
        } catch (RuntimeException e) {
            // Proton has many ways to say so
            throw new AmqpValues.Fault("This is no transfer (2.7.5).");
        }
    }

    /** @return what the client hears of it */
    private ByteBuf take(int channel, Transfer transfer, ByteBuf payload) throws AmqpValues.Fault {
        var known = arriving;
        if (known == null) {
            known = new Arriving(channel, transfer.getHandle(), new RemoteMessage.Builder(maxMessageBytes));
        } else if (known.channel != channel || !known.handle.equals(transfer.getHandle())) {
            // the hub reads by one link
            throw new AmqpValues.Fault("A message is half sent.");
        }
        if (transfer.getAborted()) {
            // the client would wait for the rest
            throw new AmqpValues.Fault("A message is given up.");
        }
        known.message.add(payload);
        if (transfer.getMore()) {
            arriving = known;
            return Unpooled.EMPTY_BUFFER;
        }
        arriving = null;
        arrived.put(++count, known.message.build());
        return number(count);
    }

    /** A section of data (3.2.6). */
    private static ByteBuf number(long number) {
        return Unpooled.buffer()
                .writeBytes(new byte[] {0, 0x53, 0x75, (byte) 0xa0, Long.BYTES})
                .writeLong(number);
    }

    private static ByteBuf frame(ByteBuf head, ByteBuf payload) {
        var size = head.readableBytes() + payload.readableBytes();
        return Unpooled.buffer(size)
                .writeInt(size)
                .writeBytes(head, SIZE_BYTES, head.readableBytes() - SIZE_BYTES)
                .writeBytes(payload);
    }
}
