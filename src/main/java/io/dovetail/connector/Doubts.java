package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.ExpressionException;
import io.dovetail.codec.Objection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be said at the door against the parts of a delivery: that no rule is for one, or that it breaks its contract.
 * Each is stored all the same, and judged at its turn.
 */
record Doubts(Connector connector) {

    List<Objection> about(JsonNode delivery) {
        try {
            return Split.pieces(connector.split(), delivery).stream()
                    .map(piece -> about(piece.pointer(), piece.tree()))
                    .filter(Objects::nonNull)
                    .toList();
        } catch (UnsplittableException e) {
            return List.of(new Objection("", "split", String.valueOf(e.getMessage()), false));
        }
    }

    private @Nullable Objection about(String pointer, JsonNode part) {
        EventRule rule;
        try {
            rule = connector.rule(part);
        } catch (ExpressionException e) {
            return null; // our fault, and not the sender's
        }
        if (rule == null) {
            return connector.ignoreReason() == null
                    ? new Objection(pointer, Objection.UNSUPPORTED, "No rule is for it.", false)
                    : null;
        }
        var violation = rule.contract().check(part);
        return violation == null
                ? null
                : new Objection(pointer + violation.pointer(), violation.keyword(), violation.message(), false);
    }
}
