package io.dovetail.bench;

import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Operator;
import io.dovetail.harness.Subscriber;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** One hub under load: its partners, its consumer, and what was seen of both. */
final class Run implements AutoCloseable {

    private static final Duration FIRST_WITHIN = Duration.ofMinutes(1);
    private static final Duration DRAINS_WITHIN = Duration.ofMinutes(3);

    private final HubProcess.Address hub;
    private final Path cluster;
    private final Operator operator;
    private final Subscriber events;
    private final Subscriber triggers;
    private final LoadGenerator load;
    private final long began = System.nanoTime();
    private final ToLongFunction<byte[]> sentAt;
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong triggered = new AtomicLong();
    private final List<Long> publishedBySecond = new ArrayList<>();
    private volatile Latencies endToEnd = new Latencies();
    private final long publishedBefore;

    /** @param sentAt when the delivery of an event was sent, as {@link SentAt} counts */
    Run(
            HubProcess.Address hub,
            Path data,
            int connections,
            double rate,
            Requests requests,
            ToLongFunction<byte[]> sentAt)
            throws IOException {
        this.hub = hub;
        this.cluster = data.resolve("postgres");
        this.operator = new Operator(hub);
        this.sentAt = sentAt;
        this.publishedBefore = Books.published(operator);
        events = Subscriber.of(hub, "hub.events", this::event);
        triggers = Subscriber.of(hub, "hub.triggers", body -> count(triggered));
        load = new LoadGenerator(hub.port(), connections, rate, requests);
    }

    private void event(byte[] body) {
        var now = SentAt.now();
        endToEnd.add(now - sentAt.applyAsLong(body));
        count(published);
    }

    private static void count(AtomicLong counter) {
        counter.setRelease(counter.getPlain() + 1);
    }

    /** What a while under load was like; rates a second, processor time in cores. */
    record Phase(
            double accepted,
            double seen,
            double triggers,
            double published,
            long backlogAtStart,
            long backlogAtEnd,
            Latencies accept,
            Latencies endToEnd,
            double hubCores,
            double postgresCores,
            double loadCores,
            double benchCores,
            double busyCores,
            double diskCores) {}

    Phase measure(int seconds) throws InterruptedException {
        var accept = new Latencies();
        var through = new Latencies();
        var before = Snapshot.of(this);
        load.measureInto(accept);
        endToEnd = through;
        pass(seconds);
        var after = Snapshot.of(this);
        var time = (after.nanos - before.nanos) / 1e9;
        return new Phase(
                (after.accepted - before.accepted) / time,
                (after.seen - before.seen) / time,
                (after.triggers - before.triggers) / time,
                (after.published - before.published) / ((after.booksNanos - before.booksNanos) / 1e9),
                before.inFlight,
                after.inFlight,
                accept,
                through,
                (after.hub - before.hub) / time,
                (after.postgres - before.postgres) / time,
                (after.load - before.load) / time,
                (after.bench - before.bench) / time,
                (after.busy - before.busy) / time,
                (after.disk - before.disk) / time);
    }

    private record Snapshot(
            long nanos,
            long accepted,
            long seen,
            long triggers,
            double hub,
            double postgres,
            double load,
            double bench,
            double busy,
            double disk,
            long booksNanos,
            long published,
            long inFlight) {

        static Snapshot of(Run run) {
            var processors = Machine.processors();
            var bench = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Snapshot(
                    System.nanoTime(),
                    run.load.accepted(),
                    run.published.get(),
                    run.triggered.get(),
                    Machine.cpuSeconds(run.hub.pid()),
                    Machine.postgresCpuSeconds(run.cluster),
                    run.load.cpuNanos() / 1e9,
                    bench.getProcessCpuTime() / 1e9,
                    processors.busy(),
                    processors.disk(),
                    System.nanoTime(),
                    Books.published(run.operator),
                    Books.inFlight(run.operator));
        }
    }

    /** Waits for the first event to come out, on a machine that is very busy with other things. */
    void awaitFirst() throws InterruptedException {
        var deadline = System.nanoTime() + FIRST_WITHIN.toNanos();
        while (published.get() == 0 && System.nanoTime() < deadline) {
            pass(0);
            Thread.sleep(20);
        }
    }

    /** Lets time pass, and notes what each second brought. */
    void pass(int seconds) throws InterruptedException {
        var end = System.nanoTime() + seconds * 1_000_000_000L;
        while (true) {
            while (publishedBySecond.size() < (System.nanoTime() - began) / 1_000_000_000L) {
                publishedBySecond.add(published.get());
            }
            var left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            Thread.sleep(Math.min(50, Math.max(1, left / 1_000_000)));
        }
    }

    /** Seconds from the first request to the first second that published at this rate; -1 when none did. */
    int secondsUntil(double rate) {
        long last = 0;
        for (var second = 0; second < publishedBySecond.size(); second++) {
            if (publishedBySecond.get(second) - last >= rate) {
                return second + 1;
            }
            last = publishedBySecond.get(second);
        }
        return -1;
    }

    /**
     * Sends no more, and waits until all that was accepted has come out.
     *
     * @return how many accepted deliveries never came out
     */
    long drain() throws InterruptedException {
        load.pause();
        var deadline = System.nanoTime() + DRAINS_WITHIN.toNanos();
        Thread.sleep(200);
        while (published.get() < load.accepted() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        return load.accepted() - published.get();
    }

    /**
     * As {@link #drain}, and until the hub has written that down too.
     *
     * @return the difference that its books show
     */
    long finalBooks() throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (Books.published(operator) - publishedBefore < load.accepted() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        return Books.difference(operator);
    }

    /** @throws IllegalStateException when the load or the subscribers ended by themselves */
    void requireWhole() {
        for (var failure : new Exception[] {load.failure(), events.failure(), triggers.failure()}) {
            if (failure != null) {
                throw new IllegalStateException("The load or its subscriber ended: " + failure, failure);
            }
        }
    }

    void resume(double rate) {
        load.rate(rate);
    }

    LoadGenerator load() {
        return load;
    }

    @Override
    public void close() {
        load.close();
        events.close();
        triggers.close();
    }
}
