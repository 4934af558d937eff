package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A header that holds one value behind a fixed prefix, which may be empty. */
record HeaderField(String name, String prefix) {

    static HeaderField read(JsonNode verify) {
        return new HeaderField(
                verify.path("header").asText("Authorization"),
                verify.path("prefix").asText(""));
    }

    /** What stands behind the prefix; null where the header is missing, there twice, or begins otherwise. */
    @Nullable
    String value(Headers headers) {
        var value = headers.only(name);
        // the name of a scheme is the same in any case (RFC 9110, 11.1)
        var anyCase = name.equalsIgnoreCase("Authorization");
        return value != null && value.regionMatches(anyCase, 0, prefix, 0, prefix.length())
                ? value.substring(prefix.length())
                : null;
    }
}
