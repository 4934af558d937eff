package io.dovetail.bench;

import io.dovetail.bench.Live.Phase;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Operator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What a connector's traffic feels of another connector's flood, and of its slow clients. */
final class Fairness {

    static final double RATE = 100;
    private static final int FLOOD_CONNECTIONS = 64;
    private static final int SLOW_CLIENTS = 500;
    private static final int ALLOWED = 200;
    static final String LIMITS = "{ perSecond: " + ALLOWED + ", burst: 200, concurrent: 32 }";

    private final HubProcess.Address hub;
    private final Operator operator;
    private final Rival rival;
    private final Live live;
    private final LoadGenerator flood;
    private final Requests slow;
    private final int seconds;
    private final Consumer<String> news;
    private final List<Row> rows = new ArrayList<>();

    private Fairness(
            HubProcess.Address hub,
            Rival rival,
            Live live,
            LoadGenerator flood,
            Requests slow,
            int seconds,
            Consumer<String> news) {
        this.hub = hub;
        this.operator = new Operator(hub);
        this.rival = rival;
        this.live = live;
        this.flood = flood;
        this.slow = slow;
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

    record Report(List<Row> rows, double rate, int processors, long lost, long booksDifference) implements Printed {

        @Override
        public boolean holds() {
            return lost == 0 && booksDifference == 0;
        }

        @Override
        public String text() {
            var phases = rows.stream().map(Row::live).toList();
            var text = new StringBuilder(String.format(
                    Locale.ROOT,
                    "%n%.0f deliveries/s of one connector, beside another; %d cores%n%s   what the other got%n",
                    rate,
                    processors,
                    Phase.heading()));
            for (var row : rows) {
                text.append(String.format(
                        Locale.ROOT, "%s   %s; %s%n", row.live.latencies(phases), row.others(), row.live.cores()));
            }
            return text.append(String.format(
                            "refused %d, lost %d, books %d%n",
                            phases.stream().mapToLong(Phase::refused).sum(), lost, booksDifference))
                    .toString();
        }
    }

    static Report run(
            HubProcess.Address hub,
            Path data,
            Rival rival,
            double rate,
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
            var fairness = new Fairness(hub, rival, live, flood, slow, seconds, news);
            fairness.phases(warmup);
            live.requireWhole();
            return new Report(
                    List.copyOf(fairness.rows),
                    rate,
                    Runtime.getRuntime().availableProcessors(),
                    live.lost(),
                    Books.difference(fairness.operator));
        }
    }

    private void phases(int warmup) throws Exception {
        phase("warm-up", this::flood, warmup);
        phase("before", () -> {}, Math.min(15, seconds));
        rows.clear();
        phase(Phase.ALONE, () -> {}, seconds);
        phase("beside a flood", this::flood, seconds);
        phase(Phase.ALONE, () -> {}, seconds);
        // what a flood above the limits leaves of itself, sent by somebody who keeps to them
        phase("beside " + ALLOWED + "/s", () -> flood.rate(ALLOWED), seconds);
        try (var clients = new SlowClients(hub.port(), SLOW_CLIENTS, slow)) {
            phase("beside " + SLOW_CLIENTS + " slow clients", () -> {}, seconds);
            var row = rows.removeLast();
            rows.add(new Row(row.live, row.othersAccepted, row.others429, row.others503, clients.cutOff()));
        }
        rival.limit(LIMITS);
        Books.reload(operator);
        // a reload makes routes anew, which have to be compiled again, and what was before is collected: no flood's
        // work
        phase("after the reload", this::flood, Math.min(15, seconds));
        rows.removeLast();
        phase("beside a flood, with limits", this::flood, seconds);
        phase(Phase.ALONE, () -> {}, seconds);
    }

    private void flood() {
        flood.rate(0);
    }

    private void phase(String name, Runnable begin, int length) throws Exception {
        news.accept(name + " …");
        var accepted = flood.accepted();
        var busy = flood.refused(429);
        var unavailable = flood.refused(503);
        begin.run();
        var phase = live.measure(name, () -> Thread.sleep(length * 1000L));
        flood.pause();
        Books.settle(operator);
        rows.add(new Row(
                phase, flood.accepted() - accepted, flood.refused(429) - busy, flood.refused(503) - unavailable, 0));
    }
}
