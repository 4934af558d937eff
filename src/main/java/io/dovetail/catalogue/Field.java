package io.dovetail.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.connector.SchemaBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A field of an event, as people read of it.
 *
 * @param path e.g. {@code lines[].quantity}
 * @param form what it may hold, in a few words
 * @param shape the shared shape that it has, e.g. {@code party}; empty where it has none
 * @param required whether it is always there, if what it stands in is
 * @param meaning one sentence or two; may be empty
 * @param sensitivity why not everybody may see it; empty where everybody may
 */
record Field(String path, String form, String shape, boolean required, String meaning, String sensitivity) {

    private static final String COMPONENTS = "#/components/schemas/";
    private static final String SHARED = "shared.types.";

    /** All fields of an object, in the order of its schema; what has a shared shape is not taken apart. */
    static List<Field> of(JsonNode schema, SchemaBundle bundle) {
        var fields = new ArrayList<Field>();
        new Walk(bundle, fields).walk(schema, "");
        return fields;
    }

    /** The name of the shared shape that a schema refers to; empty where it refers to none. */
    private static String shape(JsonNode schema) {
        var reference = schema.path("$ref").asText(schema.at("/allOf/0/$ref").asText());
        return reference.startsWith(COMPONENTS + SHARED)
                ? reference.substring(COMPONENTS.length() + SHARED.length())
                : "";
    }

    private record Walk(SchemaBundle bundle, List<Field> fields) {

        void walk(JsonNode schema, String prefix) {
            var required = StreamSupport.stream(schema.path("required").spliterator(), false)
                    .map(JsonNode::asText)
                    .collect(Collectors.toSet());
            schema.path("properties")
                    .properties()
                    .forEach(property ->
                            add(prefix + property.getKey(), property.getValue(), required.contains(property.getKey())));
        }

        private void add(String path, JsonNode property, boolean required) {
            var schema = whole(property);
            var isList = schema.path("type").asText().equals("array");
            var item = isList ? schema.path("items") : property;
            var content = isList ? whole(item) : schema;
            var here = isList ? path + "[]" : path;
            var shape = shape(item);
            fields.add(new Field(
                    here,
                    (isList ? "list of " : "") + form(content, shape),
                    shape,
                    required,
                    first(property.path("description"), item.path("description")),
                    first(
                            property.path("x-sensitivity"),
                            schema.path("x-sensitivity"),
                            content.path("x-sensitivity"))));
            if (shape.isEmpty()) {
                walk(content, here + ".");
            }
        }

        private JsonNode whole(JsonNode schema) {
            return bundle.resolved(schema.has("allOf") ? schema.at("/allOf/0") : schema);
        }

        private static String form(JsonNode schema, String shape) {
            if (!shape.isEmpty()) {
                return shape;
            }
            if (schema.has("enum")) {
                return StreamSupport.stream(schema.path("enum").spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(", "));
            }
            return switch (schema.path("type").asText()) {
                case "boolean" -> "true or false";
                case "integer" -> "whole number";
                case "object" -> "object";
                default -> schema.path("format").asText(schema.has("properties") ? "object" : "text");
            };
        }

        private static String first(JsonNode... texts) {
            for (var text : texts) {
                if (text.isTextual()) {
                    return text.asText();
                }
            }
            return "";
        }
    }
}
