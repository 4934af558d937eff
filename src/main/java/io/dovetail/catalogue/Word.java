package io.dovetail.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One type of event of the canonical language.
 *
 * @param type e.g. {@code order.placed.v1}
 * @param schema of its data, in the bundle
 * @param sayings who emits it; empty: nobody does yet
 * @param workflows that it may set off
 */
record Word(String type, JsonNode schema, List<Saying> sayings, List<Workflow> workflows) {

    String title() {
        return schema.path("title").asText(type);
    }

    String description() {
        return schema.path("description").asText();
    }

    String family() {
        return type.substring(0, type.indexOf('.'));
    }

    JsonNode example() {
        return schema.path("examples").path(0);
    }

    /** The name of the schema, as in {@code dataschema}. */
    String schemaName() {
        return "events/" + type;
    }
}
