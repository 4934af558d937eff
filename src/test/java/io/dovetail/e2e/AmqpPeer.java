package io.dovetail.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import javax.net.SocketFactory;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.message.Message;

/**
 * An AMQP 1.0 client that does as it is told, frame by frame: it sends what a well-behaved library would not, and shows
 * what the broker answers to each message.
 */
final class AmqpPeer implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final Transport transport = Proton.transport();
    private final Connection connection = Proton.connection();
    private final Session session;
    private boolean ended;
    private int tag;

    private AmqpPeer(Socket socket, String user, String password) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(50);
        transport.sasl().client();
        transport.sasl().plain(user, password);
        transport.bind(connection);
        connection.setContainer("peer-" + System.nanoTime());
        connection.open();
        session = connection.session();
        session.open();
        pumpUntil(() -> session.getRemoteState() != EndpointState.UNINITIALIZED
                || isClosed()
                || transport.sasl().getOutcome() == Sasl.SaslOutcome.PN_SASL_AUTH);
    }

    static AmqpPeer of(Hub hub, String user) {
        return of(
                hub.amqpPort(), user, hub.secret(user.substring("in.".length()) + ".amqp"), SocketFactory.getDefault());
    }

    static AmqpPeer of(int port, String user, String password, SocketFactory sockets) {
        try {
            return new AmqpPeer(sockets.createSocket("127.0.0.1", port), user, password);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What one sends that goes on, without a look at the answer, as if its login had been believed. */
    static byte[] unasked(String user, String password, int links) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(login(user, password));
        bytes.writeBytes(header());
        bytes.writeBytes(frames(links));
        return bytes.toByteArray();
    }

    /** All that one sends to log in. */
    static byte[] login(String user, String password) {
        var login = Proton.transport();
        login.sasl().client();
        login.sasl().plain(user, password);
        return pending(login);
    }

    /** What stands before the frames of a connection. */
    static byte[] header() {
        return "AMQP\0\1\0\0".getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Those that open a connection, a session and links of it to the queue of partners. */
    static byte[] frames(int links) {
        var transport = Proton.transport();
        var connection = Proton.connection();
        transport.bind(connection);
        connection.setContainer("unasked-" + System.nanoTime());
        connection.open();
        var session = connection.session();
        session.open();
        for (var n = 0; n < links; n++) {
            var sender = session.sender("link-" + n);
            sender.setSource(new Source());
            var target = new Target();
            target.setAddress("in.partner-api");
            sender.setTarget(target);
            sender.open();
        }
        var bytes = pending(transport);
        return Arrays.copyOfRange(bytes, header().length, bytes.length);
    }

    private static byte[] pending(Transport transport) {
        var bytes = new ByteArrayOutputStream();
        for (var pending = transport.pending(); pending > 0; pending = transport.pending()) {
            var head = transport.head();
            var piece = new byte[head.remaining()];
            head.get(piece);
            bytes.writeBytes(piece);
            transport.pop(piece.length);
        }
        return bytes.toByteArray();
    }

    boolean isIn() {
        return !ended && connection.getRemoteState() == EndpointState.ACTIVE;
    }

    /** One more, of which nothing is made. */
    void moreSessions() {
        var more = connection.session();
        more.open();
        pumpUntil(() -> more.getRemoteState() != EndpointState.UNINITIALIZED || isClosed());
    }

    /** @param address null for the message's own {@code to} */
    Sender sender(String address, Symbol... desired) {
        var target = new Target();
        target.setAddress(address);
        var sender = session.sender("link-" + tag++);
        sender.setTarget(target);
        sender.setSource(new Source());
        sender.setDesiredCapabilities(desired);
        sender.open();
        pumpUntil(() -> sender.getRemoteState() != EndpointState.UNINITIALIZED
                && (sender.getCredit() > 0 || sender.getRemoteState() == EndpointState.CLOSED));
        return sender;
    }

    /** Why the broker would not give it a link to read from there; null when it did. */
    ErrorCondition whyNotRead(String address) {
        var source = new Source();
        source.setAddress(address);
        var receiver = session.receiver("link-" + tag++);
        receiver.setSource(source);
        receiver.setTarget(new Target());
        receiver.open();
        pumpUntil(() -> receiver.getRemoteState() != EndpointState.UNINITIALIZED);
        // a refusal is an attach without a source, and then a detach
        if (receiver.getRemoteSource() == null) {
            pumpUntil(() -> receiver.getRemoteState() == EndpointState.CLOSED);
        }
        return receiver.getRemoteState() == EndpointState.CLOSED ? receiver.getRemoteCondition() : null;
    }

    /** What the broker says to it; null when it ended the connection or the link. */
    DeliveryState send(Sender sender, Message message) {
        return send(sender, encoded(message), 0);
    }

    DeliveryState send(Sender sender, byte[] message, long format) {
        var delivery = begin(sender, format);
        sender.send(message, 0, message.length);
        sender.advance();
        return outcome(delivery);
    }

    /** A message of which more is to come. */
    Delivery begin(Sender sender, long format) {
        var delivery = sender.delivery(Integer.toString(tag++).getBytes());
        delivery.setMessageFormat((int) format);
        return delivery;
    }

    void awaitCredit(Sender sender) {
        pumpUntil(() -> sender.getCredit() > 0 || isOver(sender));
    }

    /** Some more of what was begun, written to the network. */
    void more(Sender sender, byte[] piece) {
        sender.send(piece, 0, piece.length);
        pump();
    }

    /** Looks whether the broker says something; a connection that is reset would lose it. */
    void listen() {
        read();
    }

    DeliveryState outcome(Delivery delivery) {
        pumpUntil(() -> delivery.getRemoteState() != null || isOver(delivery.getLink()));
        return delivery.getRemoteState();
    }

    private boolean isOver(Link link) {
        return ended || link.getRemoteState() == EndpointState.CLOSED || isClosed();
    }

    boolean isClosed() {
        return ended || connection.getRemoteState() == EndpointState.CLOSED;
    }

    /** Why the broker ended the connection. */
    ErrorCondition whyClosed() {
        pumpUntil(this::isClosed);
        return connection.getRemoteCondition();
    }

    static boolean isAccepted(DeliveryState state) {
        return state instanceof Accepted;
    }

    /** The reason given. */
    static String rejection(DeliveryState state) {
        return state instanceof Rejected rejected && rejected.getError() != null
                ? rejected.getError().getCondition() + ": "
                        + rejected.getError().getDescription()
                : "not rejected: " + state;
    }

    static byte[] encoded(Message message) {
        var buffer = new byte[4 << 20];
        return Arrays.copyOf(buffer, message.encode(buffer, 0, buffer.length));
    }

    private void pumpUntil(BooleanSupplier done) {
        var end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        pump();
        while (!done.getAsBoolean() && !ended) {
            if (System.nanoTime() > end) {
                throw new AssertionError("The broker does not answer");
            }
            read();
            pump();
        }
    }

    private void pump() {
        try {
            socket.getOutputStream().write(pending(transport));
            socket.getOutputStream().flush();
        } catch (IOException e) {
            ended = true;
        }
    }

    private void read() {
        var bytes = new byte[16 * 1024];
        try {
            var read =
                    socket.getInputStream().read(bytes, 0, Math.min(bytes.length, Math.max(1, transport.capacity())));
            if (read < 0) {
                ended = true;
                return;
            }
            var data = ByteBuffer.wrap(bytes, 0, read);
            while (data.hasRemaining()) {
                var tail = transport.tail();
                var piece = Math.min(tail.remaining(), data.remaining());
                tail.put(data.slice(data.position(), piece));
                data.position(data.position() + piece);
                transport.process();
            }
        } catch (java.net.SocketTimeoutException e) {
            // nothing yet
        } catch (IOException e) {
            ended = true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
