package io.dovetail.intake.queue;

import io.dovetail.call.Callers;
import io.dovetail.call.Credentials;
import io.dovetail.call.Request;
import io.dovetail.call.SecretReference;
import io.dovetail.call.Secrets;
import io.dovetail.call.Statuses;
import io.dovetail.connector.RemoteQueue;
import io.dovetail.connector.RemoteQueue.Login;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.qpid.jms.JmsConnectionExtensions;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.provider.Provider;
import org.jspecify.annotations.Nullable;

/** Opens a queue of another broker, with the secrets as they are at that moment and a token that is got anew. */
final class RemoteQueueClient {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** For what is sent ahead: Qpid JMS cannot tell a broker how large a message may be. */
    private static final int AHEAD_BYTES = 16 << 20;

    private static final int MOST_AHEAD = 16;

    /** Qpid's mode in which each message is acknowledged by itself. */
    private static final int INDIVIDUALLY = 101;

    /** Of a message, beside its body. */
    private static final int SECTIONS_BYTES = 64 << 10;

    /**
     * Nobody waits for a broker for ever, nor asks it for what comes by itself: while a large message arrives, it could not
     * answer.
     */
    private static final String OPTIONS = "&jms.connectTimeout=15000&jms.requestTimeout=15000"
            + "&jms.sendTimeout=15000&jms.closeTimeout=5000&jms.receiveLocalOnly=true&transport.connectTimeout=10000";

    private static final int IDLE_MILLIS = 30_000;

    private static final Map<String, Integer> PORTS = Map.of("wss", 443, "ws", 80, "amqps", 5671, "amqp", 5672);

    private final String connector;
    private final RemoteQueue queue;
    private final Callers callers;
    private final Secrets secrets;
    private final AmqpNames names = new AmqpNames();

    RemoteQueueClient(String connector, RemoteQueue queue, Callers callers, Secrets secrets) {
        this.connector = connector;
        this.queue = queue;
        this.callers = callers;
        this.secrets = secrets;
    }

    /** @param told to the broker when the message is stored */
    record Received(RemoteMessage message, Message told) {}

    /**
     * An open queue. It is closed as a whole.
     *
     * @param maxBytes of the largest body that is taken
     * @param arrived what has not been received yet
     */
    record Opened(Connection connection, MessageConsumer consumer, int maxBytes, Map<Long, RemoteMessage> arrived)
            implements AutoCloseable {

        /** The next message, as soon as there is one. */
        @Nullable
        Received receive(long waitMillis) throws JMSException {
            var message = consumer.receive(waitMillis);
            if (message == null) {
                return null;
            }
            var number = ((BytesMessage) message).readLong();
            return new Received(Objects.requireNonNull(arrived.remove(number)), message);
        }

        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }

    /**
     * @param maxBytes of a message that is not too large
     * @param onLost told why the connection is no more
     * @throws IOException when a secret is missing, or is not what it should be
     * @throws JMSException when the broker cannot be reached, or does not let the hub in
     * @throws io.dovetail.event.FailedException when there is no token to be had
     */
    Opened open(int maxBytes, Consumer<String> onLost) throws IOException, JMSException {
        for (var secret : queue.secrets(connector).stream().sorted().toList()) {
            secrets.value(secret);
        }
        var arrived = new ConcurrentHashMap<Long, RemoteMessage>();
        var factory = factory(address(), maxBytes, arrived);
        var connection = factory.createConnection();
        try {
            connection.setExceptionListener(e -> onLost.accept(String.valueOf(e.getMessage())));
            var session = connection.createSession(INDIVIDUALLY);
            var consumer = session.createConsumer(session.createQueue(value(RemoteQueue.NAME)));
            connection.start();
            return new Opened(connection, consumer, maxBytes, arrived);
        } catch (JMSException | RuntimeException | IOException e) {
            try {
                connection.close();
            } catch (JMSException too) {
                e.addSuppressed(too);
            }
            throw e;
        }
    }

    /** How many messages a broker may send before they are asked for. */
    static int ahead(int maxBytes) {
        return Math.clamp(AHEAD_BYTES / maxBytes, 1, MOST_AHEAD);
    }

    private JmsConnectionFactory factory(URI address, int maxBytes, Map<Long, RemoteMessage> arrived)
            throws IOException {
        var uri = withPort(address) + "?jms.prefetchPolicy.all=" + ahead(maxBytes) + OPTIONS;
        var plain = queue.login() == Login.PLAIN;
        var isWeb = address.getScheme().startsWith("ws");
        var shown = plain ? "" : header();
        var factory = new JmsConnectionFactory(uri) {

            @Override
            protected Provider createProvider(URI remote) throws Exception {
                var provider = new RemoteProvider(remote, names, maxBytes + SECTIONS_BYTES, arrived);
                provider.setIdleTimeout(IDLE_MILLIS);
                if (plain || !isWeb) {
                    provider.setSaslMechanisms(new String[] {plain ? "PLAIN" : "XOAUTH2"});
                }
                return provider;
            }
        };
        if (plain) {
            factory.setUsername(value(RemoteQueue.USER));
            factory.setPassword(value(RemoteQueue.PASSWORD));
        } else if (isWeb) {
            factory.setExtension(
                    JmsConnectionExtensions.HTTP_HEADERS_OVERRIDE.toString(),
                    (connection, remote) -> Map.of("Authorization", shown));
        } else {
            factory.setUsername(value(RemoteQueue.CLIENT_ID));
            factory.setPassword(shown.substring("Bearer ".length()));
        }
        return factory;
    }

    /** With its port, as the client would take AMQP's own for every scheme. */
    static String withPort(URI address) {
        var port = address.getPort() < 0 ? PORTS.get(address.getScheme()) : Integer.valueOf(address.getPort());
        return address.getScheme() + "://" + address.getHost() + ":" + port
                + Objects.requireNonNullElse(address.getRawPath(), "");
    }

    /** {@code Bearer …}, with a token that nobody has had yet: a broker does not say when an old one counts no more. */
    private String header() {
        var client = new Credentials.Client(
                reference(RemoteQueue.CLIENT_ID),
                reference(RemoteQueue.CLIENT_SECRET),
                reference(RemoteQueue.TOKEN_URL),
                null);
        var url = reference(RemoteQueue.URL);
        var request = new Request("CONNECT", url, url, Map.of(), client, Statuses.of("200"), null);
        return Objects.requireNonNull(
                callers.of(connector, PATIENCE).prepare(request).headers().get("Authorization"));
    }

    private URI address() throws IOException {
        var text = value(RemoteQueue.URL);
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && PORTS.containsKey(String.valueOf(uri.getScheme()))
                    && (uri.getScheme().endsWith("s") && !uri.getScheme().equals("ws") || isHere(uri.getHost()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below, with what it should be
        }
        throw new IOException(
                "the secret " + connector + "." + RemoteQueue.URL
                        + " is not the address of a broker, as wss://broker.example/protocols/amqp10ws or amqps://broker.example:5671");
    }

    /** Nothing is shown to another machine in the clear. */
    private static boolean isHere(@Nullable String host) {
        return "127.0.0.1".equals(host) || "localhost".equals(host);
    }

    private String value(String secret) throws IOException {
        return secrets.value(connector + "." + secret);
    }

    private String reference(String secret) {
        return SecretReference.to(connector + "." + secret);
    }
}
