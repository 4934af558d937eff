package io.dovetail.crash;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./hub prove}. */
@Command(
        name = "hub prove",
        mixinStandardHelpOptions = true,
        description = {
            "Do to hubs of its own what may happen to a hub, under load, and report whether all promises were kept.",
            "Processes are killed, and where QEMU is installed the power of virtual machines is cut.",
        },
        footer = {"", "Example: hub prove --kills 300 --deliveries 500000 --away 120 --out proof"})
public final class Prove implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Option(
            names = "--kills",
            defaultValue = "20",
            description = "Random kills; other faults in proportion. Default: 20")
    private int kills;

    @Option(names = "--deliveries", defaultValue = "10000", description = "Accepted in all, at least. Default: 10000")
    private int deliveries;

    @Option(names = "--seed", description = "Moments and content of an earlier campaign. Default: a new one")
    private @Nullable Long seed;

    @Option(
            names = "--arms",
            split = ",",
            paramLabel = "ARM",
            description = "Only these: ${COMPLETION-CANDIDATES}. Default: all",
            completionCandidates = Names.class)
    private List<String> arms = List.of();

    @Option(
            names = "--away",
            defaultValue = "10",
            paramLabel = "SECONDS",
            description = "How long database, broker and room on the disk stay away. Default: 10")
    private int away;

    @Option(names = "--partners", defaultValue = "24", description = "Senders at the same time. Default: 24")
    private int partners;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where proof.md, proof.json and what is wrong are kept. Default: target/proof")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print the report as JSON and nothing else.")
    private boolean json;

    private final PrintStream says;
    private final PrintStream err;

    Prove(PrintStream says, PrintStream err) {
        this.says = says;
        this.err = err;
    }

    /** What {@code --arms} knows. */
    static final class Names extends ArrayList<String> {
        Names() {
            super(names());
        }
    }

    private static List<String> names() {
        return Stream.concat(Arm.ALL.stream().map(Arm::name), Stream.of(Arm.CONTROLS))
                .toList();
    }

    public static void main(String[] arguments) {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(new CommandLine(new Prove(out, System.err))
                .setUsageHelpWidth(100)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var chosen = new LinkedHashSet<>(arms.isEmpty() ? names() : arms);
        if (!names().containsAll(chosen) || kills < 1 || deliveries < 0 || away < 1 || partners < 1) {
            err.println("hub prove: --arms are of " + String.join(",", names())
                    + "; --kills, --away and --partners are at least 1.");
            return 2;
        }
        var directory = (out == null ? Template.root().resolve("target/proof") : out).toAbsolutePath();
        var report = prove(chosen, seed == null ? System.nanoTime() % 1_000_000 : seed, directory);
        says.println(json ? report.json() : report.markdown());
        return report.holds() ? 0 : 1;
    }

    private Report prove(LinkedHashSet<String> chosen, long seed, Path directory)
            throws IOException, InterruptedException {
        var begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        tell("Seed " + seed + ", in " + directory);
        var extent = new Extent(kills, deliveries, Duration.ofSeconds(away));
        var load = new Load(partners, 8, false, PATIENCE.plusSeconds(away));
        var campaign = new Campaign(extent, load, seed, directory, this::tell);
        Runtime.getRuntime().addShutdownHook(new Thread(campaign::abandon, "abandon"));
        var controls = chosen.contains(Arm.CONTROLS) ? campaign.controls() : List.<Report.ControlResult>of();
        var results = new ArrayList<Report.ArmResult>();
        var left = (long) deliveries;
        var tried = Arm.ALL.stream().filter(arm -> chosen.contains(arm.name())).toList();
        for (var arm : tried) {
            var ofThis = arm == tried.getLast() ? (int) Math.max(0, left) : 0;
            var result = campaign.run(arm, ofThis, soFar -> {
                var arms = Stream.concat(results.stream(), Stream.of(soFar)).toList();
                keep(report(chosen, seed, begun, false, arms, controls), directory);
            });
            left -= result.figures().accepted();
            results.add(result);
        }
        var report = report(chosen, seed, begun, true, results, controls);
        keep(report, directory);
        return report;
    }

    private Report report(
            LinkedHashSet<String> chosen,
            long seed,
            Instant begun,
            boolean complete,
            List<Report.ArmResult> results,
            List<Report.ControlResult> controls) {
        return new Report(
                command(chosen, seed),
                seed,
                begun.toString(),
                Duration.between(begun, Instant.now()).toSeconds(),
                Report.thisMachine(),
                complete,
                results,
                controls);
    }

    private static void keep(Report report, Path directory) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("proof.md"), report.markdown());
            Files.writeString(directory.resolve("proof.json"), report.json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String command(LinkedHashSet<String> chosen, long seed) {
        var some = chosen.containsAll(names()) ? "" : " --arms " + String.join(",", chosen);
        return String.format(
                Locale.ROOT,
                "./hub prove --kills %d --deliveries %d --away %d --partners %d --seed %d%s",
                kills,
                deliveries,
                away,
                partners,
                seed,
                some);
    }

    private void tell(String news) {
        (json ? err : says).println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + "  " + news);
    }
}
