package io.dovetail.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What Camel's YAML DSL knows: which steps there are and which properties each has, from the JSON Schema that
 * camel-yaml-dsl carries. Camel itself stops at the first one it does not know, and a person wants to hear of all.
 */
final class Dsl {

    static final String ROUTE = "org.apache.camel.model.RouteDefinition";
    static final String FROM = "org.apache.camel.model.FromDefinition";

    private final JsonNode definitions;
    private final Map<JsonNode, Shape> shapes = new IdentityHashMap<>();

    /** What a mapping or list may hold, with the schema's alternatives laid over each other. */
    private static final class Shape {
        final Map<String, JsonNode> properties = new TreeMap<>();
        final Set<String> required = new HashSet<>();
        JsonNode items = MissingNode.getInstance();
        boolean closed;
        boolean single;
    }

    private Dsl(JsonNode definitions) {
        this.definitions = definitions;
    }

    /** Reads 800 KB; keep it no longer than a check takes. */
    static Dsl read() {
        try (var schema = YamlRoutesBuilderLoader.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return new Dsl(new ObjectMapper().readTree(schema).at("/items/definitions"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a problem of every step and property below {@code node} that Camel does not know. */
    void check(YamlFile file, Node node, String definition) {
        check(file, node, definitions.path(definition));
    }

    private void check(YamlFile file, Node node, JsonNode definition) {
        var shape = shapes.computeIfAbsent(definition, this::shape);
        for (var item : YamlFile.items(node)) {
            check(file, item, shape.items);
        }
        if (!(node instanceof MappingNode mapping) || shape.properties.isEmpty()) {
            return;
        }
        if (shape.single && mapping.getValue().size() > 1) {
            file.problem(node, "a step has one name; put a dash before each, and its properties below it");
        }
        var missing = new HashSet<>(shape.required);
        for (var entry : file.entries(node)) {
            missing.remove(entry.key());
            var known = shape.properties.get(entry.key());
            if (known != null) {
                check(file, entry.value(), known);
            } else if (shape.closed) {
                file.problem(entry.keyNode(), unknown(entry.key(), shape));
            }
        }
        missing.forEach(name -> file.problem(node, "\"" + name + "\" is missing here"));
    }

    private static String unknown(String name, Shape shape) {
        var what = "Camel knows no " + (shape.single ? "step" : "property") + " \"" + name + "\" here";
        var meant = nearest(name, shape.properties.keySet());
        if (meant != null) {
            return what + "; did you mean \"" + meant + "\"?";
        }
        return shape.properties.size() > 12
                ? what + "; see the reference of its YAML DSL"
                : what + "; it knows " + String.join(", ", shape.properties.keySet());
    }

    /** What a name was meant to be, if it is nearly one of these; null: nothing of them. */
    static @Nullable String nearest(String name, Set<String> known) {
        return known.stream()
                .filter(other -> distance(name, other) <= Math.max(1, name.length() / 3))
                .min((a, b) -> Integer.compare(distance(name, a), distance(name, b)))
                .orElse(null);
    }

    /** How many characters must be added, removed or replaced to make one of the other (Levenshtein). */
    private static int distance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }

    private Shape shape(JsonNode definition) {
        var shape = new Shape();
        gather(definition, shape);
        resolved(definition).path("required").forEach(name -> shape.required.add(name.asText()));
        return shape;
    }

    private void gather(JsonNode unresolved, Shape shape) {
        var definition = resolved(unresolved);
        shape.closed |= definition.has("additionalProperties")
                && !definition.get("additionalProperties").asBoolean();
        shape.single |= definition.path("maxProperties").asInt() == 1;
        if (definition.has("items")) {
            shape.items = definition.get("items");
        }
        definition
                .path("properties")
                .properties()
                .forEach(property -> shape.properties.merge(
                        // an alternative may name a property that another one describes
                        property.getKey(), property.getValue(), (old, other) -> old.isEmpty() ? other : old));
        for (var alternatives : List.of("oneOf", "anyOf", "allOf")) {
            definition.path(alternatives).forEach(alternative -> gather(alternative, shape));
        }
    }

    private JsonNode resolved(JsonNode definition) {
        var reference = definition.path("$ref").asText();
        return reference.isEmpty()
                ? definition
                : definitions.path(reference.substring("#/items/definitions/".length()));
    }
}
