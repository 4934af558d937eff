package io.dovetail.connector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects everything that is wrong, so that a person is told once. Safe for many threads. */
public final class Problems {

    /** @param place {@code file:line}, or {@code file} */
    public record Problem(String place, String message) {
        @Override
        public String toString() {
            return place + ": " + message;
        }
    }

    private final List<Problem> problems = Collections.synchronizedList(new ArrayList<>());

    public void add(String place, String message) {
        problems.add(new Problem(place, message));
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** In the order of their places. */
    public List<Problem> list() {
        synchronized (problems) {
            return problems.stream()
                    .sorted(java.util.Comparator.comparing(Problem::place))
                    .distinct()
                    .toList();
        }
    }
}
