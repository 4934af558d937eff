package io.dovetail.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.flipkart.zjsonpatch.JsonDiff;
import io.dovetail.ledger.OutboxRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What is said of an event, and how that differs from what was said before. */
final class Differences {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Differences() {}

    /**
     * An event and its triggers as one tree, by what consumers go by: {@code type}, {@code subject}, {@code data}, and
     * {@code triggers} by workflow with {@code priority}, {@code due} and {@code approval}.
     *
     * @param rows the event first
     */
    static JsonNode tree(List<OutboxRow> rows) {
        var tree = JsonNodeFactory.instance.objectNode();
        var triggers = JsonNodeFactory.instance.objectNode();
        for (var row : rows) {
            var said = read(row.body());
            if (row.workflow() == null) {
                tree.set("type", said.path("type"));
                if (said.has("subject")) {
                    tree.set("subject", said.get("subject"));
                }
                tree.set("data", said.path("data"));
            } else {
                var data = said.path("data");
                var trigger = triggers.putObject(row.workflow());
                for (var field : List.of("priority", "due", "approval")) {
                    trigger.set(field, data.path(field));
                }
            }
        }
        tree.set("triggers", triggers);
        return tree;
    }

    /**
     * Kinds of difference, such as {@code replace /data/total/amount}; the places of array elements are {@code *}, so
     * that the same change of many lines is one kind.
     */
    static List<String> between(JsonNode then, JsonNode now) {
        var kinds = new TreeSet<String>();
        for (var change : JsonDiff.asJson(then, now)) {
            kinds.add(change.path("op").asText() + " "
                    + change.path("path").asText().replaceAll("/\\d+(?=/|$)", "/*"));
        }
        return new ArrayList<>(kinds);
    }

    private static JsonNode read(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the hub wrote it
        }
    }
}
