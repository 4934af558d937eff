package io.dovetail.bench;

import io.dovetail.bench.Live.Phase;
import io.dovetail.bench.Live.Turns;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Operator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What a connector's traffic feels of another connector's flood, and of its slow clients. */
final class Fairness {

    static final double RATE = 100;
    private static final int FLOOD_CONNECTIONS = 64;
    private static final int SLOW_CLIENTS = 500;

    // short enough that what changes on the machine meanwhile meets every phase
    private static final int TURN_SECONDS = 10;
    // a flood has used up its burst by then, and slow clients have connected
    private static final int LEAD_SECONDS = 2;

    private final HubProcess.Address hub;
    private final Operator operator;
    private final Rival rival;
    private final Live live;
    private final LoadGenerator flood;
    private final Requests slow;
    private final int allowed;
    private final int seconds;
    private final Consumer<String> news;

    private Fairness(
            HubProcess.Address hub,
            Rival rival,
            Live live,
            LoadGenerator flood,
            Requests slow,
            int allowed,
            int seconds,
            Consumer<String> news) {
        this.hub = hub;
        this.operator = new Operator(hub);
        this.rival = rival;
        this.live = live;
        this.flood = flood;
        this.slow = slow;
        this.allowed = allowed;
        this.seconds = seconds;
        this.news = news;
    }

    /** A phase, and what the other connector got meanwhile. */
    record Row(Phase live, long othersAccepted, long others429, long others503, long othersCutOff) {

        private String others() {
            return String.format(
                    Locale.ROOT,
                    "%.0f/s accepted, %.0f/s 429, %.0f/s 503, %d cut off",
                    othersAccepted / live.seconds(),
                    others429 / live.seconds(),
                    others503 / live.seconds(),
                    othersCutOff);
        }
    }

    /** Phases that took turns; the ratios are to the one alone among them. */
    record Comparison(String limits, List<Row> rows) {

        private String text() {
            var phases = rows.stream().map(Row::live).toList();
            var text = new StringBuilder(
                    limits.isEmpty() ? "without limits\n" : "with limits %s for the other\n".formatted(limits));
            text.append(Phase.heading()).append("   what the other got\n");
            for (var row : rows) {
                text.append(String.format(
                        Locale.ROOT, "%s   %s; %s%n", row.live.latencies(phases), row.others(), row.live.cores()));
            }
            return text.toString();
        }
    }

    record Report(List<Comparison> comparisons, double rate, int processors, long lost, long booksDifference)
            implements Printed {

        @Override
        public boolean holds() {
            return lost == 0 && booksDifference == 0;
        }

        @Override
        public String text() {
            var rows = comparisons.stream()
                    .flatMap(comparison -> comparison.rows.stream())
                    .toList();
            return String.format(
                    Locale.ROOT,
                    "%n%.0f deliveries/s of one connector, beside another, in turns of %d s; %d cores%n%n%s%n"
                            + "refused %d, lost %d, books %d%n",
                    rate,
                    TURN_SECONDS,
                    processors,
                    comparisons.stream().map(Comparison::text).collect(Collectors.joining("\n")),
                    rows.stream().mapToLong(row -> row.live.refused()).sum(),
                    lost,
                    booksDifference);
        }
    }

    /** What keeps one connector from crowding out others. */
    static String limits(int perSecond) {
        return "{ perSecond: %d, burst: 200, concurrent: 32 }".formatted(perSecond);
    }

