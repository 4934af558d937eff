package io.dovetail.relay.artemis;

import io.dovetail.relay.Addresses;
import io.dovetail.relay.Bus;
import io.dovetail.relay.BusException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.ActiveMQSecurityException;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker inside the hub: consumers reach it by AMQP 1.0 alone, and only the hub publishes on it. */
public final class Broker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    /** Guests must not send larger messages: 1 MiB, and what describes it. */
    public static final int MAX_MESSAGE_BYTES = 1088 << 10;

    private static final AtomicInteger IN_VM = new AtomicInteger();

    private final EmbeddedActiveMQ embedded;
    private final Users users;
    private final Set<String> consumers;
    private final int inVm;

    private Broker(EmbeddedActiveMQ embedded, Users users, Set<String> consumers, int inVm) {
        this.embedded = embedded;
        this.users = users;
        this.consumers = consumers;
        this.inVm = inVm;
    }

    /**
     * Starts the broker on the files in {@code directory}, with what was confirmed and not yet consumed when it last
     * ended, however it ended.
     *
     * @throws BusException when it cannot keep what it confirms, or cannot listen
     */
    public static Broker start(Path directory, BrokerSettings settings) {
        return start(directory, settings, Guests.none(), null);
    }

    /**
     * @param tls null: in the clear
     * @see #start(Path, BrokerSettings)
     */
    public static Broker start(Path directory, BrokerSettings settings, Guests guests, @Nullable Tls tls) {
        var inVm = IN_VM.incrementAndGet();
        var users = new Users(settings.consumers(), guests);
        var embedded = new EmbeddedActiveMQ();
        try {
            Files.createDirectories(directory);
            requireFree(settings);
            var configuration = BrokerConfiguration.requireDurable(BrokerConfiguration.of(directory, settings, inVm));
            configuration.registerBrokerPlugins(guests.guards());
            configuration.registerBrokerPlugin(new LoginGate.Guide());
            var port = BrokerConfiguration.amqp(configuration).getParams();
            port.put(AmqpAcceptor.STRANGERS, (Runnable) guests::turnedAway);
            if (tls != null) {
                port.putAll(tls.parameters());
            }
            embedded.setConfiguration(configuration);
            embedded.setSecurityManager(users);
            embedded.start();
            var broker = new Broker(embedded, users, settings.consumers().names(), inVm);
            broker.requireListening();
            broker.dropQueuesOfNobody(settings);
            return broker;
        } catch (Exception e) {
            stop(embedded);
            throw e instanceof BusException refused
                    ? refused
                    : new BusException("The broker in %s does not start: %s".formatted(directory, e), e);
        }
    }

    /** The port on which consumers connect with AMQP 1.0. */
    public int port() {
        return server().getRemotingService().getAcceptor("amqp") instanceof NettyAcceptor acceptor
                ? acceptor.getActualPort()
                : 0;
    }

    /** A way to publish here, to be closed by whoever asked for it. */
    public Bus bus() {
        return new ArtemisBus("vm://" + inVm, Users.HUB, users.hubPassword());
    }

    public boolean isRunning() {
        return server().isActive();
    }

    /** Whether the disk has too little room left, so that publishing fails. */
    public boolean isDiskFull() {
        return server().getPagingManager().isDiskFull();
    }

    /** What waits in each consumer's queue, and in the queues of what they rejected. */
    public List<QueueState> queues() {
        var states = new ArrayList<QueueState>();
        for (var address : server().getConfiguration().getAddressConfigurations()) {
            for (var configured : address.getQueueConfigs()) {
                var queue = server().locateQueue(configured.getName());
                if (queue != null) {
                    states.add(new QueueState(
                            address.getName(),
                            queue.getName().toString(),
                            queue.getMessageCount(),
                            queue.getConsumerCount(),
                            queue.getPageSubscription() != null
                                    && queue.getPageSubscription().isPaging()));
                }
            }
        }
        return states;
    }

    /** The queues of each consumer that are there, as {@code address::queue}. */
    public Map<String, List<String>> consumers() {
        var queues = new TreeMap<String, List<String>>();
        for (var consumer : consumers) {
            queues.put(
                    consumer,
                    Addresses.ALL.stream()
                            .filter(address -> server().locateQueue(Queues.name(address, consumer)) != null)
                            .map(address -> Queues.qualified(address, consumer))
                            .toList());
        }
        return queues;
    }

    /**
     * Stops the broker and starts it on the same port; consumers connect again, and so does every {@link Bus}. To be
     * called when it stopped by itself, as it does when its journal fails.
     */
    public synchronized void restart() {
        try {
            embedded.stop();
            embedded.start();
            requireListening();
        } catch (Exception e) {
            throw new BusException("The broker does not start again: " + e.getMessage(), e);
        }
    }

    /**
     * Ends the connections of those consumers whose password counts no more; what they did not acknowledge waits for
     * them. Who sends is asked for it with every message.
     */
    public void shutOutTheRevoked() {
        var ended = new HashSet<RemotingConnection>();
        for (var session : server().getSessions()) {
            var connection = session.getRemotingConnection();
            if (users.isRevoked(session.getUsername(), session.getPassword()) && ended.add(connection)) {
                LOG.warn(
                        "The password of the consumer {} counts no more; its connection is ended",
                        session.getUsername());
                end(connection);
            }
        }
    }

    private static void end(RemotingConnection connection) {
        try {
            connection.fail(new ActiveMQSecurityException("The password of this connection counts no more."));
        } catch (RuntimeException e) {
            // the others are ended all the same
            LOG.warn("Connection {} cannot be ended now: {}", connection.getID(), e.toString());
        }
    }

    /** Ends the connections of consumers, who get again what they did not acknowledge. */
    @Override
    public synchronized void close() {
        stop(embedded);
    }

    /**
     * Opens a queue for guests at each of these addresses. Others below {@value Guests#PREFIX} go once they are empty.
     *
     * @throws BusException when it cannot
     */
    public void open(Set<String> addresses) {
        try {
            for (var address : addresses) {
                server().createQueue(
                                BrokerConfiguration.queue(address, address, RoutingType.ANYCAST)
                                        .setAutoCreateAddress(true),
                                true);
            }
            dropGuestsOfNobody(addresses);
        } catch (Exception e) {
            throw new BusException("The queues %s cannot be opened: %s".formatted(addresses, e), e);
        }
    }

    private void dropGuestsOfNobody(Set<String> wanted) throws Exception {
        for (var address : server().getPostOffice().getAddresses()) {
            if (!address.toString().startsWith(Guests.PREFIX) || wanted.contains(address.toString())) {
                continue;
            }
            var queue = server().locateQueue(address);
            if (queue == null || queue.getMessageCount() == 0) {
                server().removeAddressInfo(address, null, true);
            } else {
                LOG.warn(
                        "No connector reads {} any more, and {} messages wait in it. Say intake.amqp in its connector.yaml again, or they stay.",
                        address,
                        queue.getMessageCount());
            }
        }
    }

    /** For those who read in here; another one after each {@link #restart()}. */
    public ActiveMQServer server() {
        return embedded.getActiveMQServer();
    }

    /** Artemis itself would only log it. */
    private static void requireFree(BrokerSettings settings) {
        if (settings.port() == 0) {
            return;
        }
        try (var free = new ServerSocket(settings.port(), 1, InetAddress.getByName(settings.host()))) {
            LOG.debug("Port {} is free", free.getLocalPort());
        } catch (IOException e) {
            throw new BusException(
                    "The broker cannot listen on %s:%d (%s). Give another port by HUB_AMQP_PORT (0: any free one)."
                            .formatted(settings.host(), settings.port(), e.getMessage()),
                    e);
        }
    }

    private void requireListening() {
        if (!server().isActive() || port() <= 0) {
            throw new BusException("it did not become active, or does not listen; its log says why");
        }
        fixPort(port());
    }

    /** What was any free port stays this one over a {@link #restart()}. */
    private void fixPort(int port) {
        BrokerConfiguration.amqp(embedded.getConfiguration())
                .getParams()
                .put(TransportConstants.PORT_PROP_NAME, Integer.toString(port));
    }

    /** A consumer that is no longer in the settings would otherwise fill the disk for ever. Its messages are not thrown away. */
    private void dropQueuesOfNobody(BrokerSettings settings) throws Exception {
        var wanted = new HashSet<String>();
        for (var address : Addresses.ALL) {
            settings.consumers().names().forEach(consumer -> wanted.add(Queues.name(address, consumer)));
        }
        for (var address : Addresses.ALL) {
            for (var binding : server().getPostOffice()
                    .getBindingsForAddress(SimpleString.of(address))
                    .getBindings()) {
                var name = binding.getUniqueName();
                var queue = server().locateQueue(name);
                if (queue == null || wanted.contains(name.toString())) {
                    continue;
                }
                if (queue.getMessageCount() == 0) {
                    server().destroyQueue(name);
                } else {
                    LOG.warn(
                            "Nobody reads the queue {}::{} any more, and {} messages wait in it. Name its consumer in the settings again, read them, and then take it out.",
                            address,
                            name,
                            queue.getMessageCount());
                }
            }
        }
    }

    private static void stop(EmbeddedActiveMQ embedded) {
        try {
            embedded.stop();
        } catch (Exception e) {
            LOG.warn("The broker did not stop cleanly; what it confirmed is on disk: {}", e.toString());
        }
    }
}
