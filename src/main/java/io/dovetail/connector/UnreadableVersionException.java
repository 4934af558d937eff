package io.dovetail.connector;

import io.dovetail.connector.Problems.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A kept version that this hub cannot put to work any more: all that it finds wrong with it. */
public final class UnreadableVersionException extends RuntimeException {

    private static final int TOLD = 5;

    private final transient List<Problem> problems;

    public UnreadableVersionException(String hash, List<Problem> problems) {
        super(message(hash, problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** All of them, where the message has the first few. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(String hash, List<Problem> problems) {
        return "The hub cannot load the version " + hash + ": "
                + problems.stream().limit(TOLD).map(Problem::toString).collect(Collectors.joining("; "))
                + (problems.size() > TOLD ? "; and " + (problems.size() - TOLD) + " problems more" : "");
    }
}
