package io.dovetail.harness;

import io.dovetail.relay.artemis.Consumers;
import java.util.Map;
import java.util.Set;

/**
 * Consumers of a broker that is started without a hub.
 *
 * @param byName may change while it runs
 */
public record Passwords(Map<String, String> byName) implements Consumers {

    @Override
    public Set<String> names() {
        return byName.keySet();
    }

    @Override
    public boolean isKnown(String user, String password) {
        return password.equals(byName.get(user));
    }

    @Override
    public boolean isRevoked(String user, String password) {
        return byName.containsKey(user) && !isKnown(user, password);
    }
}
