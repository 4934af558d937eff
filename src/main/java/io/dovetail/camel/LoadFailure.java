package io.dovetail.camel;

import io.dovetail.connector.Problems.Problem;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Reads from what Camel throws the sentence that helps, and the line if there is one. */
final class LoadFailure {

    private LoadFailure() {}

    static Problem problem(String path, Throwable failure) {
        var place = path;
        var message = failure.toString();
        // the deepest cause says what is wrong; the ones above it say which of Camel's parts met it
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYamlEngineException marked) {
                var mark = marked.getProblemMark().or(marked::getContextMark);
                place = path + mark.map(m -> ":" + (m.getLine() + 1)).orElse("");
                return new Problem(place, firstLine(String.valueOf(marked.getProblem())));
            }
            if (cause.getMessage() != null) {
                message = cause.getMessage();
            }
        }
        return new Problem(place, firstLine(message));
    }

    private static String firstLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse(text)
                .strip();
    }
}
