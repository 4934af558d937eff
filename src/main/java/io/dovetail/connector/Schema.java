package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A compiled JSON Schema (2020-12) of {@code schemas/}. Immutable, safe for many threads. */
public final class Schema {

    /** A rule that an instance breaks: where (JSON pointer), which keyword, the value there, and a sentence. */
    public record Violation(String pointer, String keyword, @Nullable String value, String message) {}

    /** Its path below {@code schemas/} without {@code .schema.json}, e.g. {@code jira/issue-event.v1}. */
    public String name() {
        throw new UnsupportedOperationException();
    }

    /** The first rule that the instance breaks, or null when it is valid. */
    public @Nullable Violation check(JsonNode instance) {
        throw new UnsupportedOperationException();
    }
}
