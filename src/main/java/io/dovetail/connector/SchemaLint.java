package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.Pointers;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks one schema: JSON Schema passes over misspelt keywords and unknown formats in silence, and they bite later. */
final class SchemaLint {

    private static final Pattern EVENT =
            Pattern.compile("schemas/events/[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*\\.v[1-9]\\d*\\.schema\\.json");

    private final String path;
    private final byte[] raw;
    private final JsonSchema dialect;
    private final SchemaLibrary library;
    private final Problems problems;
    private boolean sound = true;

    /** @param dialect {@link #dialect()} */
    SchemaLint(String path, byte[] raw, JsonSchema dialect, SchemaLibrary library, Problems problems) {
        this.path = path;
        this.raw = raw;
        this.dialect = dialect;
        this.library = library;
        this.problems = problems;
    }

    /** The schema of schemas. It grows with what it has judged, so nobody keeps it longer than for one folder. */
    static JsonSchema dialect() {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(SchemaLocation.of(SchemaLibrary.DIALECT), SchemaLibrary.SETTINGS);
    }

    /** Whether nothing is wrong. */
    boolean check(JsonNode schema) {
        if (!schema.path("$schema").asText("").equals(SchemaLibrary.DIALECT)) {
            problem("", "say \"$schema\": \"" + SchemaLibrary.DIALECT + "\"");
            return false;
        }
        new Schema("", dialect, List.of())
                .checkAll(schema)
                .forEach(v -> problem(v.pointer(), "not valid JSON Schema: " + v.pointer() + " " + v.message()));
        if (path.startsWith("schemas/events/")) {
            checkEvent(schema);
        }
        walk(schema, "");
        return sound;
    }

    private void checkEvent(JsonNode schema) {
        if (!EVENT.matcher(path).matches()) {
            problem("", "a canonical schema is named <family>.<verb>.v<number>" + Schemas.SUFFIX);
        }
        if (!isFalse(schema.path("additionalProperties")) && !isFalse(schema.path("unevaluatedProperties"))) {
            problem("", "a canonical schema is closed: say \"additionalProperties\": false");
        }
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.booleanValue();
    }

    private void walk(JsonNode schema, String pointer) {
        schema.properties().forEach(entry -> {
            var keyword = entry.getKey();
            var value = entry.getValue();
            var here = pointer + Pointers.segment(keyword);
            if (SchemaKeywords.BY_NAME.contains(keyword)) {
                value.properties().forEach(e -> walk(e.getValue(), here + Pointers.segment(e.getKey())));
            } else if (SchemaKeywords.LISTS.contains(keyword)) {
                for (var i = 0; i < value.size(); i++) {
                    walk(value.path(i), here + "/" + i);
                }
            } else if (SchemaKeywords.SINGLE.contains(keyword)) {
                walk(value, here);
            } else if (!SchemaKeywords.OTHERS.contains(keyword)) {
                problem(here, "JSON Schema has no keyword '" + keyword + "'");
            } else {
                checkValue(keyword, value, here);
            }
        });
        schema.path("patternProperties").fieldNames().forEachRemaining(p -> checkPattern(p, pointer));
    }

    private void checkValue(String keyword, JsonNode value, String here) {
        switch (keyword) {
            case "$ref", "$dynamicRef" -> checkReference(value.asText(), here);
            case "pattern" -> checkPattern(value.asText(), here);
            case "format" -> {
                if (!SchemaKeywords.FORMATS.contains(value.asText())) {
                    problem(here, "unknown format '" + value.asText() + "', which would check nothing");
                }
            }
            case SchemaKeywords.SENSITIVITY -> {
                if (!SchemaKeywords.SENSITIVITIES.contains(value.asText())) {
                    problem(here, keyword + " is personal, confidential or secret");
                }
            }
            case "$id" -> {
                if (here.lastIndexOf('/') > 0) {
                    problem(here, "only a schema's root may have an $id");
                }
            }
            default -> {
                // the dialect's own schema has judged it
            }
        }
    }

    private void checkPattern(String pattern, String here) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            problem(here, "not a regular expression: " + e.getDescription());
        }
    }

    private void checkReference(String reference, String here) {
        var target = library.target(path, reference);
        if (target == null) {
            problem(here, "$ref '" + reference + "' finds no schema in schemas/; nothing else may be referred to");
        } else if (target.schema().isMissingNode()) {
            problem(
                    here,
                    "$ref '" + reference + "' points at nothing in "
                            + target.entry().path());
        } else if (EndlessReferences.isOne(library, target)) {
            problem(
                    here,
                    "$ref '" + reference + "' leads back to itself before it comes to a property or an item: to check a"
                            + " document against it would never end");
        }
    }

    private void problem(String pointer, String message) {
        sound = false;
        var line = new JsonCodec().line(raw, pointer);
        problems.add(line.isPresent() ? path + ":" + line.getAsInt() : path, message);
    }
}
