package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.event.Failure;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One business event of a delivery, as the connector's expressions read it.
 *
 * @param pointer where it stands in the delivery's tree (JSON pointer, empty for the whole)
 * @param emits the canonical type of the rule that matched; null when none did
 * @param id the source's id; null when there is a problem, no rule matched, or the rule that did knows none
 * @param sameById whether a part of the same id is the same, whatever else it says
 * @param key ordering key; null when there is none
 * @param keys business keys by name, without those that gave nothing
 * @param problem why it cannot be read; such a part is parked at its turn and holds nobody
 */
public record Part(
        String pointer,
        JsonNode tree,
        @Nullable String emits,
        @Nullable String id,
        boolean sameById,
        @Nullable String key,
        Map<String, String> keys,
        @Nullable Failure problem) {

    /** Whether its source gives it no name, so that it is like no other, even if the very same comes again. */
    public boolean isUnnamed() {
        return emits != null && id == null && problem == null;
    }
}
