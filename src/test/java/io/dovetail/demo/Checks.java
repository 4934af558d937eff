package io.dovetail.demo;

import java.util.ArrayList;
import java.util.List;

/** What the demo promised, and what really came of it. */
final class Checks {

    record Check(String what, String expected, String happened, boolean ok) {}

    private final List<Check> checks = new ArrayList<>();

    void add(String what, String expected, String happened, boolean ok) {
        checks.add(new Check(what, expected, happened, ok));
    }

    List<Check> all() {
        return List.copyOf(checks);
    }

    boolean hold() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::ok);
    }
}
