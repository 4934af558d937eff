package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Expression;
import io.dovetail.codec.ExpressionException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the business events of a delivery with a connector's expressions; what fails becomes a part with a problem. */
record PartReader(Connector connector) {

    static final int MAX_TEXT = 256;

    List<Part> read(JsonNode tree) {
        if (GapRule.isFirstOf(connector.events()) && GapRule.tells(tree)) {
            // the hub's own, and not of the form in which the source tells many at once
            return List.of(part("", tree));
        }
        try {
            var pieces = Split.pieces(connector.split(), tree);
            if (pieces.isEmpty()) {
                throw new UnsplittableException("No business event stands at '" + connector.split()
                        + "', where connector " + connector.name() + " looks for them.");
            }
            return pieces.stream()
                    .map(piece -> part(piece.pointer(), piece.tree()))
                    .toList();
        } catch (UnsplittableException e) {
            var problem = Failure.of(FailureKind.CONTRACT, "", "split", String.valueOf(e.getMessage()));
            return List.of(new Part("", tree, null, null, false, null, Map.of(), problem));
        }
    }

    Part part(String pointer, JsonNode tree) {
        var objection = connector.codec().objection(tree);
        if (objection != null && objection.ignored()) {
            return new Part(pointer, tree, null, null, false, null, Map.of(), null);
        }
        var problem = objection == null
                ? null
                : Failure.of(FailureKind.CONTRACT, pointer + objection.pointer(), objection.rule(), objection.reason());
        EventRule rule;
        try {
            rule = connector.rule(tree);
        } catch (ExpressionException e) {
            return new Part(
                    pointer, tree, null, null, false, null, Map.of(), problem == null ? failed("when", e) : problem);
        }
        if (rule == null) {
            return new Part(pointer, tree, null, null, false, null, Map.of(), problem);
        }
        var values = new Values(connector, pointer, tree, rule, problem);
        var id = rule.id() == null ? null : values.required("id", rule.id());
        var key = rule.orderBy() == null ? null : values.required("orderBy", rule.orderBy());
        // keys are read even where the id is missing: operators search for what is parked
        var keys = new LinkedHashMap<String, String>();
        rule.keys().forEach((name, expression) -> {
            var value = values.optional("keys." + name, expression);
            if (value != null) {
                keys.put(name, value);
            }
        });
        return values.problem == null
                ? new Part(pointer, tree, rule.emits(), id, rule.sameById(), key, keys, null)
                : new Part(pointer, tree, rule.emits(), null, false, null, keys, values.problem);
    }

    private static Failure failed(String rule, ExpressionException e) {
        return Failure.of(FailureKind.MAPPING, e.place(), rule, String.valueOf(e.getMessage()));
    }

    /** The texts of one event, and the first problem met. */
    private static final class Values {

        private final Connector connector;
        private final String pointer;
        private final JsonNode tree;
        private final EventRule matched;
        private @Nullable Failure problem;

        Values(Connector connector, String pointer, JsonNode tree, EventRule matched, @Nullable Failure problem) {
            this.connector = connector;
            this.pointer = pointer;
            this.tree = tree;
            this.matched = matched;
            this.problem = problem;
        }

        @Nullable
        String required(String rule, Expression expression) {
            var before = problem;
            var value = optional(rule, expression);
            if (value == null && problem == before) {
                missing(rule, expression);
            }
            return value;
        }

        /** What its contract misses mostly tells why, and where. */
        private void missing(String rule, Expression expression) {
            var message = "The event has no value for '" + rule + "', which is read at " + expression.place() + ".";
            var violation = matched.contract().check(tree);
            if (violation == null) {
                broken(pointer, rule, message, null);
            } else {
                broken(
                        connector.place(pointer, violation.pointer()),
                        rule,
                        message + " It breaks its contract "
                                + matched.contract().name() + ", rule " + violation.keyword() + ": "
                                + violation.message(),
                        violation.value());
            }
        }

        @Nullable
        String optional(String rule, Expression expression) {
            String value;
            try {
                value = expression.text(tree);
            } catch (ExpressionException e) {
                problem = problem == null ? failed(rule, e) : problem;
                return null;
            }
            if (value == null) {
                return null;
            }
            if (value.length() > MAX_TEXT) {
                broken(
                        pointer,
                        rule,
                        "The value for '" + rule + "' is longer than " + MAX_TEXT + " characters.",
                        value);
                return null;
            }
            if (!isStorable(value)) {
                broken(pointer, rule, "The value for '" + rule + "' holds a NUL or half a character.", null);
                return null;
            }
            return value;
        }

        private void broken(String place, String rule, String message, @Nullable String value) {
            problem = problem == null ? new Failure(FailureKind.CONTRACT, place, rule, message, value, null) : problem;
        }

        /** No database text holds a NUL, and half a surrogate pair has no UTF-8. */
        private static boolean isStorable(String value) {
            for (var i = 0; i < value.length(); i++) {
                var c = value.charAt(i);
                if (c == 0 || Character.isLowSurrogate(c)) {
                    return false;
                }
                if (Character.isHighSurrogate(c)
                        && (++i == value.length() || !Character.isLowSurrogate(value.charAt(i)))) {
                    return false;
                }
            }
            return true;
        }
    }
}
