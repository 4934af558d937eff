package io.dovetail.connector;

import io.dovetail.codec.Expression;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compiles what stands in a connector.yaml and in the mappings beside it, each mapping once. */
final class Expressions {

    /** What a mapping is told beside the source event. */
    private static final Set<String> MAPPING_VARIABLES = Set.of("sender", "connector", "acceptedAt");

    /** What the route has asked other systems for, where it asks any. */
    private static final String LOOKUP = "lookup";

    private final String folder;
    private final Map<String, byte[]> files;
    private final YamlTree yaml;
    private final Problems found;
    private final Set<String> mappingVariables;
    private final Map<String, @Nullable Expression> mappings = new HashMap<>();

    Expressions(String folder, Map<String, byte[]> files, YamlTree yaml, Problems found) {
        this.folder = folder;
        this.files = files;
        this.yaml = yaml;
        this.found = found;
        var variables = new TreeSet<>(MAPPING_VARIABLES);
        if (yaml.root().has("calls")) {
            variables.add(LOOKUP);
        }
        this.mappingVariables = variables;
    }

    /** The expression at a pointer of the connector.yaml; null when it is missing or wrong, which has been told. */
    @Nullable
    Expression inline(String pointer, Set<String> variables) {
        var node = yaml.root().at(pointer);
        // true and numbers are expressions too, and YAML takes their quotes away
        return node.isValueNode() && !node.isNull()
                ? compile(node.asText(), yaml.expressionPlace(pointer), variables)
                : null;
    }

    /** The mapping that is named at a pointer of the connector.yaml. */
    @Nullable
    Expression mapping(String pointer) {
        var node = yaml.root().at(pointer);
        if (!node.isTextual()) {
            return null;
        }
        var path = folder + node.asText();
        if (!mappings.containsKey(path)) {
            var raw = files.get(path);
            if (raw == null) {
                found.add(yaml.place(pointer), "there is no mapping " + path);
            }
            mappings.put(
                    path,
                    raw == null ? null : compile(new String(raw, StandardCharsets.UTF_8), path, mappingVariables));
        }
        return mappings.get(path);
    }

    void findUnusedMappings() {
        var unused = new TreeSet<String>();
        files.keySet().stream()
                .filter(path -> path.startsWith(folder + "mappings/") && !mappings.containsKey(path))
                .forEach(unused::add);
        unused.forEach(path -> found.add(path, "no event names this mapping: name it or delete it"));
    }

    private @Nullable Expression compile(String source, String place, Set<String> variables) {
        try {
            var expression = Expression.compile(source, place);
            var unknown = new TreeSet<>(expression.freeVariables());
            unknown.removeAll(variables);
            if (!unknown.isEmpty()) {
                found.add(
                        place,
                        "unknown variable $" + String.join(", $", unknown)
                                + (variables.isEmpty()
                                        ? ", there are none here"
                                        : ", there are $" + String.join(", $", variables)
                                                + (unknown.contains(LOOKUP)
                                                        ? "; $lookup is there when connector.yaml declares calls"
                                                        : "")));
            }
            return expression;
        } catch (IllegalArgumentException e) {
            // the message begins with the place
            var message = String.valueOf(e.getMessage());
            var end = message.indexOf(": ");
            found.add(message.substring(0, end), message.substring(end + 2));
            return null;
        }
    }
}
