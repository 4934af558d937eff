package io.dovetail.bench;

import io.dovetail.bench.Live.Phase;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Operator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What live traffic feels of the replay of a great many dead letters of another connector. */
final class ManyReplayed {

    static final double RATE = 200;
    private static final int CONNECTIONS = 64;
    private static final int PARKED_IN_HAND = 2_000;

    // what is rarely run is compiled late
    private static final Duration CALM = Duration.ofSeconds(15);

    private ManyReplayed() {}

    record Report(
            List<Phase> phases,
            double rate,
            long parked,
            long replayed,
            long left,
            double seconds,
            int processors,
            long lost,
            long booksDifference)
            implements Printed {

        @Override
        public boolean holds() {
            return lost == 0 && booksDifference == 0 && left == 0;
        }

        @Override
        public String text() {
            var text = new StringBuilder(String.format(
                    Locale.ROOT,
                    "%n%.0f deliveries/s of one connector, while %d dead letters of another are replayed in %.0f s;"
                            + " %d cores%n%s%n",
                    rate,
                    replayed,
                    seconds,
                    processors,
                    Phase.heading()));
            for (var phase : phases) {
                text.append(String.format("%s   %s%n", phase.latencies(phases), phase.cores()));
            }
            return text.append(String.format("still parked %d, lost %d, books %d%n", left, lost, booksDifference))
                    .toString();
        }
    }

    /** @param replayRate dead letters a second; 0: as the hub does it unless it is told */
    static Report run(
            HubProcess.Address hub,
            Path data,
            Rival rival,
            int count,
            int replayRate,
            double rate,
            int warmup,
            int seconds,
            String run,
            Consumer<String> news)
            throws Exception {
        var operator = new Operator(hub);
        try (var live = new Live(hub, data, rate, run)) {
            news.accept("Parking %d deliveries …".formatted(count));
            park(hub, operator, count, run);
            rival.mendMapping();
            Books.reload(operator);
            var parked = Books.parked(operator);
            news.accept("Warming up for %d s …".formatted(warmup));
            warmUp(hub, warmup, run);
            Books.settle(operator);
            live.measure("before", () -> Thread.sleep(Math.min(CALM.toMillis(), seconds * 1000L)));
            news.accept("Live traffic alone …");
            var alone = live.measure(Phase.ALONE, () -> Thread.sleep(seconds * 1000L));
            news.accept("Beside the replay of %d …".formatted(parked));
            var took = new double[1];
            var beside = live.measure("beside the replay", () -> took[0] = replay(operator, replayRate));
            var left = Books.parked(operator);
            var after = live.measure(Phase.ALONE, () -> Thread.sleep(seconds * 1000L));
            Books.settle(operator);
            live.requireWhole();
            return new Report(
                    List.of(alone, beside, after),
                    rate,
                    parked,
                    parked - left,
                    left,
                    Bench.round(took[0]),
                    Runtime.getRuntime().availableProcessors(),
                    live.lost(),
                    Books.difference(operator));
        }
    }

    /** Orders alone, each of a key of its own. */
    private static void park(HubProcess.Address hub, Operator operator, int count, String run) throws Exception {
        var deliveries = Deliveries.ordersOnly(
                hub.port(), Rival.NAME, hub.secret(Rival.NAME + ".webhook"), "park" + run.substring(4));
        try (var load = LoadGenerator.idle(hub.port(), CONNECTIONS, deliveries)) {
            load.rate(0);
            while (load.accepted() < count - PARKED_IN_HAND) {
                Thread.sleep(5);
            }
            // the last of them slowly, so that it is not thousands more than wanted
            load.rate(1_000);
            while (load.accepted() < count) {
                Thread.sleep(1);
            }
            load.pause();
            Books.settle(operator);
        }
    }

    private static void warmUp(HubProcess.Address hub, int seconds, String run) throws Exception {
        var deliveries =
                new Deliveries(hub.port(), Rival.NAME, hub.secret(Rival.NAME + ".webhook"), "warm" + run.substring(4));
        try (var load = LoadGenerator.idle(hub.port(), CONNECTIONS, deliveries)) {
            load.rate(0);
            Thread.sleep(seconds * 1000L);
            load.pause();
            Thread.sleep(500);
        }
    }

    /** @return how many seconds it took until all of it was published */
    private static double replay(Operator operator, int rate) throws InterruptedException {
        var order = new HashMap<String, Object>(Map.of("connector", Rival.NAME, "reason", "the mapping is mended"));
        if (rate > 0) {
            order.put("rate", rate);
        }
        var began = System.nanoTime();
        var plan = operator.post("/api/replays", order).body();
        var id = plan.path("id").asText();
        while (!operator.get("/api/replays/" + id).body().path("state").asText().equals("done")) {
            Thread.sleep(1000);
        }
        // whatever of it is still on its way belongs to it
        while (operator.books(Rival.NAME).at("/events/inFlight").asLong() > 0) {
            Thread.sleep(100);
        }
        return (System.nanoTime() - began) / 1e9;
    }
}
