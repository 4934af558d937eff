package io.dovetail.camel.salesforce;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries one request to Salesforce and waits for what is answered. The answer stays with whoever carries: camel-salesforce
 * reads none of what it hands on raw, and would only copy it.
 */
@FunctionalInterface
public interface Carrier {

    /** What camel-salesforce is told of an answer. */
    enum Answered {
        SOMETHING(200, "{}"),
        NOTHING(204, ""),
        ABSENT(404, "[]");

        final int status;
        final String body;

        Answered(int status, String body) {
            this.status = status;
            this.body = body;
        }
    }

    /**
     * @param headers without any that says who asks
     * @param body JSON; null: none
     */
    Answered carry(String method, String address, Map<String, String> headers, byte @Nullable [] body);
}
