package io.dovetail.bench;

import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Subscriber;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** Traffic of {@code partner-api} at a modest, fixed rate: what it feels of whatever else its hub has to do. */
final class Live implements AutoCloseable {

    private static final Duration DRAINS_WITHIN = Duration.ofMinutes(3);
    private static final int CONNECTIONS = 16;
    private static final byte[] SOURCE = "\"source\":\"/connectors/partner-api/".getBytes(StandardCharsets.US_ASCII);

    private final HubProcess.Address hub;
    private final Path cluster;
    private final double rate;
    private final LoadGenerator load;
    private final Subscriber events;
    private final Subscriber triggers;
    private final AtomicLong seen = new AtomicLong();
    private volatile Latencies endToEnd = new Latencies();

    /** @param run as {@link Deliveries} wants it */
    Live(HubProcess.Address hub, Path data, double rate, String run) throws IOException, GeneralSecurityException {
        this.hub = hub;
        this.cluster = data.resolve("postgres");
        this.rate = rate;
        // a consumer reads everything, so that it also waits for what others have to say
        events = Subscriber.of(hub, "hub.events", this::event);
        triggers = Subscriber.of(hub, "hub.triggers", body -> {});
        load = LoadGenerator.idle(hub.port(), CONNECTIONS, Deliveries.ofPartners(hub, run));
    }

    private void event(byte[] body) {
        if (isOurs(body)) {
            endToEnd.add(SentAt.now() - SentAt.in(body));
            seen.incrementAndGet();
        }
    }

    private static boolean isOurs(byte[] event) {
        search:
        for (var i = 0; i + SOURCE.length < event.length; i++) {
            for (var j = 0; j < SOURCE.length; j++) {
                if (event[i + j] != SOURCE[j]) {
                    continue search;
                }
            }
            return true;
        }
        return false;
    }

    /** Something that takes its time while the traffic goes on. */
    interface Meanwhile {
        void run() throws Exception;
    }

    /**
     * What a while was like; latencies in milliseconds, processor time in cores.
     *
     * @param benchCores what sending and receiving took, of all that is sent
     */
    record Phase(
            String name,
            double seconds,
            double acceptedPerSecond,
            double acceptP50Millis,
            double acceptP99Millis,
            double endToEndP50Millis,
            double endToEndP99Millis,
            long refused,
            double hubCores,
            double postgresCores,
            double benchCores,
            double busyCores) {

        static final String ALONE = "alone";

        /** How many times as much as in the middle one of the phases in which nothing else went on. */
        double ratio(ToDoubleFunction<Phase> what, List<Phase> phases) {
            var alone = phases.stream()
                    .filter(phase -> phase.name.equals(ALONE))
                    .mapToDouble(what)
                    .sorted()
                    .toArray();
            return what.applyAsDouble(this) / ((alone[alone.length / 2] + alone[(alone.length - 1) / 2]) / 2);
        }

        String latencies(List<Phase> phases) {
            return String.format(
                    Locale.ROOT,
                    "%-34s %8.1f %8.1f %6.2f %10.1f %8.1f %6.2f",
                    name,
                    acceptP50Millis,
                    acceptP99Millis,
                    ratio(Phase::acceptP99Millis, phases),
                    endToEndP50Millis,
                    endToEndP99Millis,
                    ratio(Phase::endToEndP99Millis, phases));
        }

        String cores() {
            return String.format(
                    Locale.ROOT,
                    "%.2f cores busy: hub %.2f, PostgreSQL %.2f, bench %.2f",
                    busyCores,
                    hubCores,
                    postgresCores,
                    benchCores);
        }

        /** Above {@link #latencies}. */
        static String heading() {
            return String.format(
                    "%-34s %8s %8s %6s %10s %8s %6s",
                    "milliseconds", "accept", "p99", "ratio", "end to end", "p99", "ratio");
        }
    }

    /** Sends until {@code meanwhile} is over, and waits until all of it has come out. */
    Phase measure(String name, Meanwhile meanwhile) throws Exception {
        var accept = new Latencies();
        var through = new Latencies();
        load.measureInto(accept);
        endToEnd = through;
        var refused = load.refused();
        var accepted = load.accepted();
        var before = Moment.of(this);
        load.rate(rate);
        meanwhile.run();
        load.pause();
        var after = Moment.of(this);
        drain();
        var time = (after.nanos - before.nanos) / 1e9;
        return new Phase(
                name,
                Bench.round(time),
                Bench.round((load.accepted() - accepted) / time),
                Bench.round(accept.millis(0.5)),
                Bench.round(accept.millis(0.99)),
                Bench.round(through.millis(0.5)),
                Bench.round(through.millis(0.99)),
                load.refused() - refused,
                Bench.round((after.hub - before.hub) / time),
                Bench.round((after.postgres - before.postgres) / time),
                Bench.round((after.bench - before.bench) / time),
                Bench.round((after.busy - before.busy) / time));
    }

    /** Waits until all that was accepted so far has come out. */
    private void drain() throws InterruptedException {
        var deadline = System.nanoTime() + DRAINS_WITHIN.toNanos();
        Thread.sleep(200);
        while (lost() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
    }

    /** Accepted, but not come out yet. */
    long lost() {
        return load.accepted() - seen.get();
    }

    /** @throws IllegalStateException when the load or a subscriber ended by itself */
    void requireWhole() {
        for (var failure : new Exception[] {load.failure(), events.failure(), triggers.failure()}) {
            if (failure != null) {
                throw new IllegalStateException("The load or its subscriber ended: " + failure, failure);
            }
        }
    }

    private record Moment(long nanos, double hub, double postgres, double bench, double busy) {

        static Moment of(Live live) {
            var bench = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Moment(
                    System.nanoTime(),
                    Machine.cpuSeconds(live.hub.pid()),
                    Machine.postgresCpuSeconds(live.cluster),
                    bench.getProcessCpuTime() / 1e9,
                    Machine.processors().busy());
        }
    }

    @Override
    public void close() {
        load.close();
        events.close();
        triggers.close();
    }
}
