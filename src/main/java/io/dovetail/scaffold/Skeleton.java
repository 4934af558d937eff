package io.dovetail.scaffold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A connector to begin with: tickets of a made-up system, JSON, signed by HMAC. Its templates are resources. */
public final class Skeleton {

    private static final List<String> FOLDER = List.of(
            "README.md",
            "connector.yaml",
            "mappings/ticket-opened.jslt",
            "samples/opened/delivery.json",
            "samples/opened/events.json",
            "samples/unknown-kind/delivery.json",
            "samples/unknown-kind/parked.txt",
            "samples/without-id/delivery.json",
            "samples/without-id/parked.txt",
            "samples/malformed/delivery.json",
            "samples/malformed/refused.txt");

    private Skeleton() {}

    /** Its files by their paths below the root. */
    public static Map<String, byte[]> files(String name) {
        var files = new LinkedHashMap<String, byte[]>();
        FOLDER.forEach(file -> files.put("connectors/" + name + "/" + file, bytes(file, name)));
        var schema = "ticket-opened.v1.schema.json";
        files.put("schemas/" + name + "/" + schema, bytes(schema, name));
        return files;
    }

    private static byte[] bytes(String resource, String name) {
        var path = "skeleton/" + resource;
        try (var template = Objects.requireNonNull(Skeleton.class.getResourceAsStream(path), path)) {
            var text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
            return text.replace("${name}", name)
                    .replace("${title}", Names.title(name))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
