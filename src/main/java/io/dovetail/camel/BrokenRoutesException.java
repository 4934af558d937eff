package io.dovetail.camel;

import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Routes that cannot be loaded: all the reasons, each with its file and, where Camel tells it, its line. */
public final class BrokenRoutesException extends RuntimeException {

    private final transient List<Problem> problems;

    public BrokenRoutesException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /** Adds those that say something new: a file that the lint has found fault with has been explained better. */
    public void addTo(Problems all) {
        var known = all.list().stream()
                .map(Problem::place)
                .map(BrokenRoutesException::file)
                .collect(Collectors.toSet());
        for (var problem : problems) {
            if (!known.contains(file(problem.place()))) {
                all.add(problem.place(), problem.message());
            }
        }
    }

    private static String file(String place) {
        return place.replaceFirst(":\\d+(:\\d+)?$", "");
    }
}
