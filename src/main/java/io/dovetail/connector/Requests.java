package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What requests with deliveries look like, beside the plain {@code POST /in/<connector>}.
 *
 * @param put whether a {@code PUT} brings one, too
 * @param path what the address may have behind the connector's name; null: nothing
 * @param headers those that must be there, and of which form they are
 */
public record Requests(boolean put, @Nullable String path, Map<String, Pattern> headers) {

    /** The plain one alone. */
    public static final Requests PLAIN = new Requests(false, null, Map.of());

    static Requests read(JsonNode requests) {
        var headers = new LinkedHashMap<String, Pattern>();
        requests.path("headers")
                .properties()
                .forEach(header -> headers.put(
                        header.getKey(), Pattern.compile(header.getValue().asText())));
        return new Requests(
                requests.path("put").asBoolean(false),
                requests.path("path").textValue(),
                Collections.unmodifiableMap(headers));
    }
}
