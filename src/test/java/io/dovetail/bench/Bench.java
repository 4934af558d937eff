package io.dovetail.bench;

import io.dovetail.harness.HubProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./hub bench}. */
@Command(
        name = "hub bench",
        mixinStandardHelpOptions = true,
        description =
                "Run a hub of its own under load, and print how fast it is and how fast its database would be alone.",
        footer = {
            "",
            "Quick look: hub bench --seconds 10 --warmup 10",
            "",
            "One connector beside another: hub bench --fairness",
            "Many dead letters: hub bench --replay 100000",
            "Killed with a backlog: hub bench --waiting 1000000",
            "What ERP systems send: hub bench --mix idoc,x12"
        })
public final class Bench implements Callable<Integer> {

    private static final double LATENCY_SHARE = 0.6;
    private static final double LEAST_RATE = 10;

    @Option(
            names = "--seconds",
            defaultValue = "0",
            description =
                    "Measured time at full speed, or of each phase, in turns of 10 s with --fairness. Default: 60; with"
                            + " --replay 20, with --mix 30")
    private int seconds;

    @Option(names = "--warmup", defaultValue = "40", description = "Time at full speed before that. Default: 40")
    private int warmup;

    @Option(names = "--connections", defaultValue = "64", description = "Senders' connections. Default: 64")
    private int connections;

    @Option(names = "--rate", defaultValue = "0", description = "Events a second; 0: as fast as it goes. Default: 0")
    private double rate;

    @Option(
            names = "--fairness",
            description = "Instead: what --rate (default 100) of one connector feels of a flood and of slow clients of"
                    + " another.")
    private boolean fairness;

    @Option(
            names = "--fairness-limit",
            paramLabel = "RATE",
            defaultValue = "0",
            description = "Of these, how many deliveries a second the other may bring where it has limits. Default: as"
                    + " --rate")
    private int allowed;

    @Option(
            names = "--replay",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "100000",
            description =
                    "Instead: what --rate (default 200) of one connector feels while N dead letters of another are"
                            + " replayed. Default: 100000")
    private int replay;

    @Option(
            names = "--replay-rate",
            paramLabel = "RATE",
            description = "Of these, so many a second. Default: as the hub does it")
    private int replayRate;

    @Option(
            names = "--waiting",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "100000",
            description = "Instead: how a hub comes back that is killed while N deliveries wait for its bus. Default:"
                    + " 100000")
    private int waiting;

    @Option(
            names = "--mix",
            split = ",",
            paramLabel = "FORM",
            description = "Instead: full speed and latencies of a load of these in turn (idoc, x12, json), and of JSON"
                    + " alone before it. Default for --seconds: 30")
    private List<Mixes.Form> mix = List.of();

    @Option(names = "--json", description = "Print the figures as JSON and nothing else.")
    private boolean json;

    @Option(names = "--keep", description = "Keep the data directory.")
    private boolean keep;

    @Option(names = "--data", paramLabel = "DIR", description = "Use this data directory, and keep it.")
    private @Nullable Path data;

    @Option(
            names = "--jfr",
            paramLabel = "FILE",
            description = "Record the hub with Java Flight Recorder at full speed.")
    private @Nullable Path jfr;

    private final PrintStream out;
    private final PrintStream err;
    private PrintStream news;
    private volatile @Nullable HubProcess running;
    private volatile boolean finished;
    private volatile boolean interrupted;

