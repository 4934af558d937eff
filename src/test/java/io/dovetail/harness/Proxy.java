package io.dovetail.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line between the hub and a server, to be cut or to fall silent. */
public final class Proxy implements AutoCloseable {

    private enum Line {
        OPEN,
        CUT,
        SILENT
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private Line line = Line.OPEN;

    public Proxy(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Ends what is open, and lets nothing new through. */
    public void cut() throws IOException {
        become(Line.CUT);
        for (var socket : sockets) {
            socket.close();
        }
    }

    /** Says nothing any more, on any connection, old or new. */
    public void fallSilent() {
        become(Line.SILENT);
    }

    public void mend() {
        become(Line.OPEN);
    }

    private void become(Line next) {
        synchronized (change) {
            line = next;
            change.notifyAll();
        }
    }

    private Line line() {
        synchronized (change) {
            return line;
        }
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                sockets.add(client);
                if (line() == Line.CUT) {
                    client.close();
                    continue;
                }
                var there = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(there);
                Thread.ofVirtual().start(() -> pump(client, there));
                Thread.ofVirtual().start(() -> pump(there, client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            pump(from.getInputStream(), to.getOutputStream());
        } catch (IOException | InterruptedException e) {
            // one side is gone, and with it the other
        } finally {
            sockets.remove(from);
        }
    }

    private void pump(InputStream in, OutputStream out) throws IOException, InterruptedException {
        var buffer = new byte[8192];
        for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            synchronized (change) {
                while (line == Line.SILENT) {
                    change.wait();
                }
            }
            out.write(buffer, 0, read);
        }
    }

    @Override
    public void close() throws IOException {
        cut();
        server.close();
    }
}
