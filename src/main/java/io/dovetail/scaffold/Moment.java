package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The field that says when an event happened, in every event.
 *
 * @param expression its value as text
 */
record Moment(Field field, String expression) {

    private static final Set<String> HAPPENED =
            Set.of("occurred", "happened", "event", "timestamp", "time", "triggered");
    private static final Set<String> CHANGED = Set.of("updated", "modified", "changed", "published");
    private static final Set<String> BEGUN =
            Set.of("created", "opened", "placed", "submitted", "registered", "issued", "sent", "at", "date");
    private static final Set<String> PLANNED = Set.of(
            "due",
            "expires",
            "expiry",
            "expiration",
            "deadline",
            "requested",
            "planned",
            "start",
            "end",
            "until",
            "next",
            "estimated",
            "delivery",
            "valid",
            "from",
            "to",
            "birth",
            "scheduled",
            "last",
            "not");
    private static final long SECONDS = 1_000_000_000L;
    private static final long MILLIS = 1_000 * SECONDS;

    static Optional<Moment> of(Field root, Field object, List<String> kind) {
        Moment best = null;
        var most = 0;
        for (var field : Field.of(root.shape())) {
            var score = score(field, root, object, kind);
            if (field.always() && score > most) {
                var expression = expression(field);
                if (expression.isPresent()) {
                    best = new Moment(field, expression.get());
                    most = score;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static int score(Field field, Field root, Field object, List<String> kind) {
        var words = new HashSet<>(field.words());
        if (words.stream().anyMatch(PLANNED::contains)) {
            return 0;
        }
        var name = words.stream().anyMatch(HAPPENED::contains)
                ? 8
                : words.stream().anyMatch(kind::contains)
                        ? 7
                        : words.stream().anyMatch(CHANGED::contains)
                                ? 6
                                : words.stream().anyMatch(BEGUN::contains) ? 3 : 0;
        var parent = field.path().subList(0, field.path().size() - 1);
        var near = parent.equals(root.path()) ? 2 : parent.equals(object.path()) ? 1 : -6;
        return name == 0 ? 0 : name + near;
    }

    private static Optional<String> expression(Field field) {
        var shape = field.shape();
        if (shape.format().filter(Format.DATE_TIME::equals).isPresent()) {
            return Optional.of(field.jslt());
        }
        if (shape.isInteger() && isBetween(shape, MILLIS)) {
            return Optional.of("format-time(floor(" + field.jslt() + " / 1000), \"yyyy-MM-dd'T'HH:mm:ss'Z'\")");
        }
        if (shape.isInteger() && isBetween(shape, SECONDS)) {
            return Optional.of("format-time(" + field.jslt() + ", \"yyyy-MM-dd'T'HH:mm:ss'Z'\")");
        }
        return Optional.empty();
    }

    /** From 2001 to 2128. */
    private static boolean isBetween(Shape shape, long from) {
        return shape.scalars().stream().filter(JsonNode::canConvertToLong).count()
                        == shape.scalars().size()
                && shape.scalars().stream()
                        .mapToLong(JsonNode::asLong)
                        .allMatch(value -> value >= from && value < 5 * from);
    }
}
