package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.qpid.proton.amqp.transport.AmqpError;
import org.apache.qpid.proton.engine.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the bytes of each frame (AMQP 1.0, 2.3) before Proton decodes it. Proton keeps a frame that it fails on, and
 * would try it again with all that comes; so it gets no more at a time than it takes in, and the connection ends at its
 * first fault.
 */
final class AmqpBytes extends ChannelInboundHandlerAdapter {

    static final int HEADER_BYTES = 8;
    static final int AMQP = 0x414d5150; // as a header of the protocol begins (2.2), and no frame
    static final int MAX_BODY_BYTES = 8 << 10;
    static final int MAX_VALUES = 512;

    private final Transport transport;
    private final AmqpFrames frames;
    private final AmqpEnd end;
    // of the frame that is being read
    private int headerRead;
    private long header;
    private long left;
    private long extended;
    private @Nullable AmqpValues body;

    AmqpBytes(Transport transport, AmqpFrames frames, AmqpEnd end) {
        this.transport = transport;
        this.frames = frames;
        this.end = end;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        var bytes = (ByteBuf) read;
        try {
            look(bytes.duplicate());
            while (!hasEnded() && bytes.isReadable()) {
                context.fireChannelRead(bytes.readRetainedSlice(Math.min(bytes.readableBytes(), transport.capacity())));
                endAtAFault(context);
            }
        } catch (AmqpValues.Fault e) {
            end.now(Reason.MALFORMED, AmqpError.DECODE_ERROR, e.why());
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        frames.next();
        context.fireChannelReadComplete();
    }

    private boolean hasEnded() {
        // it may have said all that it had to say
        return end.isNear() || transport.capacity() <= 0;
    }

    private void endAtAFault(ChannelHandlerContext context) {
        var fault = transport.getCondition();
        if (fault != null) {
            end.refuse(Reason.MALFORMED, String.valueOf(fault.getDescription()));
            if (transport.capacity() > 0) {
                // it would read what is left from another place on when the broker makes it say its last word
                transport.tail().clear();
            }
            // behind that
            context.executor().execute(context::close);
        }
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
        // of a login, LoginGate has looked at the bytes
        if (offset < HEADER_BYTES
                || offset > size
                || size > transport.getMaxFrameSize()
                || isSasl && end.user() != null) {
            throw new AmqpValues.Fault("This is no frame (2.3.1).");
        }
        left = size - HEADER_BYTES;
        extended = offset - HEADER_BYTES;
        body = isSasl || size == offset
                ? null
                : new AmqpValues(frames.names()::admit, MAX_VALUES, Math.min(size - offset, MAX_BODY_BYTES));
        if (left == 0) {
            headerRead = 0;
        }
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
}
