package io.dovetail.intake.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dovetail.call.AskedSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPStandardMessage;

/**
 * A broker whose queues are read with tokens, as SAP Event Mesh's: a real one (Artemis), which speaks AMQP 1.0 over
 * WebSocket, with a gate before it that lets only those through who show the newest token when they open a WebSocket.
 */
public final class MeshDouble implements AutoCloseable {

    public static final String QUEUE = "queue:acme/orders";

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final ServerSocket gate = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final AskedSystem endpoint = AskedSystem.start();
    private volatile boolean isClosed;

    public MeshDouble() throws Exception {
        broker.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration("amqp", "tcp://127.0.0.1:0?protocols=AMQP"));
        broker.start();
        broker.getActiveMQServer().createQueue(QueueConfiguration.of(QUEUE).setRoutingType(RoutingType.ANYCAST));
        endpoint.decides(request -> AskedSystem.json(
                200, "{\"access_token\":\"t-" + tokens.incrementAndGet() + "\",\"expires_in\":43199}"));
        Thread.ofVirtual().start(this::accept);
    }

    /** Of the broker itself, without a gate. */
    public int port() {
        return broker.getActiveMQServer()
                .getRemotingService()
                .getAcceptor("amqp")
                .getActualPort();
    }

    public String url() {
        return "ws://127.0.0.1:" + gate.getLocalPort() + "/protocols/amqp10ws";
    }

    public String tokenUrl() {
        return endpoint.url() + "/oauth/token";
    }

    /** What its callers have shown so far. */
    public List<String> shown() {
        return List.copyOf(shown);
    }

    int tokens() {
        return tokens.get();
    }

    /** Nobody is let in any more, whatever he shows. */
    void letNobodyIn(boolean closed) {
        isClosed = closed;
    }

    /** As when a token has ended. */
    public void cut() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    public long waiting() {
        return queue().getMessageCount();
    }

    /** Those that are on their way to a reader, who has not told yet that he has them. */
    int sentAhead() {
        return queue().getDeliveringCount();
    }

    private Queue queue() {
        return broker.getActiveMQServer().locateQueue(SimpleString.of(QUEUE));
    }

    /** Puts a message there that no client of JMS could send: of the sections of all of these. */
    void put(org.apache.qpid.proton.message.Message... parts) throws Exception {
        var bytes = new byte[1024];
        var length = 0;
        for (var part : parts) {
            length += part.encode(bytes, length, bytes.length - length);
        }
        put(Arrays.copyOf(bytes, length));
    }

    void put(byte[] bytes) throws Exception {
        var encoded = new AMQPStandardMessage(0, bytes, null);
        encoded.setAddress(QUEUE);
        encoded.setMessageID(broker.getActiveMQServer().getStorageManager().generateID());
        broker.getActiveMQServer().getPostOffice().route(encoded, true);
    }

    private void accept() {
        try {
            while (true) {
                var client = gate.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> admit(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void admit(Socket client) {
        try {
            var head = head(client);
            var header = new String(head, US_ASCII)
                    .lines()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("authorization:"))
                    .findFirst()
                    .orElse("none");
            var credential = header.substring(header.indexOf(':') + 1).strip();
            shown.add(credential);
            if (isClosed || !credential.equals("Bearer t-" + tokens.get())) {
                client.getOutputStream()
                        .write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
                client.close();
                return;
            }
            var there = new Socket(InetAddress.getLoopbackAddress(), port());
            sockets.add(there);
            there.getOutputStream().write(head);
            Thread.ofVirtual().start(() -> pump(there, client));
            pump(client, there);
        } catch (IOException e) {
            // it has gone
        }
    }

    private static byte[] head(Socket client) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
            var next = client.getInputStream().read();
            if (next < 0) {
                throw new IOException("no head");
            }
            head.write(next);
        }
        return head.toByteArray();
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of them has gone
        }
    }

    @Override
    public void close() {
        try {
            cut();
            gate.close();
            endpoint.close();
            broker.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
