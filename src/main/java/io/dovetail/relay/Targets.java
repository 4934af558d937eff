package io.dovetail.relay;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who is to hear something again: everybody, one consumer, or one queue. */
final class Targets {

    /** The addresses on which what was said is kept, so that it can be said again. */
    private static final List<String> KEPT = List.of(Addresses.EVENTS, Addresses.TRIGGERS);

    private Targets() {}

    /**
     * Addresses, or queues as {@code address::queue}, that an operator's words name.
     *
     * @param address null: that of events and that of triggers
     * @param consumer null: all of them, unless a queue is named
     * @param queue by its name alone, or as {@code address::queue}
     * @param consumers the queues of each that are there, as {@code address::queue}
     * @throws IllegalArgumentException with a sentence for the operator, when there is no such thing
     */
    static List<String> of(
            @Nullable String address,
            @Nullable String consumer,
            @Nullable String queue,
            Map<String, List<String>> consumers) {
        if (address != null && !KEPT.contains(address)) {
            throw new IllegalArgumentException("Only what was said on " + String.join(" and ", KEPT)
                    + " is kept, and can be said again; not on " + address + ".");
        }
        var addresses = address == null ? KEPT : List.of(address);
        if (consumer == null && queue == null) {
            return addresses;
        }
        if (consumer != null && queue != null) {
            throw new IllegalArgumentException("Name a consumer or one queue, not both.");
        }
        if (consumer != null && !consumers.containsKey(consumer)) {
            throw new IllegalArgumentException("There is no consumer " + consumer + " on the bus; there are "
                    + String.join(", ", new TreeSet<>(consumers.keySet())) + ".");
        }
        var all = consumers.entrySet().stream()
                .filter(entry -> consumer == null || entry.getKey().equals(consumer))
                .flatMap(entry -> entry.getValue().stream())
                .filter(known -> addresses.contains(address(known)))
                .sorted()
                .toList();
        var named = all.stream()
                .filter(known -> queue == null || known.equals(queue) || known.endsWith("::" + queue))
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("There is no queue " + queue + " on " + String.join(" or ", addresses)
                    + "; there are " + String.join(", ", all) + ".");
        }
        return named;
    }

    /** The address that a target is, or that its queue is on. */
    static String address(String target) {
        var end = target.indexOf("::");
        return end < 0 ? target : target.substring(0, end);
    }

    static boolean isQueue(String target) {
        return target.contains("::");
    }

    static boolean hear(List<String> targets, String address) {
        return targets.stream().anyMatch(target -> address(target).equals(address));
    }
}
