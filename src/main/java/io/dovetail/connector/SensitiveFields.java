package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where in a schema's instances the values stand that it marks with {@code x-sensitivity}. In doubt more than that: what
 * has no name of its own hides the whole that it stands in, and so does a schema within itself.
 */
final class SensitiveFields {

    private final SchemaLibrary library;
    private final Set<FieldPath> marked = new LinkedHashSet<>();
    private final Set<FieldPath> again = new LinkedHashSet<>();

    private SensitiveFields(SchemaLibrary library) {
        this.library = library;
    }

    /** @param path of a schema's file */
    static List<FieldPath> of(SchemaLibrary library, String path) {
        var fields = new SensitiveFields(library);
        var entry = library.find(SchemaLibrary.location(path));
        if (entry != null) {
            fields.collect(path, entry.tree(), List.of(), Set.of());
        }
        if (!fields.marked.isEmpty()) {
            fields.marked.addAll(fields.again);
        }
        return List.copyOf(fields.marked);
    }

    /** @param entered the references that led here */
    private void collect(String path, JsonNode schema, List<String> steps, Set<String> entered) {
        if (schema.has(SchemaKeywords.SENSITIVITY) && !steps.isEmpty()) {
            marked.add(new FieldPath(false, steps));
            return; // and with it what it holds
        }
        follow(path, schema.path("$ref").asText(), steps, entered);
        schema.properties().forEach(keyword -> {
            var name = keyword.getKey();
            var value = keyword.getValue();
            if (name.equals("properties")) {
                value.properties().forEach(property -> {
                    var further = new ArrayList<>(steps);
                    further.add(property.getKey());
                    collect(path, property.getValue(), further, entered);
                });
            } else if (SchemaKeywords.BY_NAME.contains(name) && !name.equals("$defs")
                    || SchemaKeywords.LISTS.contains(name)) {
                value.forEach(one -> collect(path, one, steps, entered));
            } else if (SchemaKeywords.SINGLE.contains(name)) {
                collect(path, value, steps, entered);
            }
        });
    }

    private void follow(String path, String reference, List<String> steps, Set<String> entered) {
        var target = reference.isEmpty() ? null : library.target(path, reference);
        if (target == null) {
            return;
        }
        var file = target.entry().path();
        var further = new HashSet<>(entered);
        if (further.add(file + "#" + target.fragment())) {
            collect(file, target.schema(), steps, further);
        } else if (!steps.isEmpty()) {
            again.add(new FieldPath(false, steps));
        }
    }
}
