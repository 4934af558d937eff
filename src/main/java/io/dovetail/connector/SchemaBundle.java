package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * Schemas in one document, as OpenAPI and AsyncAPI hold them: each file, and each definition that others refer to, is a
 * component, and every reference leads to one. Written so that it means the same to readers who know JSON Schema 7 only,
 * to whom nothing counts beside a {@code $ref}. Not for many threads.
 */
public final class SchemaBundle {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String COMPONENTS = "#/components/schemas/";
    private static final Set<String> LEFT_OUT = Set.of("$schema", "$id", "$defs", "$comment");

    private final SchemaLibrary library;
    private final TreeMap<String, JsonNode> components = new TreeMap<>();

    public SchemaBundle(Schemas schemas) {
        this.library = schemas.library();
    }

    /**
     * A reference to a schema, which becomes a component.
     *
     * @param name its path below {@code schemas/} without {@code .schema.json}
     */
    public ObjectNode reference(String name) {
        return reference(Schemas.FOLDER + name + Schemas.SUFFIX, "#");
    }

    /** All that has been referred to, by name. */
    public ObjectNode components() {
        var all = NODES.objectNode();
        components.forEach(all::set);
        return all;
    }

    /** The component that a schema of this bundle is a reference to, or the schema itself. */
    public JsonNode resolved(JsonNode schema) {
        var reference = schema.path("$ref").asText();
        return reference.startsWith(COMPONENTS)
                ? components.getOrDefault(reference.substring(COMPONENTS.length()), MissingNode.getInstance())
                : schema;
    }

    private ObjectNode reference(String path, String reference) {
        var target = target(path, reference);
        var name = name(target);
        if (!components.containsKey(name)) {
            components.put(name, MissingNode.getInstance()); // it may refer to itself
            components.put(name, convert(target.entry().path(), target.schema()));
        }
        return NODES.objectNode().put("$ref", COMPONENTS + name);
    }

    private SchemaLibrary.Target target(String path, String reference) {
        var target = library.target(path, reference);
        if (target == null) {
            throw new IllegalArgumentException("there is no schema " + reference + " for " + path);
        }
        return target;
    }

    /** {@code events.order.placed.v1}, {@code shared.types.party} */
    private static String name(SchemaLibrary.Target target) {
        var file = Schemas.name(target.entry().path()).replace('/', '.');
        var last = target.fragment().substring(target.fragment().lastIndexOf('/') + 1);
        return (last.isEmpty() ? file : file + "." + last).replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private JsonNode convert(String path, JsonNode schema) {
        if (!schema.isObject()) {
            return schema;
        }
        var own = NODES.objectNode();
        schema.properties().forEach(keyword -> {
            if (!LEFT_OUT.contains(keyword.getKey()) && !keyword.getKey().equals("$ref")) {
                own.set(keyword.getKey(), value(path, keyword.getKey(), keyword.getValue()));
            }
        });
        var reference = schema.path("$ref").asText();
        if (reference.isEmpty()) {
            return own;
        }
        if (own.has("properties") || own.has("required") || own.has("unevaluatedProperties")) {
            var target = target(path, reference);
            return together(resolved(convert(target.entry().path(), target.schema())), own);
        }
        var referred = reference(path, reference);
        if (own.isEmpty()) {
            return referred;
        }
        own.putArray("allOf").add(referred);
        return own;
    }

    private JsonNode value(String path, String keyword, JsonNode value) {
        if (SchemaKeywords.BY_NAME.contains(keyword)) {
            var converted = NODES.objectNode();
            value.properties().forEach(entry -> converted.set(entry.getKey(), convert(path, entry.getValue())));
            return converted;
        }
        if (SchemaKeywords.LISTS.contains(keyword)) {
            var converted = NODES.arrayNode();
            value.forEach(item -> converted.add(convert(path, item)));
            return converted;
        }
        return SchemaKeywords.SINGLE.contains(keyword) ? convert(path, value) : value;
    }

    /** One schema of what two say of the same object; what it says itself goes before what it refers to. */
    private static ObjectNode together(JsonNode referred, ObjectNode own) {
        var properties = NODES.objectNode();
        referred.path("properties").properties().forEach(entry -> properties.set(entry.getKey(), entry.getValue()));
        own.path("properties").properties().forEach(entry -> {
            var other = properties.get(entry.getKey());
            var both = NODES.objectNode();
            if (other != null) {
                both.putArray("allOf").add(other).add(entry.getValue());
            }
            properties.set(entry.getKey(), other == null ? entry.getValue() : both);
        });
        var required = new LinkedHashSet<String>();
        referred.path("required").forEach(name -> required.add(name.asText()));
        own.path("required").forEach(name -> required.add(name.asText()));
        var all = NODES.objectNode();
        referred.properties().forEach(entry -> all.set(entry.getKey(), entry.getValue()));
        all.setAll(own);
        all.set("properties", properties);
        if (!required.isEmpty()) {
            var names = all.putArray("required");
            required.forEach(names::add);
        }
        if (all.remove("unevaluatedProperties") != null) {
            all.put("additionalProperties", false);
        }
        return all;
    }
}
