package io.dovetail.flow;

import io.dovetail.connector.Calls;
import io.dovetail.connector.Configuration;
import io.dovetail.translate.Translator;
import io.dovetail.trigger.Policies;
import java.util.HashMap;
import java.util.Map;

/** A configuration that is ready to work: read, checked, compiled and started as a whole. */
public record Version(Configuration configuration, Translator translator, Policies policies) {

    String hash() {
        return configuration.hash();
    }

    /** How its connectors ask other systems, those that do. */
    Map<String, Calls> calls() {
        Map<String, Calls> calls = Map.of();
        for (var connector : configuration.connectors().values()) {
            if (connector.calls() != null) {
                calls = calls.isEmpty() ? new HashMap<>() : calls;
                calls.put(connector.name(), connector.calls());
            }
        }
        return calls;
    }

    /** Ends its contexts; nobody may use it any more. */
    public void close() {
        translator.close();
        policies.close();
    }
}
