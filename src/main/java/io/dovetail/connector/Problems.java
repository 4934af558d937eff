package io.dovetail.connector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Collects everything that is wrong, so that a person is told once. Safe for many threads. */
public final class Problems {

    /** @param place {@code file:line}, {@code file:line:column} or {@code file} */
    public record Problem(String place, String message) {

        private static final Pattern PLACE = Pattern.compile("(.*?)(?::(\\d{1,9}))?(?::(\\d{1,9}))?");
        private static final Comparator<Problem> BY_PLACE = Comparator.comparing((Problem p) -> p.part(1))
                .thenComparingInt(p -> p.number(2))
                .thenComparingInt(p -> p.number(3))
                .thenComparing(Problem::message);

        private String part(int group) {
            var form = PLACE.matcher(place);
            var part = form.matches() ? form.group(group) : null;
            return part == null ? "" : part;
        }

        private int number(int group) {
            var digits = part(group);
            return digits.isEmpty() ? 0 : Integer.parseInt(digits);
        }

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

    /** In the order of their places: by file, then line. */
    public List<Problem> list() {
        synchronized (problems) {
            return problems.stream().sorted(Problem.BY_PLACE).distinct().toList();
        }
    }
}
