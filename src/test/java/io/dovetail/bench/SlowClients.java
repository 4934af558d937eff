package io.dovetail.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Senders who never come to an end: each begins a delivery with a good head, and then lets a byte of the body go every
 * now and then. One that is cut off begins anew.
 */
final class SlowClients implements AutoCloseable {

    private static final long BETWEEN_BYTES_MILLIS = 500;

    private final InetSocketAddress hub;
    private final Requests requests;
    private final List<Trickle> trickles = new ArrayList<>();
    private final AtomicLong cutOff = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;

    SlowClients(int port, int sockets, Requests requests) {
        this.hub = new InetSocketAddress("127.0.0.1", port);
        this.requests = requests;
        for (var i = 0; i < sockets; i++) {
            trickles.add(new Trickle());
        }
        thread = Thread.ofPlatform().daemon().name("slow clients").start(this::run);
    }

    /** How often one of them was cut off so far. */
    long cutOff() {
        return cutOff.get();
    }

    private void run() {
        try {
            while (!closing) {
                for (var trickle : trickles) {
                    trickle.goOn();
                    // spread, rather than all at the same moment
                    Thread.sleep(0, (int) (BETWEEN_BYTES_MILLIS * 1_000_000 / trickles.size() % 1_000_000));
                    Thread.sleep(BETWEEN_BYTES_MILLIS / trickles.size());
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private final class Trickle {

        private final ByteBuffer answer = ByteBuffer.allocate(1024);
        private @Nullable SocketChannel channel;
        private byte[] request = new byte[0];
        private int sent;

        void goOn() {
            try {
                var open = channel;
                if (open == null) {
                    open = SocketChannel.open(hub);
                    channel = open;
                    open.configureBlocking(false);
                    request = requests.next().clone();
                    sent = request.length - Deliveries.BODY_BYTES;
                    open.write(ByteBuffer.wrap(request, 0, sent));
                } else if (open.read(answer.clear()) != 0 || sent == request.length) {
                    throw new IOException("cut off");
                } else {
                    sent += open.write(ByteBuffer.wrap(request, sent, 1));
                }
            } catch (IOException e) {
                cutOff.incrementAndGet();
                close();
            }
        }

        void close() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                // it is gone all the same
            }
            channel = null;
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        trickles.forEach(Trickle::close);
    }
}
