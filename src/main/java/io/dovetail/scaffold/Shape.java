package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What several trees have in common: which values stood in a place, how often, and what was below it. */
final class Shape {

    /** An object with more names than this is one of somebody's keys, not of a form. */
    private static final int MOST_FIELDS = 500;

    private final Map<String, Shape> fields = new LinkedHashMap<>();
    private final List<JsonNode> scalars = new ArrayList<>();
    private int seen;
    private int nulls;
    private int objects;
    private int arrays;
    private @Nullable Shape items;

    static Shape of(Collection<JsonNode> trees) {
        var shape = new Shape();
        trees.forEach(shape::add);
        return shape;
    }

    private void add(JsonNode node) {
        seen++;
        if (node.isObject()) {
            objects++;
            node.properties()
                    .forEach(entry -> fields.computeIfAbsent(entry.getKey(), name -> new Shape())
                            .add(entry.getValue()));
        } else if (node.isArray()) {
            arrays++;
            var elements = items == null ? new Shape() : items;
            items = elements;
            node.forEach(elements::add);
        } else if (node.isNull()) {
            nulls++;
        } else {
            scalars.add(node);
        }
    }

    Map<String, Shape> fields() {
        return Collections.unmodifiableMap(fields);
    }

    /** Texts, numbers and truth values, in the order in which they were met. */
    List<JsonNode> scalars() {
        return Collections.unmodifiableList(scalars);
    }

    /** Of lists; null where none has been seen. */
    @Nullable
    Shape items() {
        return items;
    }

    int seen() {
        return seen;
    }

    /** Whether a field is in every object of this place, be it null. */
    boolean hasAlways(String name) {
        var field = fields.get(name);
        return field != null && field.seen == objects;
    }

    boolean isNullable() {
        return nulls > 0;
    }

    boolean hasObjects() {
        return objects > 0;
    }

    boolean hasArrays() {
        return arrays > 0;
    }

    /** Objects or null, of a form that can be told. */
    boolean isObject() {
        return objects > 0 && arrays == 0 && scalars.isEmpty() && !isMap();
    }

    boolean isArray() {
        return arrays > 0 && objects == 0 && scalars.isEmpty();
    }

    /** A text, a number, a truth value or null. */
    boolean isScalar() {
        return !scalars.isEmpty() && objects == 0 && arrays == 0;
    }

    boolean isMap() {
        return fields.size() > MOST_FIELDS;
    }

    boolean isText() {
        return isScalar() && scalars.stream().allMatch(JsonNode::isTextual);
    }

    boolean isNumber() {
        return isScalar() && scalars.stream().allMatch(JsonNode::isNumber);
    }

    boolean isInteger() {
        return isScalar() && scalars.stream().allMatch(JsonNode::isIntegralNumber);
    }

    boolean isBoolean() {
        return isScalar() && scalars.stream().allMatch(JsonNode::isBoolean);
    }

    List<String> texts() {
        return scalars.stream().map(JsonNode::asText).toList();
    }

    boolean hasBlank() {
        return texts().stream().anyMatch(String::isBlank);
    }

    /** The one that all texts have. */
    Optional<Format> format() {
        return isText()
                ? Arrays.stream(Format.values())
                        .filter(format -> texts().stream().allMatch(format::fits))
                        .findFirst()
                : Optional.empty();
    }
}
