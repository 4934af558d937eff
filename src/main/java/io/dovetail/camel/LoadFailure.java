package io.dovetail.camel;

import io.dovetail.call.SecretReference;
import io.dovetail.connector.Problems.Problem;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Reads from what Camel throws the sentence that helps, and the line if there is one. */
final class LoadFailure {

    /** {@code file:line:column: message}, as expressions say it. */
    private static final Pattern OWN_PLACE = Pattern.compile("(\\S+:\\d+:\\d+): (.*)");

    private LoadFailure() {}

    static Problem problem(String path, Throwable failure) {
        var message = failure.toString();
        // the deepest cause says what is wrong; the ones above it say which of Camel's parts met it
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYamlEngineException marked) {
                var mark = marked.getProblemMark().or(marked::getContextMark);
                var place = path + mark.map(m -> ":" + (m.getLine() + 1)).orElse("");
                return new Problem(place, firstLine(String.valueOf(marked.getProblem())));
            }
            if (cause.getMessage() != null) {
                message = cause.getMessage();
            }
        }
        message = SecretReference.words(firstLine(message));
        var told = OWN_PLACE.matcher(message);
        return told.matches() && told.group(1).startsWith(path)
                ? new Problem(told.group(1), told.group(2))
                : new Problem(path, message);
    }

    private static String firstLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse(text)
                .strip();
    }
}
