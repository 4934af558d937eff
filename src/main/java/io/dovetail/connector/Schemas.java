package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The compiled schemas of {@code schemas/}, by name. References resolve inside this folder only, never over a network. */
public final class Schemas {

    static final String FOLDER = "schemas/";
    static final String SUFFIX = ".schema.json";

    private final Map<String, Schema> schemas;
    private final Set<String> present;
    private final SchemaLibrary library;

    private Schemas(Map<String, Schema> schemas, Set<String> present, SchemaLibrary library) {
        this.schemas = Map.copyOf(schemas);
        this.present = Set.copyOf(present);
        this.library = library;
    }

    /** Compiles every {@code schemas/**.schema.json} among the files; a schema with a problem is not found later. */
    static Schemas read(Map<String, byte[]> files, Problems problems) {
        var trees = new TreeMap<String, JsonNode>();
        var library = new SchemaLibrary();
        files.forEach((path, raw) -> {
            if (path.startsWith(FOLDER) && path.endsWith(SUFFIX)) {
                try {
                    var tree = new JsonCodec().read(raw);
                    trees.put(path, tree);
                    library.add(path, tree, raw, problems);
                } catch (MalformedException e) {
                    problems.add(path, e.getMessage());
                }
            }
        });
        var dialect = SchemaLint.dialect();
        var sound = new TreeSet<String>();
        trees.forEach((path, tree) -> {
            var raw = files.get(path);
            if (raw != null && new SchemaLint(path, raw, dialect, library, problems).check(tree)) {
                sound.add(path);
            }
        });
        // One for all, so that what several refer to is read once. What a reference leads to is compiled when the first
        // instance gets there: most connectors of a folder are never used, and all schemas whole take 30 MB.
        var factory = JsonSchemaFactory.getInstance(
                VersionFlag.V202012,
                builder -> builder.metaSchema(SchemaLibrary.DIALECT_AND_OURS)
                        .schemaLoaders(loaders -> loaders.add(library)));
        var compiled = new TreeMap<String, Schema>();
        for (var path : sound) {
            var schema = compile(path, factory, library, sound.size() == trees.size(), problems);
            if (schema != null) {
                compiled.put(schema.name(), schema);
            }
        }
        var present = new TreeSet<String>();
        files.keySet().stream()
                .filter(path -> path.startsWith(FOLDER) && path.endsWith(SUFFIX))
                .forEach(path -> present.add(name(path)));
        return new Schemas(compiled, present, library);
    }

    private static @Nullable Schema compile(
            String path, JsonSchemaFactory factory, SchemaLibrary library, boolean allSound, Problems problems) {
        try {
            var schema = factory.getSchema(SchemaLocation.of(SchemaLibrary.location(path)), SchemaLibrary.SETTINGS);
            if (!allSound) {
                // no instance is to be told that a schema refers to one that is broken
                schema.initializeValidators();
            }
            return new Schema(name(path), schema, SensitiveFields.of(library, path));
        } catch (JsonSchemaException | IllegalArgumentException e) {
            if (allSound) { // else it refers to one that is broken, which has been said
                problems.add(path, "the schema cannot be compiled: " + e.getMessage());
            }
            return null;
        }
    }

    static String name(String path) {
        return path.substring(FOLDER.length(), path.length() - SUFFIX.length());
    }

    /** @param name e.g. {@code events/order.placed.v1} */
    public @Nullable Schema find(String name) {
        return schemas.get(name);
    }

    /** The names of all schemas that compiled. */
    public Set<String> names() {
        return schemas.keySet();
    }

    /** Where references between them lead. */
    SchemaLibrary library() {
        return library;
    }

    /** Whether there is such a file, even one that does not compile. */
    boolean isPresent(String name) {
        return present.contains(name);
    }
}
