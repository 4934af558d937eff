package io.dovetail.connector.verify;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Signatures that a vendor or a standard has published, with those that must not be taken. */
record PublishedVectors(String secret, List<JsonNode> vectors) {

    private static final Path FOLDER = Path.of("../shared/payloads");

    /** Where the folder is not, the test that asks is skipped, and says so. */
    static PublishedVectors read(String name) throws IOException {
        var file = FOLDER.resolve(name);
        assumeTrue(Files.exists(file), file + " is not here");
        var all = new ObjectMapper().readTree(file.toFile());
        // a body in a file of its own does not come with them
        var vectors = StreamSupport.stream(all.path("vectors").spliterator(), false)
                .filter(vector -> vector.has("body"))
                .toList();
        return new PublishedVectors(all.path("secret").asText(), vectors);
    }

    /** Headers of a vector, by the name of its field; null is a header that is missing. */
    static String[] headers(JsonNode vector, Map<String, String> names) {
        return names.entrySet().stream()
                .filter(name -> vector.path(name.getKey()).isTextual())
                .map(name -> name.getValue() + ": " + vector.path(name.getKey()).asText())
                .toArray(String[]::new);
    }
}
