package io.dovetail.intake.queue;

import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.FrameBody;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.engine.TransportException;
import org.apache.qpid.proton.engine.impl.ProtocolTracer;
import org.apache.qpid.proton.framing.TransportFrame;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the frames on which Proton would not come to an end, or the broker lose count. It has to see them on the way to
 * the broker, which is asked first about all that has happened.
 */
final class AmqpFrames implements ProtocolTracer {

    private static final long MIN_FRAME_BYTES = 512;
    private static final long MAX_HANDLE = 65_535;
    private static final long MAX_RANGE = 65_536;
    private static final long HIGHEST = 0xffff_ffffL;

    private final Runnable cut;
    private boolean isOpened;

    /** @param cut ends the connection */
    AmqpFrames(Runnable cut) {
        this.cut = cut;
    }

    @Override
    public void receivedFrame(TransportFrame frame) {
        var fault = fault(frame.getBody());
        if (fault != null) {
            cut.run();
            throw new TransportException(fault);
        }
    }

    private @Nullable String fault(FrameBody body) {
        return switch (body) {
            case Open open -> fault(open);
            case Attach attach when number(attach.getHandle()) > MAX_HANDLE -> "There is no handle so high.";
            case Disposition settled when isEndless(settled) -> "There are not so many deliveries.";
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

    @Override
    public void sentFrame(TransportFrame frame) {}
}
