package io.dovetail.connector;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that engineers wrote, as one immutable value: connectors, schemas, routes.
 *
 * @param hash SHA-256 over all files' paths and contents, 16 hex digits: the version
 * @param files path below the root (with {@code /}) to content: everything under {@code connectors/} (without
 *     {@code samples/}), {@code schemas/} and {@code routes/}; no hidden files
 */
public record Configuration(
        String hash, Map<String, byte[]> files, Map<String, Connector> connectors, Schemas schemas) {

    /**
     * Reads and compiles everything below {@code root}, reporting every problem it meets; usable only if there are
     * none.
     */
    public static Configuration read(Path root, Problems problems) {
        return of(SourceFiles.read(root, problems), problems);
    }

    /** The same from files that are kept elsewhere, as {@link #files} gave them: an older version, for a replay. */
    public static Configuration of(Map<String, byte[]> files, Problems problems) {
        var sorted = Collections.unmodifiableMap(new TreeMap<>(files));
        var schemas = Schemas.read(sorted, problems);
        var connectors = new TreeMap<String, Connector>();
        for (var name : SourceFiles.connectorFolders(sorted)) {
            var connector = new ConnectorReader(name, sorted, schemas, problems).read();
            if (connector != null) {
                connectors.put(name, connector);
            }
        }
        return new Configuration(SourceFiles.hash(sorted), sorted, Collections.unmodifiableMap(connectors), schemas);
    }

    /** The files below {@code root} as {@link #files} has them, however broken they are. */
    public static Map<String, byte[]> filesBelow(Path root) {
        return SourceFiles.read(root, new Problems());
    }

    /** The hash of a configuration of these files. */
    public static String hash(Map<String, byte[]> files) {
        return SourceFiles.hash(new TreeMap<>(files));
    }

    public @Nullable Connector connector(String name) {
        return connectors.get(name);
    }
}
