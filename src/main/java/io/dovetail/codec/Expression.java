package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import com.schibsted.spt.data.jslt.impl.NodeUtils;
import java.io.StringReader;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compiled JSLT expression that knows where it was written. Immutable, safe for many threads. It reads its input and
 * its variables and nothing else: {@code import} is refused.
 */
public final class Expression {

    private final com.schibsted.spt.data.jslt.Expression compiled;
    private final String source;
    private final Place place;

    private Expression(com.schibsted.spt.data.jslt.Expression compiled, String source, Place place) {
        this.compiled = compiled;
        this.source = source;
        this.place = place;
    }

    /**
     * @param source the expression's text
     * @param place where it stands: a file, {@code file:line} or {@code file:line:column} of the expression's first
     *     character, e.g. {@code connectors/jira/connector.yaml:24}; prefixes every error
     * @throws IllegalArgumentException with place, line, column and reason when it does not compile
     */
    public static Expression compile(String source, String place) {
        var start = Place.parse(place);
        if (source.isBlank()) {
            throw new IllegalArgumentException(start.at(1, 1) + ": the expression is empty");
        }
        try {
            var compiled = new Parser(new StringReader(source))
                    .withSource(place)
                    .withFunctions(Functions.OURS)
                    .withResourceResolver(Refused::resolve)
                    .compile();
            return new Expression(compiled, source, start);
        } catch (JsltException e) {
            throw new IllegalArgumentException(start.of(e) + ": " + JsltFault.sentence(e));
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(start.at(1, 1) + ": the expression is nested too deep");
        } catch (RuntimeException e) { // a few wrong expressions end in the compiler's own faults
            throw new IllegalArgumentException(start.at(1, 1) + ": the expression does not compile", e);
        }
    }

    /** @throws ExpressionException with the place when it fails on this input */
    public JsonNode apply(JsonNode input, Map<String, JsonNode> variables) {
        try {
            return compiled.apply(variables, input);
        } catch (JsltException e) {
            var located = e.getLine() > 0 ? e : Locating.locate(e, source, input, variables);
            throw new ExpressionException(place.of(located), JsltFault.sentence(located));
        } catch (StackOverflowError e) {
            throw new ExpressionException(place.toString(), "A function calls itself without end.");
        } catch (RuntimeException e) { // an unset variable is a null pointer to JSLT
            throw new ExpressionException(
                    place.toString(),
                    "The expression cannot be applied to this input; the variables it needs are " + freeVariables()
                            + ".");
        }
    }

    /** Whether it holds, by JSLT's rule of truth. */
    public boolean test(JsonNode input) {
        return test(input, Map.of());
    }

    /** The same with variables. */
    public boolean test(JsonNode input, Map<String, JsonNode> variables) {
        return NodeUtils.isTrue(apply(input, variables));
    }

    /**
     * Its value as text: strings as they are, numbers exactly; null where it gives null, a blank, an object or a list.
     *
     * @throws ExpressionException with the place when it fails on this input
     */
    public @Nullable String text(JsonNode input) {
        var value = apply(input, Map.of());
        if (value.isTextual()) {
            return value.textValue().isBlank() ? null : value.textValue();
        }
        if (value.isBigDecimal()) {
            return value.decimalValue().toPlainString();
        }
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    public String place() {
        return place.toString();
    }

    /** The variables that must be set when it is applied, without {@code $}. */
    public Set<String> freeVariables() {
        return JsltText.freeVariables(source);
    }

    /** The text it was compiled from. */
    public String source() {
        return source;
    }

    @Override
    public String toString() {
        return source;
    }
}
