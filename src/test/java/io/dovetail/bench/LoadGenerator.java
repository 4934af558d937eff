package io.dovetail.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends deliveries over a fixed number of connections that are kept open, one request at a time on each, all from one
 * thread: what it needs of the processor is taken from the hub. With a rate, a request is due at its time whether or not
 * a connection is free, and its latency counts from then.
 */
final class LoadGenerator implements AutoCloseable {

    private final InetSocketAddress hub;
    private final Requests requests;
    private final Selector selector;
    private final ArrayDeque<Exchange> idle = new ArrayDeque<>();
    private final Thread thread;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    // by status; what broke is 0
    private final AtomicLongArray refusals = new AtomicLongArray(600);
    private volatile Latencies latencies = new Latencies();
    private volatile double rate;
    private volatile boolean paused;
    private volatile boolean closing;
    private volatile int lastRefusal;
    private volatile @Nullable Exception failure;

    /** @param rate requests a second; 0: as fast as the answers come */
    LoadGenerator(int port, int connections, double rate, Requests requests) throws IOException {
        this(port, connections, rate, requests, false);
    }

    /** One that sends nothing before it is given a {@link #rate}. */
    static LoadGenerator idle(int port, int connections, Requests requests) throws IOException {
        return new LoadGenerator(port, connections, 0, requests, true);
    }

    private LoadGenerator(int port, int connections, double rate, Requests requests, boolean paused)
            throws IOException {
        this.hub = new InetSocketAddress("127.0.0.1", port);
        this.requests = requests;
        this.rate = rate;
        this.paused = paused;
        selector = Selector.open();
        for (var i = 0; i < connections; i++) {
            idle.add(new Exchange());
        }
        thread = Thread.ofPlatform().daemon().name("load").start(this::run);
    }

    /** Answered 202 so far. */
    long accepted() {
        return accepted.get();
    }

    /** Answered anything else so far. */
    long refused() {
        return refused.get();
    }

    /** Answered with this status so far, which is not 202; 0 for connections that broke. */
    long refused(int status) {
        return refusals.get(status);
    }

    /** The last status that was not 202; 0 when there was none, -1 for a connection that broke. */
    int lastRefusal() {
        return lastRefusal;
    }

    /** Sent, and not answered yet. */
    long open() {
        // what is answered meanwhile was sent before
        return -accepted.get() - refused.get() + sent.get();
    }

    /** Why nothing is sent any more; null while it is. */
    @Nullable
    Exception failure() {
        return failure;
    }

    /** From now on the latencies of accepted deliveries go there. */
    void measureInto(Latencies next) {
        latencies = next;
    }

    void rate(double perSecond) {
        rate = perSecond;
        paused = false;
    }

    void pause() {
        paused = true;
    }

    /** Processor time of the sending thread. */
    long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
    }

    private void run() {
        try {
            var due = (double) System.nanoTime();
            var pace = rate;
            while (!closing) {
                var now = System.nanoTime();
                if (pace != rate || paused) {
                    pace = rate;
                    due = now;
                }
                if (paused) {
                    if (inFlight() == 0) {
                        LockSupport.parkNanos(1_000_000);
                    }
                } else if (pace == 0) {
                    while (!idle.isEmpty()) {
                        idle.remove().send(System.nanoTime());
                    }
                } else {
                    for (; due <= now && !idle.isEmpty(); due += 1e9 / pace) {
                        idle.remove().send((long) due);
                    }
                }
                var wait = paused || pace == 0 || idle.isEmpty() ? 10 : Math.max(1, (long) (due - now) / 1_000_000);
                selector.select(this::readable, wait);
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    private int inFlight() {
        return selector.keys().size() - idle.size();
    }

    private void readable(SelectionKey key) {
        ((Exchange) key.attachment()).receive();
    }

    /** One connection, and the request that is on its way. */
    private final class Exchange {

        private final ByteBuffer in = ByteBuffer.allocateDirect(4096);
        private final ByteBuffer out = ByteBuffer.allocateDirect(8192);
        private SocketChannel channel;
        private long since;

        Exchange() throws IOException {
            channel = connect();
        }

        private SocketChannel connect() throws IOException {
            var opened = SocketChannel.open(hub);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.configureBlocking(false);
            opened.register(selector, SelectionKey.OP_READ, this);
            return opened;
        }

        void send(long dueNanos) throws IOException {
            since = dueNanos;
            sent.setRelease(sent.getPlain() + 1);
            in.clear();
            out.clear().put(requests.next()).flip();
            // one request is far smaller than an empty socket's buffer
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        void receive() {
            try {
                if (channel.read(in) < 0) {
                    broke();
                    return;
                }
                var end = head();
                if (end < 0 || in.position() < end + length(end)) {
                    return;
                }
                var again = find("connection: close", end) < 0;
                count((in.get(9) - '0') * 100 + (in.get(10) - '0') * 10 + in.get(11) - '0');
                in.clear();
                if (again) {
                    idle.add(this);
                } else {
                    reconnect();
                }
            } catch (IOException e) {
                try {
                    broke();
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            }
        }

        private void broke() throws IOException {
            // one that rests for long is closed, which is nobody's failure
            if (!idle.contains(this)) {
                count(-1);
            }
            reconnect();
        }

        private void reconnect() throws IOException {
            channel.close();
            channel = connect();
            in.clear();
            if (!idle.contains(this)) {
                idle.add(this);
            }
        }

        private void count(int status) {
            if (status == 202) {
                latencies.add(System.nanoTime() - since);
                accepted.setRelease(accepted.getPlain() + 1);
            } else {
                lastRefusal = status;
                refused.setRelease(refused.getPlain() + 1);
                refusals.incrementAndGet(Math.clamp(status, 0, refusals.length() - 1));
            }
        }

        /** Where the answer's body begins; -1 while its head is not there. */
        private int head() {
            for (var i = 0; i + 3 < in.position(); i++) {
                if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                    return i + 4;
                }
            }
            return -1;
        }

        private int length(int end) {
            var at = find("content-length: ", end);
            var length = 0;
            for (; at >= 0 && in.get(at) >= '0'; at++) {
                length = length * 10 + in.get(at) - '0';
            }
            return length;
        }

        /** Where the text after this one begins, letters compared without case; -1 when it is not there. */
        private int find(String lowerCase, int end) {
            for (var i = 0; i + lowerCase.length() <= end; i++) {
                var j = 0;
                while (j < lowerCase.length() && lower(in.get(i + j)) == lowerCase.charAt(j)) {
                    j++;
                }
                if (j == lowerCase.length()) {
                    return i + j;
                }
            }
            return -1;
        }

        private static int lower(byte letter) {
            return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
        }
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join();
            for (var key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException | InterruptedException e) {
            // the process ends soon
        }
    }
}
