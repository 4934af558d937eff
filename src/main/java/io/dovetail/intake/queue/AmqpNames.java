package io.dovetail.intake.queue;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The symbols and descriptors (AMQP 1.0, 1.6.22 and 1.2) that one user has sent since the hub began, on all of his
 * connections, and the addresses that he has asked for. Proton and the broker remember each for ever, and the likes of
 * content types, keys of annotations and queues are few.
 */
final class AmqpNames {

    static final int MAX = 1_024;

    private final Set<Object> known = ConcurrentHashMap.newKeySet();

    /** Of each user who has logged in. */
    static final class OfAll {

        private final Map<String, AmqpNames> users = new ConcurrentHashMap<>();

        AmqpNames of(String user) {
            return users.computeIfAbsent(AmqpUser.oneName(user), u -> new AmqpNames());
        }
    }

    /** Whether there is room for it. */
    boolean admit(Object name) {
        return known.contains(name) || known.size() < MAX && known.add(name);
    }
}
