package io.dovetail.bench;

import io.dovetail.bench.Run.Phase;
import io.dovetail.harness.HubProcess;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** How fast a hub is with what ERP systems send, beside how fast the same hub is with JSON. */
final class Mixes {

    private Mixes() {}

    /** What a load is made of. */
    enum Form {
        /** Standard Webhooks, as without a mix. */
        JSON,
        /** XML of SAP, one order an IDoc. */
        IDOC,
        /** X12, one purchase order an interchange. */
        X12;

        private Requests requests(HubProcess.Address hub, String run) throws GeneralSecurityException {
            return switch (this) {
                case JSON -> Deliveries.ofPartners(hub, run);
                case IDOC -> ErpOrders.idoc(hub);
                case X12 -> ErpOrders.x12(hub);
            };
        }
    }

    /**
     * One load: at full speed, and at 60 % of what was published then.
     *
     * @param bytes of a request, its head included, on average
     */
    record Load(
            String name,
            double bytes,
            double acceptedPerSecond,
            double publishedPerSecond,
            long backlogAtStart,
            long backlogAtEnd,
            double hubCores,
            double postgresCores,
            double latencyRatePerSecond,
            double acceptP50Millis,
            double acceptP99Millis,
            double endToEndP99Millis,
            long refused,
            int lastRefusal,
            long lost) {

        private String line(Load base) {
            return String.format(
                    Locale.ROOT,
                    "%-14s %7.0f %9.0f %9.0f %6.2f %9d %9d %6.2f %6.2f %9.0f %8.1f %8.1f %10.1f%n",
                    name,
                    bytes,
                    acceptedPerSecond,
                    publishedPerSecond,
                    publishedPerSecond / base.publishedPerSecond,
                    backlogAtStart,
                    backlogAtEnd,
                    hubCores,
                    postgresCores,
                    latencyRatePerSecond,
                    acceptP50Millis,
                    acceptP99Millis,
                    endToEndP99Millis);
        }
    }

    /**
     * @param base JSON alone
     * @param ratioToJson what was published of the mix against what was published of JSON, at full speed each
     */
    record Report(
            Load base,
            Load mix,
            double ratioToJson,
            long booksDifference,
            int seconds,
            int warmupSeconds,
            int connections,
            int processors)
            implements Printed {

        @Override
        public boolean holds() {
            return base.lost == 0 && mix.lost == 0 && base.refused == 0 && mix.refused == 0 && booksDifference == 0;
        }

        @Override
        public String text() {
            return String.format(
                            Locale.ROOT,
                            "%n%d s of each at full speed after %d s of warm-up, %d connections, %d cores; then at 60 %%"
                                    + " of what was published%n%-14s %7s %9s %9s %6s %9s %9s %6s %6s %9s %8s %8s %10s%n",
                            seconds,
                            warmupSeconds,
                            connections,
                            processors,
                            "",
                            "bytes",
                            "accepted",
                            "published",
                            "ratio",
                            "backlog",
                            "at end",
                            "hub",
                            "db",
                            "at /s",
                            "accept",
                            "p99",
                            "end p99")
                    + base.line(base)
                    + mix.line(base)
                    + String.format(
                            "refused %d%s, lost %d, books %d%n",
                            base.refused + mix.refused,
                            base.refused + mix.refused == 0
                                    ? ""
                                    : " (the last with status " + Math.max(base.lastRefusal, mix.lastRefusal) + ")",
                            base.lost + mix.lost,
                            booksDifference);
        }
    }

    /** @param run as {@link Deliveries} wants it */
    static Report run(
            HubProcess.Address hub,
            Path data,
            List<Form> forms,
            int connections,
            double rate,
            int warmup,
            int seconds,
            String run,
            Consumer<String> news)
            throws Exception {
        var json = measure(hub, data, List.of(Form.JSON), connections, rate, warmup, seconds, run, news);
        var other = "mix" + run.substring(3);
        var mix = measure(hub, data, forms, connections, rate, warmup, seconds, other, news);
        return new Report(
                json,
                mix,
                Bench.round(mix.publishedPerSecond / json.publishedPerSecond),
                Books.difference(new io.dovetail.harness.Operator(hub)),
                seconds,
                warmup,
                connections,
                Runtime.getRuntime().availableProcessors());
    }

    private static Load measure(
            HubProcess.Address hub,
            Path data,
            List<Form> forms,
            int connections,
            double rate,
            int warmup,
            int seconds,
            String name,
            Consumer<String> news)
            throws Exception {
        var title =
                forms.stream().map(form -> form.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(","));
        var requests = new InTurn(hub, forms, name);
        try (var run = new Run(hub, data, connections, rate, requests, SentAt::inNumberOrTime)) {
            run.awaitFirst();
            news.accept("%s: warming up for %d s …".formatted(title, warmup));
            run.pass(warmup);
            news.accept("%s: measuring for %d s …".formatted(title, seconds));
            var full = run.measure(seconds);
            run.requireWhole();
            run.drain();
            var calm = Bench.calmRate(full);
            news.accept("%s: measuring latencies at %.0f /s …".formatted(title, calm));
            run.resume(calm);
            run.pass(Math.min(5, warmup));
            var latencies = run.measure(Math.min(30, seconds));
            var lost = run.drain();
            run.requireWhole();
            run.finalBooks();
            return load(title, requests, full, latencies, calm, run, lost);
        }
    }

    private static Load load(
            String title, InTurn requests, Phase full, Phase latencies, double calm, Run run, long lost) {
        return new Load(
                title,
                Math.round(requests.bytes()),
                Bench.round(full.accepted()),
                Bench.round(full.published()),
                full.backlogAtStart(),
                full.backlogAtEnd(),
                Bench.round(full.hubCores()),
                Bench.round(full.postgresCores()),
                calm,
                Bench.round(latencies.accept().millis(0.5)),
                Bench.round(latencies.accept().millis(0.99)),
                Bench.round(latencies.endToEnd().millis(0.99)),
                run.load().refused(),
                run.load().lastRefusal(),
                lost);
    }

    /** One of each form, again and again. */
    private static final class InTurn implements Requests {

        private final List<Requests> each;
        private long count;
        private long bytes;

        InTurn(HubProcess.Address hub, List<Form> forms, String run) throws GeneralSecurityException {
            var requests = new java.util.ArrayList<Requests>();
            for (var form : forms) {
                requests.add(form.requests(hub, run));
            }
            each = List.copyOf(requests);
        }

        @Override
        public byte[] next() {
            var request = each.get((int) (count++ % each.size())).next();
            bytes += request.length;
            return request;
        }

        double bytes() {
            return count == 0 ? 0 : (double) bytes / count;
        }
    }
}
