package io.dovetail.relay.artemis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.qpid.proton.engine.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection at its first fault. Proton keeps a frame that it fails on, as one of a link that there is not, and
 * Artemis goes on with what came behind it: its thread, which is one of few, would try that frame again for ever. So it
 * gets no more at a time than it takes in, and nothing after a fault.
 */
final class FaultGuard extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(FaultGuard.class);

    private final Transport transport;

    FaultGuard(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        var bytes = (ByteBuf) read;
        try {
            while (bytes.isReadable() && !hasEnded(context)) {
                context.fireChannelRead(bytes.readRetainedSlice(Math.min(bytes.readableBytes(), transport.capacity())));
            }
            hasEnded(context);
        } finally {
            bytes.release();
        }
    }

    private boolean hasEnded(ChannelHandlerContext context) {
        var fault = transport.getCondition();
        if (fault != null) {
            log.debug("{} sent what is no AMQP: {}", context.channel().remoteAddress(), fault);
            context.close();
            return true;
        }
        // it has said all that it had to say
        return transport.capacity() <= 0;
    }
}
