package io.dovetail.camel.salesforce;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries one request to Salesforce and waits for what is answered. */
@FunctionalInterface
public interface Carrier {

    /** @param body JSON; null: none */
    record Carried(int status, byte @Nullable [] body) {}

    /**
     * @param headers without any that says who asks
     * @param body JSON; null: none
     */
    Carried carry(String method, String address, Map<String, String> headers, byte @Nullable [] body);
}
