package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.AmqpError;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.engine.TransportException;
import org.apache.qpid.proton.engine.impl.ProtocolTracer;
import org.apache.qpid.proton.engine.impl.TransportImpl;
import org.apache.qpid.proton.framing.TransportFrame;
import org.jspecify.annotations.Nullable;

/**
 * Lets through to Proton what it comes to an end with in time and room: looks at the bytes of each frame before Proton
 * decodes it (AMQP 1.0, 2.3), and then, on the way to the broker, at what it says and at the message in it. Proton keeps a
 * frame that it fails on, and would try it again with all that comes; so it gets no more at a time than it takes in, and
 * the connection ends at its first fault.
 */
final class AmqpFrames extends ChannelInboundHandlerAdapter implements ProtocolTracer {

    private static final int HEADER_BYTES = 8;
    private static final int AMQP = 0x414d5150; // as a header of the protocol begins (2.2), and no frame
    private static final long MAX_FRAME_BODY_BYTES = 8 << 10;
    private static final long MAX_FRAME_VALUES = 512;
    private static final long MAX_MESSAGE_VALUES = 65_536;
    private static final long MIN_FRAME_BYTES = 512;
    private static final long MAX_HANDLE = 65_535;
    private static final long MAX_RANGE = 65_536;
    private static final long HIGHEST = 0xffff_ffffL;
    private static final String HALF_SENT = "A message is half sent.";

    /** A message of which more is to come, by where it comes. */
    private record Half(int channel, UnsignedInteger handle) {}

    private final TransportImpl transport;
    private final AmqpNames.OfAll users;
    private final AmqpEnd end;
    private final Map<Half, AmqpValues> halves = new HashMap<>();
    private boolean isOpened;
    // of the frame that is being read
    private int headerRead;
    private long header;
    private long left;
    private long extended;
    private @Nullable AmqpValues body;

    AmqpFrames(TransportImpl transport, AmqpNames.OfAll users, AmqpEnd end) {
        this.transport = transport;
        this.users = users;
        this.end = end;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        var bytes = (ByteBuf) read;
        try {
            look(bytes.duplicate());
            while (bytes.isReadable() && !hasEnded(context)) {
                context.fireChannelRead(bytes.readRetainedSlice(Math.min(bytes.readableBytes(), transport.capacity())));
            }
            hasEnded(context);
        } catch (AmqpValues.Fault e) {
            end.now(Reason.MALFORMED, AmqpError.DECODE_ERROR, e.why());
        } finally {
            bytes.release();
        }
    }

    private boolean hasEnded(ChannelHandlerContext context) {
        if (transport.getCondition() != null) {
            end.refuse(Reason.MALFORMED);
            // behind what there is to say about it
            context.executor().execute(context::close);
        }
        // it may have said all that it had to say
        return end.isNear() || transport.capacity() <= 0;
    }

    private void look(ByteBuf bytes) throws AmqpValues.Fault {
        while (bytes.isReadable() && !end.isNear()) {
            if (headerRead < HEADER_BYTES) {
                header = header << 8 | bytes.readUnsignedByte();
                if (++headerRead == HEADER_BYTES) {
                    begin();
                }
            } else {
                goOn(bytes);
            }
        }
    }

    private void begin() throws AmqpValues.Fault {
        var size = header >>> 32;
        var offset = (header >>> 24 & 0xff) * Integer.BYTES;
        var isSasl = (header >>> 16 & 0xff) != 0;
        if (size == AMQP) {
            headerRead = 0;
            return;
        }
        if (offset < HEADER_BYTES || offset > size) {
            throw new AmqpValues.Fault("This is no frame (2.3.1).");
        }
        left = size - HEADER_BYTES;
        extended = offset - HEADER_BYTES;
        // Proton takes a login no more, and nothing else that is none of AMQP's
        body = isSasl || size == offset
                ? null
                : new AmqpValues(names(), MAX_FRAME_VALUES, Math.min(size - offset, MAX_FRAME_BODY_BYTES));
        if (left == 0) {
            headerRead = 0;
        }
    }

