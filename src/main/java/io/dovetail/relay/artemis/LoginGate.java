package io.dovetail.relay.artemis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerConnectionPlugin;
import org.apache.activemq.artemis.protocol.amqp.broker.ActiveMQProtonRemotingConnection;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPConnectionContext;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears a login and no more of whoever has not proved who he is: the header of SASL, and one frame of at most 512 bytes
 * (AMQP 1.0, 5.3.1 and 5.3.2). What comes behind it goes to the broker when that has believed the login, and is thrown
 * away when it has not. A gate is of one connection, and goes with the login.
 */
final class LoginGate extends ByteToMessageDecoder {

    private static final Logger log = LoggerFactory.getLogger(LoginGate.class);
    private static final ByteBuf HEADER = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("AMQP\3\1\0\0", StandardCharsets.ISO_8859_1).asReadOnly());
    /** A {@code sasl-outcome} of {@code auth} (5.3.3.6). */
    private static final ByteBuf REFUSED = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("\0\0\0\20\2\1\0\0" + "\0S\104\u00c0\3\1P\1", StandardCharsets.ISO_8859_1)
                    .asReadOnly());

    private static final int MIN_FRAME_BYTES = 8;
    private static final int MAX_FRAME_BYTES = 512;
    private static final int PATIENCE_SECONDS = 10;

    private final Runnable strangers;
    private final Seldom isNoTls;
    private @Nullable AMQPConnectionContext connection;
    private @Nullable Future<?> patience;
    private boolean hasHeader;
    private boolean isShut;

    /**
     * @param strangers told of each who is turned away before the broker has asked anybody who he is
     * @param isNoTls how often a handshake that failed is written into the log
     */
    LoginGate(Runnable strangers, Seldom isNoTls) {
        this.strangers = strangers;
        this.isNoTls = isNoTls;
    }

    /** Leads each gate to the connection that the broker has made of what it let through. */
    static final class Guide implements ActiveMQServerConnectionPlugin {

        @Override
        public void afterCreateConnection(RemotingConnection made) {
            if (made instanceof ActiveMQProtonRemotingConnection amqp
                    && amqp.getTransportConnection() instanceof NettyConnection netty) {
                netty.getNettyChannel().pipeline().get(LoginGate.class).connection = amqp.getAmqpConnection();
            }
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        patience = context.executor().schedule(() -> expire(context), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void expire(ChannelHandlerContext context) {
        if (!isShut) {
            strangers.run();
        }
        context.close();
    }

    /** What waits for its time keeps all that a connection is, and strangers come and go as fast as they like. */
    private void forgetPatience() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        forgetPatience();
        super.channelInactive(context);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        forgetPatience();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (isShut) {
            in.skipBytes(in.readableBytes());
        } else if (!hasHeader) {
            header(context, in);
        } else {
            login(context, in);
        }
    }

    private void header(ChannelHandlerContext context, ByteBuf in) {
        if (in.readableBytes() < HEADER.readableBytes()) {
            return;
        }
        var header = in.readRetainedSlice(HEADER.readableBytes());
        if (header.equals(HEADER)) {
            hasHeader = true;
            context.fireChannelRead(header);
        } else {
            // with the header that the hub does speak (2.2)
            header.release();
            strangers.run();
            shut(context, HEADER.duplicate());
        }
    }

    private void login(ChannelHandlerContext context, ByteBuf in) {
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        var size = in.getInt(in.readerIndex());
        if (size < MIN_FRAME_BYTES || size > MAX_FRAME_BYTES) {
            refuse(context);
        } else if (in.readableBytes() >= size) {
            var frame = in.readSlice(size);
            if (SaslInit.isByPassword(frame)) {
                // the broker asks for the password in this thread
                context.fireChannelRead(frame.retain());
                decide(context);
            } else {
                refuse(context);
            }
        }
    }

    private void decide(ChannelHandlerContext context) {
        var login = connection == null ? null : connection.getSASLResult();
        if (login != null && login.isSuccess()) {
            context.pipeline().remove(this);
            return;
        }
        if (login == null) {
            refuse(context);
        } else {
            shut(context, Unpooled.EMPTY_BUFFER);
        }
    }

    /** As the broker refuses a login. */
    private void refuse(ChannelHandlerContext context) {
        strangers.run();
        shut(context, REFUSED.duplicate());
    }

    /** After what the broker has to say to it, which is in line already. */
    private void shut(ChannelHandlerContext context, ByteBuf last) {
        isShut = true;
        context.channel().config().setAutoRead(false);
        context.executor().execute(() -> context.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause.getCause() instanceof SSLHandshakeException tls) {
            isNoTls.run(() -> log.warn(
                    "TLS with {} failed: {}. Others within a minute are not told.",
                    context.channel().remoteAddress(),
                    tls.getMessage()));
        } else {
            log.debug("A connection of somebody who has not logged in failed", cause);
        }
        context.close();
    }
}
