package io.dovetail.camel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The hub's own Kamelets and the default translation, as they are in this checkout; nothing of any connector. */
public final class HubFiles {

    private HubFiles() {}

    public static Map<String, byte[]> read() {
        var files = new TreeMap<String, byte[]>();
        try (var kamelets = Files.list(Path.of("connectors/hub"))) {
            for (var kamelet :
                    kamelets.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                files.put("connectors/hub/" + kamelet.getFileName(), Files.readAllBytes(kamelet));
            }
            files.put(
                    "routes/translate/default.camel.yaml",
                    text("routes/translate/default.camel.yaml").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    static String text(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