    private AmqpNames names() {
        return users.of(String.valueOf(end.user()));
    }

    private void goOn(ByteBuf bytes) throws AmqpValues.Fault {
        var piece = bytes.readSlice((int) Math.min(left, bytes.readableBytes()));
        left -= piece.readableBytes();
        var some = (int) Math.min(extended, piece.readableBytes());
        extended -= some;
        piece.skipBytes(some);
        if (body != null && body.read(piece)) {
            body = null; // a message comes behind it
        }
        if (left == 0) {
            headerRead = 0;
            if (body != null) {
                throw new AmqpValues.Fault("The frame ends too early.");
            }
        }
    }

    @Override
    public void receivedFrame(TransportFrame frame) {
        var fault = fault(frame);
        if (fault != null) {
            transport.setCondition(new ErrorCondition(AmqpError.DECODE_ERROR, fault));
            end.refuse(Reason.MALFORMED);
            throw new TransportException(fault);
        }
    }

    private @Nullable String fault(TransportFrame frame) {
        var channel = frame.getChannel();
        return switch (frame.getBody()) {
            case Open open -> fault(open);
            case Attach attach when number(attach.getHandle()) > MAX_HANDLE -> "There is no handle so high.";
            case Transfer transfer -> fault(transfer, channel, frame.getPayload());
            case Disposition settled when isEndless(settled) -> "There are not so many deliveries.";
            // under the name of its link Proton would go on with it
            case Detach detach when halves.containsKey(new Half(channel, detach.getHandle())) -> HALF_SENT;
            case End over when halves.keySet().stream().anyMatch(half -> half.channel == channel) -> HALF_SENT;
            default -> null;
        };
    }

    /** Opened twice (against AMQP 1.0, 2.4.1), it would be two for the broker, which would forget one of them at its end. */
    private @Nullable String fault(Open open) {
        if (isOpened) {
            return "A connection is opened once.";
        }
        isOpened = true;
        // smaller than this (2.7.1) there is none into which what is to be sent could be cut
        return open.getMaxFrameSize() != null && number(open.getMaxFrameSize()) < MIN_FRAME_BYTES
                ? "A frame has at least " + MIN_FRAME_BYTES + " bytes."
                : null;
    }

    /** Behind the highest number comes the lowest, and so Proton would never get beyond it. */
    private static boolean isEndless(Disposition settled) {
        var first = number(settled.getFirst());
        var last = settled.getLast() == null ? first : number(settled.getLast());
        return last == HIGHEST || last - first >= MAX_RANGE;
    }

    private static long number(UnsignedInteger number) {
        return number.longValue();
    }

    private @Nullable String fault(Transfer transfer, int channel, @Nullable Binary payload) {
        if (transfer.getMessageFormat() != null && number(transfer.getMessageFormat()) != 0) {
            return "Only plain AMQP 1.0 messages are taken (message-format 0).";
        }
        var where = new Half(channel, transfer.getHandle());
        var known = halves.remove(where);
        var message = known == null ? new AmqpValues(names(), MAX_MESSAGE_VALUES, Long.MAX_VALUE) : known;
        if (payload != null && !transfer.getAborted()) {
            try {
                var bytes = Unpooled.wrappedBuffer(payload.getArray(), payload.getArrayOffset(), payload.getLength());
                while (bytes.isReadable()) {
                    message.read(bytes);
                }
            } catch (AmqpValues.Fault e) {
                return e.why();
            }
        }
        if (transfer.getMore() && !transfer.getAborted()) {
            halves.put(where, message);
        }
        return halves.size() > AmqpOpenings.MAX_LINKS ? "Too many messages are half sent." : null;
    }

    @Override
    public void sentFrame(TransportFrame frame) {}
}
