package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command is run.
 *
 * @param root the folder with connectors/, routes/ and schemas/
 * @param data the hub's data directory, unless a command is told another
 * @param environment the environment variables
 * @param prompt asks whoever sits there
 */
record Workplace(Path root, Path data, Map<String, String> environment, Prompt prompt) {

    /** The launcher knows where the checkout is, and says so by the system properties hub.root and hub.data. */
    static Workplace here() {
        var environment = System.getenv();
        return new Workplace(
                Path.of(System.getProperty("hub.root", environment.getOrDefault("HUB_ROOT", "")))
                        .toAbsolutePath(),
                Path.of(System.getProperty("hub.data", environment.getOrDefault("HUB_DATA", "data"))),
                environment,
                new Tty());
    }

    Path data(@Nullable Path given) {
        return given != null ? given : data;
    }

    /** What the running hub wrote of itself; missing when none has. */
    JsonNode run(@Nullable Path data) {
        var file = data(data).resolve("run.json");
        try {
            return Files.exists(file) ? new ObjectMapper().readTree(file.toFile()) : MissingNode.getInstance();
        } catch (IOException e) {
            throw new NotDoneException(file + " cannot be read: " + e.getMessage());
        }
    }

    /** Where the hub that uses this data directory listens, or would by default. */
    String url(@Nullable String given, @Nullable Path data) {
        var url = given != null ? given : run(data).path("url").asText("http://127.0.0.1:8080");
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    Path secrets(@Nullable Path given, @Nullable Path data) {
        if (given != null) {
            return given;
        }
        var named = environment.get("HUB_SECRETS");
        if (named != null) {
            return Path.of(named);
        }
        var run = run(data).path("secrets").asText("");
        return run.isEmpty() ? data(data).resolve("secrets") : Path.of(run);
    }
}
