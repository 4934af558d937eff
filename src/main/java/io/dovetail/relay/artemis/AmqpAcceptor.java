package io.dovetail.relay.artemis;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.cluster.ClusterConnection;
import org.apache.activemq.artemis.core.server.metrics.MetricsManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.AcceptorFactory;
import org.apache.activemq.artemis.spi.core.remoting.BufferHandler;
import org.apache.activemq.artemis.spi.core.remoting.ServerConnectionLifeCycleListener;
import org.apache.activemq.artemis.utils.ConfigurationHelper;
import org.apache.activemq.artemis.utils.actors.OrderedExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port for AMQP. Artemis would read HTTP and whatever else, without an end, of whoever connects; so the hub listens
 * itself, and hands connections over from behind a {@link LoginGate}, as a web server does that upgrades them.
 */
final class AmqpAcceptor extends NettyAcceptor {

    private static final Logger log = LoggerFactory.getLogger(AmqpAcceptor.class);

    /** Of its parameters: a {@link Runnable}, told of each stranger. */
    static final String STRANGERS = "hubStrangers";

    private static final int MAX_SOCKETS = 200;
    private static final WriteBufferWaterMark WRITE_BUFFER = new WriteBufferWaterMark(32 << 10, 128 << 10);

    private final ChannelGroup sockets = new DefaultChannelGroup("hub-amqp", GlobalEventExecutor.INSTANCE);
    private @Nullable EventLoopGroup threads;
    private @Nullable Channel port;
    private final Seldom isFull = new Seldom();
    private final Seldom isNoTls = new Seldom();

    private AmqpAcceptor(
            String name,
            ClusterConnection cluster,
            Map<String, Object> parameters,
            BufferHandler handler,
            ServerConnectionLifeCycleListener listener,
            ScheduledExecutorService scheduled,
            Executor failures,
            Map<String, ProtocolManager> protocols,
            String threadGroup,
            MetricsManager metrics) {
        super(name, cluster, parameters, handler, listener, scheduled, failures, protocols, threadGroup, metrics);
    }

    /** How Artemis makes it; found by its name. */
    public static final class Factory implements AcceptorFactory {

        @Override
        public Acceptor createAcceptor(
                String name,
                ClusterConnection cluster,
                Map<String, Object> parameters,
                BufferHandler handler,
                ServerConnectionLifeCycleListener listener,
                Executor threads,
                ScheduledExecutorService scheduled,
                Map<String, ProtocolManager> protocols,
                String threadGroup,
                MetricsManager metrics) {
            return new AmqpAcceptor(
                    name,
                    cluster,
                    parameters,
                    handler,
                    listener,
                    scheduled,
                    new OrderedExecutor(threads),
                    protocols,
                    threadGroup,
                    metrics);
        }
    }

    @Override
    protected void internalStart() throws Exception {
        super.internalStart(); // which listens nowhere, as it waits for connections from elsewhere
        if (port == null) {
            threads = new NioEventLoopGroup(getRemotingThreads(), new DefaultThreadFactory("hub-amqp", true));
            port = new ServerBootstrap()
                    .group(threads)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel socket) throws Exception {
                            open(socket);
                        }
                    })
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
                    .bind(address())
                    .syncUninterruptibly()
                    .channel();
        }
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(
                ConfigurationHelper.getStringProperty(
                        TransportConstants.HOST_PROP_NAME, TransportConstants.DEFAULT_HOST, getConfiguration()),
                ConfigurationHelper.getIntProperty(TransportConstants.PORT_PROP_NAME, 0, getConfiguration()));
    }

    private Runnable strangers() {
        return (Runnable) Objects.requireNonNull(getConfiguration().get(STRANGERS), STRANGERS);
    }

    private void open(Channel socket) throws Exception {
        // of those that have gone the broker may have some left
        if (Math.max(sockets.size(), getConnections().size()) >= MAX_SOCKETS) {
            isFull.run(() -> log.warn("All {} connections of AMQP are taken; more are closed.", MAX_SOCKETS));
            socket.close();
            return;
        }
        sockets.add(socket);
        if (ConfigurationHelper.getBooleanProperty(
                TransportConstants.SSL_ENABLED_PROP_NAME, false, getConfiguration())) {
            socket.pipeline().addLast("ssl", getSslHandler(socket.alloc(), null, 0));
        }
        socket.pipeline().addLast(new LoginGate(strangers(), isNoTls));
        transfer(socket);
    }

    /** Would listen as Artemis does. Certificates change without it. */
    @Override
    public void reload() {}

    /** Zero while it does not listen. */
    @Override
    public int getActualPort() {
        return port != null && port.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    @Override
    public synchronized void pause() {
        if (port != null) {
            port.close().awaitUninterruptibly();
        }
        super.pause();
    }

    @Override
    public synchronized void asyncStop(Runnable callback) {
        if (port != null) {
            port.close().awaitUninterruptibly();
            port = null;
        }
        sockets.close().awaitUninterruptibly(getShutdownTimeout(), TimeUnit.MILLISECONDS);
        var ending = threads;
        threads = null;
        super.asyncStop(
                ending == null
                        ? callback
                        : () -> ending.shutdownGracefully(getQuietPeriod(), getShutdownTimeout(), TimeUnit.MILLISECONDS)
                                .addListener(ended -> callback.run()));
    }
}
