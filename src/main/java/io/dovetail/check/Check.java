package io.dovetail.check;

import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.RouteLint;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.connector.Samples;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks everything that engineers wrote: connectors, schemas, mappings, routes and samples. Prints nothing. */
public final class Check {

    /** What was looked at, and all that is wrong with it, in the order of places. */
    public record Report(int connectors, int schemas, int routes, int samples, List<Problem> problems) {

        public Report {
            problems = List.copyOf(problems);
        }

        /** {@code 3 connectors, 27 schemas, 6 routes, 72 samples: no problems}. */
        @Override
        public String toString() {
            var counts = String.join(
                    ", ",
                    count(connectors, "connector"),
                    count(schemas, "schema"),
                    count(routes, "route"),
                    count(samples, "sample"));
            return counts + ": " + (problems.isEmpty() ? "no problems" : count(problems.size(), "problem"));
        }

        private static String count(int number, String what) {
            return number + " " + what + (number == 1 ? "" : "s");
        }
    }

    private Check() {}

    /**
     * Everything that is wrong below {@code root}.
     *
     * @param connectors whose samples are run; all connectors' when empty
     */
    public static List<Problem> check(Path root, Set<String> connectors) {
        return report(root, connectors).problems();
    }

    /** The same, with what was counted. */
    public static Report report(Path root, Set<String> connectors) {
        var problems = new Problems();
        var configuration = Configuration.read(root, problems);
        RouteLint.check(configuration.files(), problems);
        var names = connectors.isEmpty() ? configuration.connectors().keySet() : new TreeSet<>(connectors);
        var samples = 0;
        try (var rehearsal = rehearsal(configuration, problems)) {
            for (var name : names) {
                samples += samples(root, configuration, rehearsal, name, problems);
            }
        }
        var routes = configuration.files().keySet().stream()
                .filter(path -> path.startsWith("routes/") && path.endsWith(".camel.yaml"))
                .count();
        return new Report(names.size(), configuration.schemas().names().size(), (int) routes, samples, problems.list());
    }

    /**
     * Runs the samples of one connector, and says where they come out otherwise than they must.
     *
     * @param rehearsal null: they are read, but not run
     * @return how many there are
     */
    public static int samples(
            Path root,
            Configuration configuration,
            @Nullable Rehearsal rehearsal,
            String connector,
            Problems problems) {
        var folder = root.resolve("connectors").resolve(connector);
        var samples = Samples.of(folder, problems);
        var known = configuration.connector(connector);
        if (known != null && rehearsal != null) {
            samples.forEach(sample -> new SampleRun(known, sample, problems).run(rehearsal));
        }
        return samples.size();
    }

    private static @Nullable Rehearsal rehearsal(Configuration configuration, Problems problems) {
        try {
            return Rehearsal.of(configuration);
        } catch (BrokenRoutesException e) {
            e.addTo(problems);
            return null;
        }
    }
}
