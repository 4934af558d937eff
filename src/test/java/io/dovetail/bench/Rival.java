package io.dovetail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/**
 * A second connector that takes what {@code partner-api} takes, in a copy of the engineers' files, so that a bench may
 * change it.
 */
final class Rival {

    static final String NAME = "partner-rival";
    private static final String MAPPING = "mappings/order.jslt";

    private final Path root;
    private final Path folder;
    private final String description;

    private Rival(Path root) throws IOException {
        this.root = root;
        folder = root.resolve("connectors").resolve(NAME);
        var model = root.resolve("connectors/partner-api");
        FileSystemUtils.copyRecursively(model, folder);
        FileSystemUtils.deleteRecursively(folder.resolve("samples"));
        description = Files.readString(model.resolve("connector.yaml"))
                .replace("connector: partner-api\n", "connector: " + NAME + "\n");
        limit("");
    }

    /** @param root where to copy connectors/, routes/ and schemas/ to */
    static Rival in(Path root, Path original) throws IOException {
        for (var name : new String[] {"connectors", "routes", "schemas"}) {
            FileSystemUtils.deleteRecursively(root.resolve(name));
            FileSystemUtils.copyRecursively(original.resolve(name), root.resolve(name));
        }
        return new Rival(root);
    }

    Path root() {
        return root;
    }

    /** @param limits as connector.yaml has them; empty: none */
    void limit(String limits) throws IOException {
        Files.writeString(
                folder.resolve("connector.yaml"),
                limits.isEmpty()
                        ? description
                        : description.replace("    maxBytes:", "    limits: " + limits + "\n    maxBytes:"));
    }

    /** Every order is parked from the next start or reload on. */
    void breakMapping() throws IOException {
        Files.writeString(folder.resolve(MAPPING), "error(\"broken for the bench\")\n");
    }

    void mendMapping() throws IOException {
        Files.copy(
                root.resolve("connectors/partner-api").resolve(MAPPING),
                folder.resolve(MAPPING),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