    Bench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.news = err;
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.out, System.err).execute(arguments));
    }

    static CommandLine commandLine(PrintStream out, PrintStream err) {
        return new CommandLine(new Bench(out, err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100);
    }

    @Override
    public Integer call() throws Exception {
        news = json ? err : out;
        if (seconds == 0) {
            seconds = fairness ? 60 : replay > 0 ? 20 : mix.isEmpty() ? 60 : 30;
        }
        if (seconds < 1
                || warmup < 0
                || replay < 0
                || waiting < 0
                || replayRate < 0
                || connections < 1
                || rate < 0
                || allowed < 0) {
            err.println("hub bench: --seconds and --connections must be at least 1, the other figures 0.");
            return 2;
        }
        if (data != null) {
            return bench(data.toAbsolutePath());
        }
        var directory = Files.createDirectories(
                Path.of(System.getProperty("hub.data", "data")).toAbsolutePath());
        directory = Files.createTempDirectory(directory, "bench-");
        forgetWhenInterrupted(directory);
        var status = 1;
        try {
            status = bench(directory);
        } finally {
            finished = !interrupted;
            if (interrupted) {
                news.println("Interrupted.");
            } else if (keep || status != 0) {
                tell("The data and the hub's log are in %s", directory);
            } else {
                delete(directory);
            }
        }
        return status;
    }

    /** Ctrl-C ends this process while the measuring thread still waits for something. */
    private void forgetWhenInterrupted(Path directory) {
        Runnable forget = () -> {
            interrupted = !finished;
            var hub = running;
            if (interrupted && hub != null) {
                hub.close();
            }
            if (interrupted && !keep) {
                delete(directory);
            }
        };
        Runtime.getRuntime().addShutdownHook(new Thread(forget, "forget"));
    }

    private int bench(Path directory) throws Exception {
        var root = Path.of(System.getProperty("hub.root", "."));
        if (fairness || replay > 0) {
            return beside(Rival.in(Files.createDirectories(directory.resolve("root")), root), directory);
        }
        if (!Files.exists(directory.resolve("postgres"))) {
            tell("Making a data directory …");
            try (var first = HubProcess.start(root, directory, Map.of())) {
                running = first;
                first.ready();
            }
        }
        if (waiting > 0) {
            return print(Waiting.run(root, directory, waiting, name(), hub -> running = hub, news::println));
        }
        var started = System.nanoTime();
        Printed report;
        try (var process = HubProcess.start(root, directory, Map.of())) {
            running = process;
            var hub = process.ready();
            var readySeconds = (System.nanoTime() - started) / 1e9;
            report = mix.isEmpty()
                    ? bench(process, hub, directory, readySeconds)
                    : Mixes.run(hub, directory, mix, connections, rate, warmup, seconds, name(), news::println);
        }
        return print(report);
    }

    private int print(Printed report) {
        out.print(json ? report.json() + System.lineSeparator() : report.text());
        if (!report.holds()) {
            err.println("hub bench: what went in did not come out.");
        }
        return report.holds() ? 0 : 1;
    }

    /** One connector's traffic beside another's. */
    private int beside(Rival rival, Path directory) throws Exception {
        if (replay > 0) {
            rival.breakMapping();
        }
        try (var process = HubProcess.start(rival.root(), directory, Map.of())) {
            running = process;
            var hub = process.ready();
            var run = name();
            var report = replay > 0
                    ? ManyReplayed.run(
                            hub,
                            directory,
                            rival,
                            replay,
                            replayRate,
                            rate == 0 ? ManyReplayed.RATE : rate,
                            warmup,
                            seconds,
                            run,
                            news::println)
                    : Fairness.run(
                            hub,
                            directory,
                            rival,
                            rate == 0 ? Fairness.RATE : rate,
                            allowed == 0 ? (int) Math.ceil(rate == 0 ? Fairness.RATE : rate) : allowed,
                            warmup,
                            seconds,
                            run,
                            news::println);
            return print(report);
        }
    }

    private static String name() {
        return HexFormat.of().toHexDigits((int) Instant.now().getEpochSecond());
    }

    private Report bench(HubProcess process, HubProcess.Address hub, Path directory, double readySeconds)
            throws Exception {
        var name = name();
        var deliveries = Deliveries.ofPartners(hub, name);
        try (var run = new Run(hub, directory, connections, rate, deliveries, SentAt::in)) {
            run.awaitFirst();
            tell("Warming up for %d s …", warmup);
            run.pass(warmup);
            record(hub, "JFR.start", "settings=profile");
            tell("Measuring for %d s at %s …", seconds, rate == 0 ? "full speed" : "%.0f /s".formatted(rate));
            var full = run.measure(seconds);
            record(hub, "JFR.stop", "filename=" + (jfr == null ? "" : jfr.toAbsolutePath()));
            requireWhole(process, run);
            var rss = Machine.peakResidentMiB(hub.pid());
            var postgres = Machine.postgresResidentMiB(directory.resolve("postgres"));
            var halfSpeed = run.secondsUntil(full.published() / 2);
            tell("%.0f accepted and %.0f published a second; draining …", full.accepted(), full.published());
            run.drain();
            var calm = calmRate(full);
            tell("Measuring latencies at %.0f /s …", calm);
            run.resume(calm);
            run.pass(Math.min(5, warmup));
            var latencies = run.measure(Math.min(30, seconds));
            var lost = run.drain();
            requireWhole(process, run);
            var books = run.finalBooks();
            tell("Measuring the database alone …");
            var body = Deliveries.ofPartners(hub, name).body();
            var floors = new Floors(directory, body);
            var floorTime = Duration.ofSeconds(Math.min(10, seconds));
            var singleRows = floors.singleRows(floorTime);
            var batches = floors.batches(floorTime);
            return new Report(
                    round(full.accepted()),
                    round(full.published()),
                    round(full.seen()),
                    round(full.triggers()),
                    full.backlogAtStart(),
                    full.backlogAtEnd(),
                    round(full.accept().millis(0.5)),
                    round(full.accept().millis(0.99)),
                    round(full.endToEnd().millis(0.5)),
                    round(full.endToEnd().millis(0.99)),
                    calm,
                    round(latencies.accept().millis(0.5)),
                    round(latencies.accept().millis(0.99)),
                    round(latencies.endToEnd().millis(0.5)),
                    round(latencies.endToEnd().millis(0.99)),
                    round(readySeconds),
                    halfSpeed,
                    rss,
                    postgres,
                    round(full.hubCores()),
                    round(full.postgresCores()),
                    round(full.loadCores()),
                    round(full.benchCores()),
                    round(full.busyCores()),
                    round(full.diskCores()),
                    round(singleRows),
                    round(batches),
                    round(full.published() / singleRows),
                    round(full.published() / batches),
                    run.load().refused(),
                    run.load().lastRefusal(),
                    lost,
                    books,
                    seconds,
                    warmup,
                    connections,
                    Runtime.getRuntime().availableProcessors());
        }
    }

    /** A load that the hub bears easily, in events a second. */
    static double calmRate(Run.Phase full) {
        return Math.max(LEAST_RATE, Math.floor(LATENCY_SHARE * Math.min(full.published(), full.accepted())));
    }

    private static void requireWhole(HubProcess process, Run run) {
        if (!process.isAlive()) {
            throw new IllegalStateException("The hub ended. Its last words:\n" + process.tail());
        }
        run.requireWhole();
    }

    private void record(HubProcess.Address hub, String command, String option)
            throws IOException, InterruptedException {
        if (jfr == null) {
            return;
        }
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var status = new ProcessBuilder(jcmd, Long.toString(hub.pid()), command, "name=bench", option)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            err.println("hub bench: the hub could not be recorded (" + command + ")");
        }
    }

    private void tell(String format, Object... values) {
        news.println(format.formatted(values));
    }

    static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            err.println("hub bench: " + directory + " could not be deleted: " + e);
        }
    }
}
