package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.OutputFormat;
import io.dovetail.codec.FieldPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled JSON Schema (2020-12) of {@code schemas/}. Safe for many threads. What its references lead to is compiled when the first
 * instance gets there. */
public final class Schema {

    /**
     * A rule that an instance breaks.
     *
     * @param pointer where (JSON pointer); of a property that is missing or unknown: that property's
     * @param keyword which, e.g. {@code required}
     * @param value what stands there, as text or JSON; null where nothing does
     * @param message a sentence, without the value
     */
    public record Violation(
            String pointer, String keyword, @Nullable String value, String message) {}

    /** In the place of a value that not everybody may see. */
    static final String HIDDEN = "(sensitive, not shown)";

    private final String name;
    private final JsonSchema compiled;
    private final List<FieldPath> sensitive;

    /**
     * @param compiled set to stop at the first violation
     * @param sensitive where values stand that not everybody may see
     */
    Schema(String name, JsonSchema compiled, List<FieldPath> sensitive) {
        this.name = name;
        this.compiled = compiled;
        this.sensitive = sensitive;
    }

    /** Where values stand that not everybody may see ({@code x-sensitivity}). */
    public List<FieldPath> sensitive() {
        return sensitive;
    }

    /** Its path below {@code schemas/} without {@code .schema.json}, e.g. {@code jira/issue-event.v1}. */
    public String name() {
        return name;
    }

    /** The first rule that the instance breaks, or null when it is valid. */
    public @Nullable Violation check(JsonNode instance) {
        try {
            var messages = compiled.validate(instance);
            return messages.isEmpty()
                    ? null
                    : told(Violations.of(messages.iterator().next(), instance));
        } catch (BoundedExpression.Exceeded e) {
            return exceeded(e);
        }
    }

    /** Without the value where that is, holds, or is part of a sensitive one: what fails is told in many places. */
    private Violation told(Violation violation) {
        return violation.value() != null && sensitive.stream().anyMatch(path -> path.touches(violation.pointer()))
                ? new Violation(violation.pointer(), violation.keyword(), HIDDEN, violation.message())
                : violation;
    }

    // where it was the validator does not tell
    private static Violation exceeded(BoundedExpression.Exceeded e) {
        return new Violation("", "pattern", null, String.valueOf(e.getMessage()));
    }

    /** All rules that the instance breaks. */
    List<Violation> checkAll(JsonNode instance) {
        try {
            var messages = compiled.validate(
                    instance, OutputFormat.DEFAULT, (execution, validation) -> execution.setFailFast(false));
            return messages.stream()
                    .map(message -> told(Violations.of(message, instance)))
                    .distinct()
                    .toList();
        } catch (BoundedExpression.Exceeded e) {
            return List.of(exceeded(e));
        }
    }
}
