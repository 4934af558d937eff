package io.dovetail.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Transport;

/** A connection over AMQP 1.0 in the clear, for one message. */
final class AmqpLine implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LOOK_MILLIS = 50;

    /** @param text what the hub says to it */
    record Outcome(boolean isAccepted, String text) {}

    private final Socket socket;
    private final Transport transport = Proton.transport();
    private final Connection connection = Proton.connection();
    private boolean isOver;

    private AmqpLine(Socket socket) {
        this.socket = socket;
    }

    /** @throws NotDoneException when nobody answers there in AMQP */
    static AmqpLine to(int port) {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress("127.0.0.1", port), (int) PATIENCE.toMillis());
            socket.setSoTimeout(LOOK_MILLIS);
            return new AmqpLine(socket);
        } catch (IOException e) {
            throw new NotDoneException("no hub speaks AMQP on port " + port + " (" + e.getMessage()
                    + "); start one with ./hub run, or say which one with --data");
        }
    }

    Outcome send(String user, String password, String address, byte[] message) {
        transport.sasl().client();
        transport.sasl().plain(user, password);
        transport.bind(connection);
        connection.setContainer(user);
        connection.open();
        var session = connection.session();
        session.open();
        var sender = session.sender("send");
        var target = new Target();
        target.setAddress(address);
        sender.setTarget(target);
        sender.setSource(new Source());
        sender.open();
        pumpUntil(() -> sender.getCredit() > 0 || isEnded(sender));
        if (transport.sasl().getOutcome() == Sasl.SaslOutcome.PN_SASL_AUTH) {
            return new Outcome(
                    false, "not authenticated: there is no user " + user + " with this password, or no such queue");
        }
        if (isEnded(sender)) {
            return new Outcome(false, why(sender));
        }
        var delivery = sender.delivery(new byte[] {1});
        sender.send(message, 0, message.length);
        sender.advance();
        pumpUntil(() -> delivery.getRemoteState() != null || isEnded(sender));
        var state = delivery.getRemoteState();
        return state == null ? new Outcome(false, why(sender)) : outcome(state);
    }

    private static Outcome outcome(DeliveryState state) {
        if (state instanceof Accepted) {
            return new Outcome(true, "accepted");
        }
        return state instanceof Rejected rejected && rejected.getError() != null
                ? new Outcome(false, "rejected: " + text(rejected.getError()))
                : new Outcome(false, "not taken now; send it again");
    }

    private boolean isEnded(Sender sender) {
        return isOver
                || transport.sasl().getOutcome() == Sasl.SaslOutcome.PN_SASL_AUTH
                || sender.getRemoteState() == EndpointState.CLOSED
                || connection.getRemoteState() == EndpointState.CLOSED;
    }

    private String why(Sender sender) {
        for (var said : new ErrorCondition[] {sender.getRemoteCondition(), connection.getRemoteCondition()}) {
            if (said != null && said.getCondition() != null) {
                return "refused: " + text(said);
            }
        }
        return "the hub has ended the connection; if its port speaks TLS, this command cannot";
    }

    private static String text(ErrorCondition said) {
        return said.getDescription() == null
                ? String.valueOf(said.getCondition())
                : said.getDescription() + " (" + said.getCondition() + ")";
    }

    private void pumpUntil(BooleanSupplier isDone) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        try {
            write();
            while (!isDone.getAsBoolean() && !isOver) {
                if (System.nanoTime() - end > 0) {
                    throw new NotDoneException("the hub does not answer in AMQP within " + PATIENCE.toSeconds()
                            + " s; if its port speaks TLS, this command cannot");
                }
                read();
                write();
            }
        } catch (IOException e) {
            hearOut();
            isOver = true;
        }
    }

    /** Whoever ends the connection while a message is still being sent to it has said why before. */
    private void hearOut() {
        try {
            while (read()) {
                // there may be more
            }
        } catch (IOException e) {
            // that was all
        }
    }

    private void write() throws IOException {
        for (var pending = transport.pending(); pending > 0; pending = transport.pending()) {
            var bytes = new byte[pending];
            transport.head().get(bytes);
            socket.getOutputStream().write(bytes);
            transport.pop(pending);
        }
    }

    /** False when nothing came. */
    private boolean read() throws IOException {
        var bytes = new byte[Math.min(16 << 10, Math.max(1, transport.capacity()))];
        try {
            var read = socket.getInputStream().read(bytes);
            if (read < 0) {
                isOver = true;
                return false;
            }
            for (var left = ByteBuffer.wrap(bytes, 0, read); left.hasRemaining(); ) {
                var tail = transport.tail();
                var piece = Math.min(tail.remaining(), left.remaining());
                tail.put(left.slice(left.position(), piece));
                left.position(left.position() + piece);
                transport.process();
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new NotDoneException("the connection does not end: " + e.getMessage());
        }
    }
}
