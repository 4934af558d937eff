package io.dovetail.connector;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that engineers wrote, as one immutable value: connectors, schemas, routes.
 *
 * @param hash SHA-256 over all files' paths and contents, 16 hex digits: the version
 * @param files path below the root (with {@code /}) to content: everything under {@code connectors/} (without
 *     {@code samples/}), {@code schemas/} and {@code routes/}
 */
public record Configuration(String hash, Map<String, byte[]> files, Map<String, Connector> connectors, Schemas schemas) {

    /**
     * Reads and compiles everything below {@code root}, reporting every problem it meets; usable only if there are
     * none.
     */
    public static Configuration read(Path root, Problems problems) {
        throw new UnsupportedOperationException();
    }

    public @Nullable Connector connector(String name) {
        return connectors.get(name);
    }
}
