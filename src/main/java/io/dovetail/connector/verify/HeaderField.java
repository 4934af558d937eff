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
        return value != null && value.startsWith(prefix) ? value.substring(prefix.length()) : null;
    }
}
