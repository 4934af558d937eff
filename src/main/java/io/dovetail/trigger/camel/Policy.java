package io.dovetail.trigger.camel;

import io.dovetail.camel.HubRoute;
import io.dovetail.event.Digests;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One route of {@code routes/triggers/}.
 *
 * @param types the canonical types it wants to be asked about
 * @param hash SHA-256 over its file, the first 16 hex digits
 */
record Policy(HubRoute route, Set<String> types, String hash) {

    static Policy of(HubRoute route) {
        return new Policy(route, types(route.parameters()), hash(route.content()));
    }

    /** @throws IllegalArgumentException when there are none */
    static Set<String> types(Map<String, String> parameters) {
        var types = new TreeSet<String>();
        for (var type : parameters.getOrDefault("types", "").split(",")) {
            if (!type.isBlank()) {
                types.add(type.strip());
            }
        }
        if (types.isEmpty()) {
            throw new IllegalArgumentException("a policy must begin with kamelet:hub-event and declare its types");
        }
        return types;
    }

    private static String hash(byte[] content) {
        return Digests.brief(Digests.sha256(content));
    }
}
