package io.dovetail.bench;

import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Subscriber;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

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
     * @param acceptMiddleP99Millis the p99 of the turn in the middle, when the turns are sorted by it: what disturbs the
     *     machine for seconds is the p99 of all turns together, and not this one
     * @param benchCores what sending and receiving took, of all that is sent
     */
    record Phase(
            String name,
            int turns,
            double seconds,
            double acceptedPerSecond,
            double acceptP50Millis,
            double acceptP99Millis,
            double acceptMiddleP99Millis,
            double endToEndP50Millis,
            double endToEndP99Millis,
            double endToEndMiddleP99Millis,
            long refused,
            double hubCores,
            double postgresCores,
            double benchCores,
            double busyCores) {

        static final String ALONE = "alone";

        /** How many times as much as in the middle one of the phases in which nothing else went on. */
        double ratio(ToDoubleFunction<Phase> what, List<Phase> phases) {
            return what.applyAsDouble(this)
                    / middle(phases.stream()
                            .filter(phase -> phase.name.equals(ALONE))
                            .mapToDouble(what));
        }

        String latencies(List<Phase> phases) {
            return String.format(
                    Locale.ROOT,
                    "%-34s %8.1f %8.1f %6.2f %8.1f %6.2f %10.1f %8.1f %6.2f %8.1f %6.2f",
                    name,
                    acceptP50Millis,
                    acceptP99Millis,
                    ratio(Phase::acceptP99Millis, phases),
                    acceptMiddleP99Millis,
                    ratio(Phase::acceptMiddleP99Millis, phases),
                    endToEndP50Millis,
                    endToEndP99Millis,
                    ratio(Phase::endToEndP99Millis, phases),
                    endToEndMiddleP99Millis,
                    ratio(Phase::endToEndMiddleP99Millis, phases));
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
                    "%-34s %8s %8s %6s %8s %6s %10s %8s %6s %8s %6s",
                    "milliseconds",
                    "accept",
                    "p99",
                    "ratio",
                    "middle",
                    "ratio",
                    "end to end",
                    "p99",
                    "ratio",
                    "middle",
                    "ratio");
        }
    }

    private static double middle(DoubleStream values) {
        var sorted = values.sorted().toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    /** The turns of a phase so far. */
    static final class Turns {

        private final String name;
        private final Latencies accept = new Latencies();
        private final Latencies through = new Latencies();
        private final List<Double> acceptP99s = new ArrayList<>();
        private final List<Double> throughP99s = new ArrayList<>();
        private long accepted;
        private long refused;
        private Moment took = new Moment(0, 0, 0, 0, 0);

        Turns(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        Phase phase() {
            var time = took.nanos / 1e9;
            return new Phase(
                    name,
                    acceptP99s.size(),
                    Bench.round(time),
                    Bench.round(accepted / time),
                    Bench.round(accept.millis(0.5)),
                    Bench.round(accept.millis(0.99)),
                    Bench.round(middle(acceptP99s.stream().mapToDouble(p99 -> p99))),
                    Bench.round(through.millis(0.5)),
                    Bench.round(through.millis(0.99)),
                    Bench.round(middle(throughP99s.stream().mapToDouble(p99 -> p99))),
                    refused,
                    Bench.round(took.hub / time),
                    Bench.round(took.postgres / time),
                    Bench.round(took.bench / time),
                    Bench.round(took.busy / time));
        }
    }

    /** A phase of one turn. */
    Phase measure(String name, Meanwhile meanwhile) throws Exception {
        var turns = new Turns(name);
        turn(turns, meanwhile);
        return turns.phase();
    }

    /** Sends until {@code meanwhile} is over, and waits until all of it has come out. */
    void turn(Turns turns, Meanwhile meanwhile) throws Exception {
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
        turns.took = turns.took.plus(after).minus(before);
        turns.accepted += load.accepted() - accepted;
        turns.refused += load.refused() - refused;
        turns.accept.add(accept);
        turns.through.add(through);
        turns.acceptP99s.add(accept.millis(0.99));
        turns.throughP99s.add(through.millis(0.99));
    }

    /** Waits until all that was sent so far is answered, and all that was accepted has come out. */
    private void drain() throws InterruptedException {
        var deadline = System.nanoTime() + DRAINS_WITHIN.toNanos();
        Thread.sleep(200);
        while ((load.open() > 0 || lost() > 0) && load.failure() == null && System.nanoTime() < deadline) {
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

        Moment plus(Moment other) {
            return new Moment(
                    nanos + other.nanos,
                    hub + other.hub,
                    postgres + other.postgres,
                    bench + other.bench,
                    busy + other.busy);
        }

        Moment minus(Moment other) {
            return plus(new Moment(-other.nanos, -other.hub, -other.postgres, -other.bench, -other.busy));
        }

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