    /** @param allowed deliveries a second that the other connector may bring where it has limits */
    static Report run(
            HubProcess.Address hub,
            Path data,
            Rival rival,
            double rate,
            int allowed,
            int warmup,
            int seconds,
            String run,
            Consumer<String> news)
            throws Exception {
        var secret = hub.secret(Rival.NAME + ".webhook");
        try (var live = new Live(hub, data, rate, run);
                var flood = LoadGenerator.idle(
                        hub.port(), FLOOD_CONNECTIONS, new Deliveries(hub.port(), Rival.NAME, secret, run))) {
            var slow = new Deliveries(hub.port(), Rival.NAME, secret, "slow" + run.substring(4));
            var fairness = new Fairness(hub, rival, live, flood, slow, allowed, seconds, news);
            var comparisons = fairness.comparisons(warmup);
            live.requireWhole();
            return new Report(
                    comparisons,
                    rate,
                    Runtime.getRuntime().availableProcessors(),
                    live.lost(),
                    Books.difference(fairness.operator));
        }
    }

    private List<Comparison> comparisons(int warmup) throws Exception {
        news.accept("Warming up for %d s …".formatted(warmup));
        new Beside("", this::flood).turn(warmup);
        var slowClients = compare(
                "",
                List.of(
                        alone(),
                        new Beside(
                                "beside " + SLOW_CLIENTS + " slow clients",
                                () -> new SlowClients(hub.port(), SLOW_CLIENTS, slow))));
        limit(limits(allowed), warmup);
        var limited = compare(
                limits(allowed),
                List.of(
                        alone(),
                        new Beside("beside a flood", this::flood),
                        // as much as is left of a flood above the limits, of somebody who keeps to them: none of it
                        // waits for company
                        new Beside("beside " + allowed + "/s", () -> {
                            flood.rate(allowed);
                            return flood::pause;
                        })));
        limit("", warmup);
        // the last, since what it has written is still flushed and vacuumed minutes later
        var unlimited = compare("", List.of(alone(), new Beside("beside a flood", this::flood)));
        return List.of(slowClients, limited, unlimited);
    }

    private void limit(String limits, int warmup) throws Exception {
        rival.limit(limits);
        Books.reload(operator);
        // routes are made anew, and compiled; what was there before is collected
        news.accept("Warming up after a reload …");
        new Beside("", this::flood).turn(Math.min(20, warmup));
    }

    private Beside alone() {
        return new Beside(Phase.ALONE, () -> () -> {});
    }

    private AutoCloseable flood() {
        flood.rate(0);
        return flood::pause;
    }

    private Comparison compare(String limits, List<Beside> phases) throws Exception {
        var turns = Math.ceilDiv(seconds, TURN_SECONDS);
        var order = new ArrayList<>(phases);
        for (var turn = 1; turn <= turns; turn++) {
            for (var phase : order) {
                news.accept("%s, turn %d of %d …".formatted(phase.turns.name(), turn, turns));
                phase.turn(Math.min(seconds, TURN_SECONDS));
            }
            // none is always behind the same other one
            Collections.rotate(order, 1);
            if (turn % order.size() == 0) {
                Collections.reverse(order);
            }
        }
        return new Comparison(limits, phases.stream().map(Beside::row).toList());
    }

    /** What the other does while the live traffic is measured. */
    private interface Other {
        AutoCloseable begin() throws Exception;
    }

    private final class Beside {

        private final Turns turns;
        private final Other other;
        private long accepted;
        private long busy;
        private long unavailable;
        private long cutOff;

        Beside(String name, Other other) {
            turns = new Turns(name);
            this.other = other;
        }

        void turn(int length) throws Exception {
            try (var going = other.begin()) {
                Thread.sleep(LEAD_SECONDS * 1000L);
                live.turn(turns, () -> {
                    count(-1, going);
                    Thread.sleep(length * 1000L);
                    count(1, going);
                });
            }
            Books.settle(operator);
        }

        private void count(int sign, AutoCloseable going) {
            accepted += sign * flood.accepted();
            busy += sign * flood.refused(429);
            unavailable += sign * flood.refused(503);
            cutOff += sign * (going instanceof SlowClients clients ? clients.cutOff() : 0);
        }

        Row row() {
            return new Row(turns.phase(), accepted, busy, unavailable, cutOff);
        }
    }
}
