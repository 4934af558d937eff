package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.resource.InputStreamSource;
import com.networknt.schema.resource.SchemaLoader;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All schemas of the folder by where references may look for them: their place in the folder and their {@code $id}. */
final class SchemaLibrary implements SchemaLoader {

    static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    // reserved by RFC 2606: should anything ever try to load it over a network, it cannot
    private static final String BASE = "https://dovetail.invalid/";

    /** The validator is told of our own keyword, or it would warn of a word that it does not know. */
    static final JsonMetaSchema DIALECT_AND_OURS = JsonMetaSchema.builder(JsonMetaSchema.getV202012())
            .keyword(new NonValidationKeyword(SchemaKeywords.SENSITIVITY))
            .build();

    static final SchemaValidatorsConfig SETTINGS = SchemaValidatorsConfig.builder()
            .failFast(true)
            .preloadJsonSchema(false)
            .formatAssertionsEnabled(true)
            .losslessNarrowing(true)
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ROOT)
            .regularExpressionFactory(BoundedExpression::of)
            .build();

    record Entry(String path, JsonNode tree, byte[] raw) {}

    /** @param fragment what stands behind the reference's {@code #}: nothing, a JSON pointer or an anchor's name */
    record Target(Entry entry, String fragment) {

        /** Missing where a JSON pointer or a name leads to nothing. */
        JsonNode schema() {
            return fragment.isEmpty() || fragment.startsWith("/")
                    ? entry.tree().at(fragment)
                    : Stream.of("$anchor", "$dynamicAnchor")
                            .flatMap(keyword -> entry.tree().findParents(keyword).stream()
                                    .filter(schema ->
                                            schema.path(keyword).asText().equals(fragment)))
                            .findFirst()
                            .orElse(MissingNode.getInstance());
        }
    }

    private final Map<String, Entry> entries = new HashMap<>();

    static String location(String path) {
        return BASE + path;
    }

    void add(String path, JsonNode tree, byte[] raw, Problems problems) {
        var entry = new Entry(path, tree, raw);
        entries.put(location(path), entry);
        var id = base(path, tree);
        var other = entries.put(id, entry);
        if (other != null && other != entry) {
            problems.add(path, "the $id " + id + " is also that of " + other.path() + ": give each schema its own");
        }
    }

    /** What references in this schema are relative to. */
    static String base(String path, JsonNode tree) {
        var id = tree.path("$id").asText("");
        if (id.isEmpty()) {
            return location(path);
        }
        try {
            var resolved = URI.create(location(path)).resolve(id).toString();
            return resolved.endsWith("#") ? resolved.substring(0, resolved.length() - 1) : resolved;
        } catch (IllegalArgumentException e) {
            return location(path);
        }
    }

    @Nullable
    Entry find(String location) {
        return entries.get(location);
    }

    /** What a reference in the file at this path leads to; null where it leads to no schema. */
    @Nullable
    Target target(String path, String reference) {
        var hash = reference.indexOf('#');
        var document = hash < 0 ? reference : reference.substring(0, hash);
        var entry = find(location(path));
        if (entry != null && !document.isEmpty()) {
            try {
                entry = find(
                        URI.create(base(path, entry.tree())).resolve(document).toString());
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return entry == null ? null : new Target(entry, hash < 0 ? "" : reference.substring(hash + 1));
    }

    /** Null for the dialect's own schemas, which the validator carries along; anything else unknown is refused. */
    @Override
    public @Nullable InputStreamSource getSchema(AbsoluteIri iri) {
        var location = iri.toString();
        var entry = entries.get(location);
        if (entry != null) {
            return () -> new ByteArrayInputStream(entry.raw());
        }
        if (location.startsWith("classpath:draft/2020-12/")) {
            return null;
        }
        throw new JsonSchemaException("there is no schema " + location + " in schemas/");
    }
}
