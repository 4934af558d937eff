package io.dovetail.bench;

import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Operator;
import io.dovetail.harness.Subscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** How a hub comes back that is killed while a great many deliveries wait for its bus. */
final class Waiting {

    private static final int CONNECTIONS = 64;
    private static final Duration STUCK_AFTER = Duration.ofMinutes(2);
    private static final Map<String, String> RELAY = Map.of("what", "relay", "reason", "to see what waits");

    private Waiting() {}

    /**
     * @param again how often the bus was told what it had been told already
     * @param residentMiB right after the start, before any of it was delivered
     */
    record Report(
            long waiting,
            double readySeconds,
            long residentMiB,
            long peakResidentMiB,
            double deliveredInSeconds,
            double deliveredPerSecond,
            long lost,
            long again,
            int processors,
            long booksDifference)
            implements Printed {

        @Override
        public boolean holds() {
            return lost == 0 && booksDifference == 0;
        }

        @Override
        public String text() {
            return String.format(
                    Locale.ROOT,
                    "%nkilled while %,d deliveries waited for the bus; %d cores%n"
                            + "ready after         %.1f s, %d MiB resident then, %d MiB at most%n"
                            + "all delivered in    %.1f s, %,.0f a second%n"
                            + "lost %d, told again %d, books %d%n",
                    waiting,
                    processors,
                    readySeconds,
                    residentMiB,
                    peakResidentMiB,
                    deliveredInSeconds,
                    deliveredPerSecond,
                    lost,
                    again,
                    booksDifference);
        }
    }

    static Report run(Path root, Path data, int count, String run, Consumer<HubProcess> running, Consumer<String> news)
            throws Exception {
        long accepted;
        try (var process = HubProcess.start(root, data, Map.of())) {
            running.accept(process);
            var hub = process.ready();
            pause(new Operator(hub), "/api/pauses");
            news.accept("Sending %,d deliveries to a bus that takes none …".formatted(count));
            accepted = send(hub, count, run);
            process.kill();
        }
        news.accept("Killed; starting again …");
        var began = System.nanoTime();
        try (var process = HubProcess.start(root, data, Map.of())) {
            running.accept(process);
            var hub = process.ready();
            var readySeconds = (System.nanoTime() - began) / 1e9;
            var resident = Machine.residentMiB(hub.pid());
            var operator = new Operator(hub);
            var seen = new Numbers(accepted);
            try (var events = Subscriber.of(hub, "hub.events", seen::add);
                    var triggers = Subscriber.of(hub, "hub.triggers", body -> {})) {
                news.accept("Ready after %.1f s; letting the bus take them …".formatted(readySeconds));
                var since = System.nanoTime();
                pause(operator, "/api/pauses/resume");
                seen.awaitAll(STUCK_AFTER);
                var seconds = (System.nanoTime() - since) / 1e9;
                Books.settle(operator);
                if (events.failure() != null || triggers.failure() != null) {
                    throw new IllegalStateException("A subscriber ended.", events.failure());
                }
                return new Report(
                        accepted,
                        Bench.round(readySeconds),
                        resident,
                        Machine.peakResidentMiB(hub.pid()),
                        Bench.round(seconds),
                        Bench.round((accepted - seen.missing()) / seconds),
                        seen.missing(),
                        seen.again(),
                        Runtime.getRuntime().availableProcessors(),
                        Books.difference(operator));
            }
        }
    }

    private static void pause(Operator operator, String path) {
        var answer = operator.post(path, RELAY);
        if (answer.status() != 200) {
            throw new IllegalStateException("The hub answers " + answer.status() + ": " + answer.body());
        }
    }

    /** Orders alone, so that each has a number of its own. */
    private static long send(HubProcess.Address hub, int count, String run) throws Exception {
        var deliveries = Deliveries.ordersOnly(hub.port(), "partner-api", hub.secret("partner-api.webhook"), run);
        try (var load = LoadGenerator.idle(hub.port(), CONNECTIONS, deliveries)) {
            load.rate(0);
            while (load.accepted() < count && load.failure() == null) {
                Thread.sleep(1);
            }
            load.pause();
            // those on their way have an answer
            Thread.sleep(1_000);
            if (load.failure() != null || load.refused() > 0) {
                throw new IllegalStateException("The load was not taken: " + load.lastRefusal(), load.failure());
            }
            return load.accepted();
        }
    }
}
