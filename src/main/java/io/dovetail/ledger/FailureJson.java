package io.dovetail.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.event.Failure;

/** A failure as its {@code jsonb} column holds it. */
final class FailureJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private FailureJson() {}

    static String write(Failure failure) {
        try {
            // PostgreSQL's jsonb and text hold every character but this one
            return MAPPER.writeValueAsString(failure).replace("\\u0000", "\\uFFFD");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts can always be written", e);
        }
    }

    static Failure read(String json) {
        try {
            return MAPPER.readValue(json, Failure.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a failure that the hub wrote cannot be read: " + json, e);
        }
    }
}
