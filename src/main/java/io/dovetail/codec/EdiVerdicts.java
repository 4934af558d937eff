package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the sender is to be told of each envelope. */
final class EdiVerdicts {

    /** What speaks against a message, and where. */
    record Complaint(EdiPlace place, String rule) {}

    private final Map<EdiEnvelope, Complaint> complaints = new IdentityHashMap<>();
    private final boolean refused;

    /** @param refused whether nothing of the delivery is taken */
    EdiVerdicts(JsonNode tree, List<Objection> objections, boolean refused) {
        this.refused = refused;
        for (var objection : objections) {
            var place = EdiPlace.of(tree, objection.pointer());
            if (place.message() != null) {
                complaints.putIfAbsent(place.message(), new Complaint(place, objection.rule()));
            }
        }
    }

    boolean refused() {
        return refused;
    }

    boolean rejects(EdiEnvelope envelope) {
        return envelope.fault() != null && !envelope.isTolerated()
                || envelope.level() == EdiLevel.MESSAGE
                        && (refused || envelope.has(EdiEnvelope.FAULT) || complaints.containsKey(envelope));
    }

    /** Whether it is taken although something is wrong with it. */
    boolean notes(EdiEnvelope envelope) {
        return envelope.isTolerated() || envelope.has(EdiEnvelope.NOTED);
    }

    /** Null where there is none. */
    @Nullable
    Complaint complaint(EdiEnvelope message) {
        return complaints.get(message);
    }
}
