package io.dovetail.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.connector.Configuration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The catalogue of a configuration, as files: the same ones from the same configuration, wherever and whenever. */
public final class Catalogue {

    /** What pages of types are called, in the folder {@code events}. */
    private static final String PAGE = "[a-z-]+\\.[a-z-]+\\.v\\d+\\.html";

    private final Map<String, String> files = new TreeMap<>();
    private final Language language;

    private Catalogue(Configuration configuration, Path root) {
        language = Language.of(configuration, root);
        files.put("asyncapi.json", json(AsyncApi.of(configuration, language)));
        files.put("openapi.json", json(OpenApi.of(configuration)));
        var pages = new Pages(configuration, language);
        files.put("index.html", pages.index());
        language.words().forEach(word -> files.put("events/" + word.type() + ".html", pages.of(word)));
    }

    /** @param root of the files that the configuration, which must have no problems, was read from: for its samples */
    public static Catalogue of(Configuration configuration, Path root) {
        return new Catalogue(configuration, root);
    }

    /** By path. */
    Map<String, String> files() {
        return files;
    }

    /** How many types of events there are. */
    public int types() {
        return language.words().size();
    }

    /** How many of them some connector emits. */
    public long said() {
        return language.words().stream()
                .filter(word -> !word.sayings().isEmpty())
                .count();
    }

    /** Writes the files below a folder, and takes away the pages of types that there are no more. */
    public void write(Path folder) throws IOException {
        var events = Files.createDirectories(folder.resolve("events"));
        for (var file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
        }
        try (var pages = Files.list(events)) {
            for (var page : pages.toList()) {
                var name = page.getFileName().toString();
                if (name.matches(PAGE) && !files.containsKey("events/" + name)) {
                    Files.delete(page);
                }
            }
        }
    }

    private static String json(JsonNode document) {
        // the line ends of this machine are not to be seen in it
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            return new ObjectMapper().writer(printer).writeValueAsString(document) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
