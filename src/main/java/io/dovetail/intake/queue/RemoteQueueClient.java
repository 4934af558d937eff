package io.dovetail.intake.queue;

import io.dovetail.call.Callers;
import io.dovetail.call.Credentials;
import io.dovetail.call.Request;
import io.dovetail.call.SecretReference;
import io.dovetail.call.Secrets;
import io.dovetail.call.Statuses;
import io.dovetail.connector.RemoteQueue;
import io.dovetail.connector.RemoteQueue.Login;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.qpid.jms.JmsConnectionExtensions;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Opens a queue of another broker, with the secrets as they are at that moment and a token that is got anew. */
final class RemoteQueueClient {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** For what is sent ahead: Qpid JMS takes any message as a whole, and cannot tell a broker how large one may be. */
    private static final int AHEAD_BYTES = 16 << 20;

    private static final int MOST_AHEAD = 16;

    /** Qpid's mode in which each message is acknowledged by itself. */
    private static final int INDIVIDUALLY = 101;

    /** Nobody waits for a broker for ever. */
    private static final String OPTIONS = "&jms.connectTimeout=15000&jms.requestTimeout=15000"
            + "&jms.sendTimeout=15000&jms.closeTimeout=5000&transport.connectTimeout=10000&amqp.idleTimeout=30000";

    private static final Map<String, String> TRANSPORTS =
            Map.of("wss", "amqpwss", "ws", "amqpws", "amqps", "amqps", "amqp", "amqp");

    private static final Map<String, Integer> PORTS = Map.of("wss", 443, "ws", 80, "amqps", 5671, "amqp", 5672);

    private final String connector;
    private final RemoteQueue queue;
    private final Callers callers;
    private final Secrets secrets;

    RemoteQueueClient(String connector, RemoteQueue queue, Callers callers, Secrets secrets) {
        this.connector = connector;
        this.queue = queue;
        this.callers = callers;
        this.secrets = secrets;
    }

    /** An open queue. It is closed as a whole. */
    record Opened(Connection connection, MessageConsumer consumer) implements AutoCloseable {

        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }

    /**
     * @param maxBytes of a message that is not too large
     * @param onLost told when the connection is no more
     * @throws IOException when a secret is missing, or is not what it should be
     * @throws JMSException when the broker cannot be reached, or does not let the hub in
     * @throws io.dovetail.event.FailedException when there is no token to be had
     */
    Opened open(int maxBytes, Runnable onLost) throws IOException, JMSException {
        for (var secret : queue.secrets(connector).stream().sorted().toList()) {
            secrets.value(secret);
        }
        var factory = factory(address(), ahead(maxBytes));
        var connection = factory.createConnection();
        try {
            connection.setExceptionListener(e -> onLost.run());
            var session = connection.createSession(INDIVIDUALLY);
            var consumer = session.createConsumer(session.createQueue(value(RemoteQueue.NAME)));
            connection.start();
            return new Opened(connection, consumer);
        } catch (JMSException | RuntimeException | IOException e) {
            connection.close();
            throw e;
        }
    }

    /** How many messages a broker may send before they are asked for. */
    static int ahead(int maxBytes) {
        return Math.clamp(AHEAD_BYTES / maxBytes, 1, MOST_AHEAD);
    }

    private JmsConnectionFactory factory(URI address, int ahead) throws IOException {
        var uri = transport(address) + "?jms.prefetchPolicy.all=" + ahead + OPTIONS;
        if (queue.login() == Login.PLAIN) {
            return new JmsConnectionFactory(
                    value(RemoteQueue.USER), value(RemoteQueue.PASSWORD), uri + "&amqp.saslMechanisms=PLAIN");
        }
        var shown = header();
        if (!address.getScheme().startsWith("ws")) {
            var token = shown.substring("Bearer ".length());
            return new JmsConnectionFactory(value(RemoteQueue.CLIENT_ID), token, uri + "&amqp.saslMechanisms=XOAUTH2");
        }
        var factory = new JmsConnectionFactory(uri);
        factory.setExtension(
                JmsConnectionExtensions.HTTP_HEADERS_OVERRIDE.toString(),
                (connection, remote) -> Map.of("Authorization", shown));
        return factory;
    }

    /** With its port, as the client would take AMQP's own for every scheme. */
    static String transport(URI address) {
        var port = address.getPort() < 0 ? PORTS.get(address.getScheme()) : Integer.valueOf(address.getPort());
        return TRANSPORTS.get(address.getScheme()) + "://" + address.getHost() + ":" + port
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
                    && TRANSPORTS.containsKey(String.valueOf(uri.getScheme()))
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
