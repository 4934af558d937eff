package io.dovetail.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;

/** What a route has put aside in variables, as expressions and mappings read it: {@code $lookup.<variable>}. */
public final class Lookups {

    /** The name under which expressions know it. */
    public static final String VARIABLE = "lookup";

    private static final ObjectNode NONE = JsonNodeFactory.instance.objectNode();

    private Lookups() {}

    public static JsonNode of(Exchange exchange) {
        if (!exchange.hasVariables()) {
            return NONE;
        }
        var lookups = JsonNodeFactory.instance.objectNode();
        exchange.getVariables().forEach((name, value) -> {
            if (value instanceof JsonNode tree && !name.contains(":")) {
                lookups.set(name, tree);
            }
        });
        return lookups;
    }
}
