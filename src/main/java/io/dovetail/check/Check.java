package io.dovetail.check;

import io.dovetail.camel.RouteLint;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.connector.Salvage;
import io.dovetail.connector.Samples;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
        var names = connectors.isEmpty() ? folders(configuration) : new TreeSet<>(connectors);
        var samples = 0;
        try (var rehearsal = Loading.rehearsal(configuration, problems)) {
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
        var sound = configuration.connector(connector);
        var known = sound != null ? sound : Salvage.of(connector, configuration);
        if (known != null && rehearsal != null) {
            samples.forEach(sample -> new SampleRun(known, sample, rehearsal, problems).run());
        }
        return samples.size();
    }

    /** Every folder of a connector, sound or not. */
    private static Set<String> folders(Configuration configuration) {
        return configuration.files().keySet().stream()
                .map(path -> path.split("/"))
                .filter(path -> path.length > 2 && path[0].equals("connectors") && !path[1].equals("hub"))
                .map(path -> path[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
