package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.JsonCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schema of what the samples have in common. It requires what the rule and the mapping cannot do without, and, where
 * there are several samples, what stands in all of them.
 */
final class Contract {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String DECIMAL = "-?[0-9]+(\\.[0-9]+)?";
    private static final int MAX_BYTES = 200_000;
    private static final int MOST_EXAMPLES = 5;

    /** They may be whole in every sample, and are not whole for that. */
    private static final Set<String> MEASURES = Set.of(
            "amount",
            "price",
            "total",
            "cost",
            "quantity",
            "qty",
            "weight",
            "rate",
            "sum",
            "tax",
            "fee",
            "discount",
            "value",
            "volume",
            "length",
            "width",
            "height",
            "score",
            "latitude",
            "longitude",
            "lat",
            "lng",
            "temperature",
            "balance");

    private static final Set<String> PERSONAL =
            Set.of("name", "mail", "email", "phone", "user", "login", "author", "street", "address", "city");

    private final Shape root;
    private final boolean several;
    private final Set<List<String>> needed = new HashSet<>();
    private final Map<List<String>, ObjectNode> demands = new HashMap<>();

    Contract(Shape root) {
        this.root = root;
        this.several = root.seen() > 1;
    }

    /** Without the field at this path nothing can be done; nor without the objects that it is in. */
    void need(List<String> path) {
        for (var i = 1; i <= path.size(); i++) {
            needed.add(path.subList(0, i));
        }
    }

    /** What must be true of the texts there. */
    void demand(List<String> path, ObjectNode constraints) {
        demands.computeIfAbsent(path, p -> JSON.objectNode()).setAll(constraints);
    }

    static ObjectNode only(String text) {
        return JSON.objectNode().put("const", text);
    }

    ObjectNode schema(String title) {
        var depth = 12;
        var schema = schema(title, depth);
        while (JsonCodec.write(schema).length > MAX_BYTES && depth > 2) {
            schema = schema(title, --depth);
        }
        return schema;
    }

    private ObjectNode schema(String title, int depth) {
        var schema = JSON.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.put(
                "description",
                several
                        ? "Proposed from " + root.seen() + " samples: required is what stands in all of them."
                        : "Proposed from one sample, which does not tell what may be absent: required is what the connector reads.");
        schema.setAll(of(root, List.of(), depth));
        return schema;
    }

    private ObjectNode of(Shape shape, List<String> path, int depth) {
        var schema = JSON.objectNode();
        var types = types(shape, path);
        if (types.size() == 1) {
            schema.set("type", types.get(0));
        } else if (types.size() > 1) {
            schema.set("type", types);
        }
        var demand = demands.get(path);
        if (shape.isText() && (demand == null || !demand.has("const"))) {
            texts(shape, path, schema);
        }
        if (demand != null) {
            demand.properties()
                    .forEach(entry -> schema.set(entry.getKey(), allowing(shape, entry.getKey(), entry.getValue())));
        }
        if (depth > 0 && shape.hasObjects() && !shape.isMap()) {
            properties(shape, path, schema, depth);
        }
        var items = shape.items();
        if (depth > 0 && items != null && items.seen() > 0) {
            var element = of(items, Names.child(path, Names.EACH), depth - 1);
            if (!element.isEmpty()) {
                schema.set("items", element);
            }
        }
        return schema;
    }

    private void properties(Shape shape, List<String> path, ObjectNode schema, int depth) {
        var required = JSON.arrayNode();
        var properties = JSON.objectNode();
        shape.fields().forEach((name, field) -> {
            var here = Names.child(path, name);
            if (needed.contains(here) || several && shape.hasAlways(name)) {
                required.add(name);
            }
            properties.set(name, of(field, here, depth - 1));
        });
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
    }

    /** None where only nulls were seen, since they tell of no type. */
    private static ArrayNode types(Shape shape, List<String> path) {
        var types = JSON.arrayNode();
        if (shape.hasObjects()) {
            types.add("object");
        }
        if (shape.hasArrays()) {
            types.add("array");
        }
        if (shape.scalars().stream().anyMatch(JsonNode::isTextual)) {
            types.add("string");
        }
        if (shape.scalars().stream().anyMatch(JsonNode::isNumber)) {
            var whole = shape.scalars().stream().filter(JsonNode::isNumber).allMatch(JsonNode::isIntegralNumber);
            types.add(whole && !isMeasure(path) ? "integer" : "number");
        }
        if (shape.scalars().stream().anyMatch(JsonNode::isBoolean)) {
            types.add("boolean");
        }
        if (shape.isNullable() && !types.isEmpty()) {
            types.add("null");
        }
        return types;
    }

    /** Whether whole numbers there may be others tomorrow. */
    static boolean isMeasure(List<String> path) {
        return !path.isEmpty() && Names.words(path.getLast()).stream().anyMatch(MEASURES::contains);
    }

    private void texts(Shape shape, List<String> path, ObjectNode schema) {
        var texts = shape.texts();
        var format = shape.format();
        if (format.isPresent()) {
            schema.put("format", format.get().word);
        } else if (texts.stream().allMatch(text -> text.matches(DECIMAL))
                && texts.stream().anyMatch(text -> text.contains("."))) {
            schema.put("pattern", "^" + DECIMAL + "$");
        } else if (several
                && !path.isEmpty()
                && Names.words(path.getLast()).stream().noneMatch(PERSONAL::contains)) {
            // not an enum: what else may come, nobody has said
            var distinct = new LinkedHashSet<>(texts);
            if (distinct.size() < texts.size()
                    && distinct.size() <= MOST_EXAMPLES
                    && distinct.stream().allMatch(text -> text.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._:/-]{0,29}"))) {
                distinct.forEach(schema.withArray("examples")::add);
            }
        }
    }

    /** A list of values says what null may be, too. */
    private static JsonNode allowing(Shape shape, String keyword, JsonNode constraint) {
        if (!keyword.equals("enum") || !shape.isNullable()) {
            return constraint;
        }
        return ((ArrayNode) constraint.deepCopy()).addNull();
    }
}
