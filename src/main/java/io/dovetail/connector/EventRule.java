package io.dovetail.connector;

import io.dovetail.codec.Expression;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code events:}, what to do with a source event that matches {@code when}.
 *
 * @param contract what the source event must satisfy
 * @param mapping gives {@code {subject, time, data}} or {@code {ignore: reason}}
 * @param emits the canonical type, e.g. {@code ticket.opened.v1}
 * @param canonical the schema of {@code data}
 * @param others the types that the mapping may choose in its place, when only it can tell, each with its schema
 * @param id null where the source gives its events no name: each that arrives is one of its own
 * @param sameById whether an event of an id that was there before is that event, whatever else it says
 * @param orderBy null for events that have no ordering key
 */
public record EventRule(
        Expression when,
        Schema contract,
        Expression mapping,
        String emits,
        Schema canonical,
        Map<String, Schema> others,
        @Nullable Expression id,
        boolean sameById,
        @Nullable Expression orderBy,
        Map<String, Expression> keys) {

    /** All that it may become. */
    public Set<String> types() {
        var types = new LinkedHashSet<>(Set.of(emits));
        types.addAll(others.keySet());
        return types;
    }

    /** The schema of one of the types; null: it is none of them. */
    public @Nullable Schema canonical(String type) {
        return type.equals(emits) ? canonical : others.get(type);
    }
}
