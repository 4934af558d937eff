package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * References that lead back to where they led before, with no step into the document between: whoever judges a document
 * by one never comes to an end (JSON Schema 2020-12, 9.4.1). A {@code $dynamicRef} counts as the {@code $ref} that it is
 * where nothing redirects it.
 */
final class EndlessReferences {

    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef");

    /** Below these are schemas for the very value that the schema itself is for. */
    private static final Set<String> OF_THE_SAME_VALUE =
            Set.of("allOf", "anyOf", "oneOf", "dependentSchemas", "not", "if", "then", "else");

    private final SchemaLibrary library;
    private final JsonNode start;
    private final Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private EndlessReferences(SchemaLibrary library, JsonNode start) {
        this.library = library;
        this.start = start;
    }

    static boolean isOne(SchemaLibrary library, SchemaLibrary.Target target) {
        var schema = target.schema();
        return new EndlessReferences(library, schema).leadsBack(target.entry().path(), schema);
    }

    private boolean leadsBack(String path, JsonNode schema) {
        return schema.properties().stream().anyMatch(keyword -> {
            var value = keyword.getValue();
            if (REFERENCES.contains(keyword.getKey())) {
                return followed(path, value.asText());
            }
            // itself a schema, or a list of them, or an object with some by name
            return OF_THE_SAME_VALUE.contains(keyword.getKey())
                    && (SchemaKeywords.SINGLE.contains(keyword.getKey())
                            ? leadsBack(path, value)
                            : value.valueStream().anyMatch(one -> leadsBack(path, one)));
        });
    }

    private boolean followed(String path, String reference) {
        var target = library.target(path, reference);
        if (target == null) {
            return false;
        }
        var schema = target.schema();
        return schema == start || seen.add(schema) && leadsBack(target.entry().path(), schema);
    }
}
