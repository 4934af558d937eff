package io.dovetail;

import io.dovetail.intake.queue.AmqpDoors;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Sasl.SaslOutcome;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.engine.TransportException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port for AMQP as a stranger meets it, who goes no further than the login (SASL).
 *
 * @param uri where it is; {@code amqps} where it speaks TLS
 * @param tls to speak to it by
 * @param wantsCertificate whether it speaks to nobody who shows none
 * @param users who may log in there, each by his own password
 * @param longest for how long it is tried again while it is full
 */
record AmqpPort(URI uri, SSLContext tls, boolean wantsCertificate, List<String> users, Duration longest) {

    private static final Logger log = LoggerFactory.getLogger(AmqpPort.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 50;
    private static final String LOOK_AT =
            ": look at saslMechanisms and the security settings in relay/artemis/BrokerConfiguration, and at Users there";

    /** How a stranger would log in. */
    private interface Login {
        void by(Sasl sasl);
    }

    /** All consumers and all senders, whether they have names of their own or not. */
    static List<String> users(List<String> consumers, AmqpDoors senders) {
        return Stream.concat(consumers.stream(), senders.users().stream()).toList();
    }

    /** Each tells what is wrong with the port, and what to look at; nothing when it is as it must be. */
    List<Callable<Optional<String>>> knocks() {
        var knocks = new ArrayList<Callable<Optional<String>>>();
        knocks.add(() -> knock("without a password", sasl -> sasl.setMechanisms("ANONYMOUS")));
        for (var user : users) {
            // nobody has it, since nobody has heard of it
            var wrong = UUID.randomUUID().toString();
            knocks.add(() -> knock("as " + user + " with a wrong password", sasl -> sasl.plain(user, wrong)));
        }
        return knocks;
    }

    private Optional<String> knock(String how, Login login) throws InterruptedException {
        return Optional.ofNullable(fault(login)).map(fault -> "LOGIN " + uri + " " + how + " " + fault + LOOK_AT);
    }

    private @Nullable String fault(Login login) throws InterruptedException {
        var deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            try {
                // Artemis has another word for a way to log in that it does not offer than for a wrong password
                return outcome(login) == SaslOutcome.PN_SASL_OK ? "was let in" : null;
            } catch (ConnectException e) {
                return "got no answer (" + e + ")";
            } catch (TransportException e) {
                return "got an answer that is no AMQP (" + e.getMessage() + ")";
            } catch (IOException e) {
                if (wantsCertificate) {
                    return null; // and is not even asked for a password
                }
                // Senders and consumers that waited for the hub may be faster than it and take all its connections. So
                // may
                // a stranger, who must not be able to keep the hub from starting.
                if (System.nanoTime() > deadline) {
                    log.warn(
                            "{} is full, so that nobody could knock at it without a right password: {}",
                            uri,
                            e.toString());
                    return null;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** @throws EOFException when the connection ends before anything is said to the login */
    private SaslOutcome outcome(Login login) throws IOException {
        var transport = Proton.transport();
        var sasl = transport.sasl();
        sasl.client();
        login.by(sasl);
        try (var socket = connect()) {
            while (sasl.getOutcome() == SaslOutcome.PN_SASL_NONE) {
                write(transport, socket);
                read(transport, socket);
            }
        }
        return sasl.getOutcome();
    }

    private Socket connect() throws IOException {
        var plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), (int) PATIENCE.toMillis());
            plain.setSoTimeout((int) PATIENCE.toMillis());
            if (!uri.getScheme().equals("amqps")) {
                return plain;
            }
            var secured = (SSLSocket) tls.getSocketFactory().createSocket(plain, uri.getHost(), uri.getPort(), true);
            secured.startHandshake();
            return secured;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static void write(Transport transport, Socket socket) throws IOException {
        for (var pending = transport.pending(); pending > 0; pending = transport.pending()) {
            var bytes = new byte[pending];
            transport.head().get(bytes);
            socket.getOutputStream().write(bytes);
            transport.pop(pending);
        }
    }

    private static void read(Transport transport, Socket socket) throws IOException {
        var bytes = new byte[Math.min(1 << 10, Math.max(1, transport.capacity()))];
        var read = socket.getInputStream().read(bytes);
        if (read < 0) {
            throw new EOFException("the connection was ended");
        }
        transport.tail().put(ByteBuffer.wrap(bytes, 0, read));
        transport.process();
    }
}
