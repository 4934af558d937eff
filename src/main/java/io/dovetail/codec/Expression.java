package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled JSLT expression that knows where it was written. Immutable, safe for many threads. */
public final class Expression {

    /**
     * @param source the expression's text
     * @param place where it stands, e.g. {@code connectors/jira/connector.yaml:24} or a mapping's path; prefixes every
     *     error
     * @throws IllegalArgumentException with place, line, column and reason when it does not compile
     */
    public static Expression compile(String source, String place) {
        throw new UnsupportedOperationException();
    }

    /** @throws ExpressionException with the place when it fails on this input */
    public JsonNode apply(JsonNode input, Map<String, JsonNode> variables) {
        throw new UnsupportedOperationException();
    }

    /** Whether it holds, by JSLT's rule of truth. */
    public boolean test(JsonNode input) {
        throw new UnsupportedOperationException();
    }

    /** Its value as text: strings as they are, numbers exactly; null where it gives null, a blank, an object or a list. */
    public @Nullable String text(JsonNode input) {
        throw new UnsupportedOperationException();
    }

    public String place() {
        throw new UnsupportedOperationException();
    }
}
