package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists that the hub gives in pages, each with the {@code after} of the next. */
final class Pages {

    private Pages() {}

    /** @param query as {@link #query} makes it */
    static List<JsonNode> all(Api api, String path, String field, List<String> query) {
        var all = new ArrayList<JsonNode>();
        String after = null;
        do {
            var asked = new ArrayList<>(query);
            asked.addAll(query("after", after));
            var answer = api.get(path + (asked.isEmpty() ? "" : "?" + String.join("&", asked)));
            answer.path(field).forEach(all::add);
            var next = answer.path("next").asText("");
            // the same place again would never end
            after = next.isEmpty() || next.equals("null") || next.equals(after) ? null : next;
        } while (after != null);
        return all;
    }

    /** A parameter; none where there is no value. */
    static List<String> query(String name, @Nullable String value) {
        return value == null ? List.of() : List.of(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
