package io.dovetail.counterpart;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ServiceNow's Table API, as far as the hub writes by it: incidents that are found by a correlation id, values that are
 * all texts, notes that only a display value has; a table without a correlation id, of whose queries it takes no notice;
 * and what goes wrong. One request at a time.
 */
public final class ServiceNowDouble implements AutoCloseable {

    private static final Pattern TABLE = Pattern.compile("/api/now/table/(\\w+)(?:/(\\w+))?");

    private final AskedSystem system = AskedSystem.start();
    private final Map<String, ObjectNode> records = new LinkedHashMap<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private boolean losesAnswer;
    private @Nullable Behaviour refusal;

    public ServiceNowDouble() {
        system.decides(this::behaviour);
    }

    /** What the hub needs to know of it. */
    public Map<String, String> secrets() {
        return Map.of(
                "servicenow.host",
                "127.0.0.1:" + system.port(),
                "servicenow.user",
                "dovetail",
                "servicenow.password",
                "pw");
    }

    /** Does what the next change says, and breaks the connection off instead of saying so. */
    public void losesTheNextAnswer() {
        losesAnswer = true;
    }

    /** Answers the next change with this, and does nothing. */
    public void refusesTheNextChange(Behaviour how) {
        refusal = how;
    }

    /** Under its sys_id. */
    public ObjectNode has(String id, String fields) {
        var record = (ObjectNode) Shop.tree(fields);
        records.put(id, record.put("sys_id", id));
        return record;
    }

    public Map<String, ObjectNode> records() {
        return records;
    }

    public String notes(String id) {
        return notes.getOrDefault(id, "");
    }

    /** The changes that it was asked for, whatever became of them. */
    public List<Seen> changes() {
        return system.seen().stream()
                .filter(seen -> !seen.method().equals("GET"))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        if (!seen.isFrom("dovetail:pw")) {
            return AskedSystem.json(401, error("User Not Authenticated"));
        }
        var place = TABLE.matcher(URI.create(seen.target()).getPath());
        if (!place.matches()) {
            throw new AssertionError(seen.target());
        }
        var id = place.group(2);
        if (id != null && !records.containsKey(id)) {
            return AskedSystem.json(404, error("No Record found"));
        }
        if (seen.method().equals("GET")) {
            var query = S4.query(seen.target().split("\\?")[1]);
            return AskedSystem.json(
                    200, "{\"result\": " + (id == null ? found(place.group(1), query) : shown(id, query)) + "}");
        }
        if (refusal != null) {
            var how = refusal;
            refusal = null;
            return how;
        }
        var done = id == null ? made(seen.body()) : changed(id, (ObjectNode) Shop.tree(seen.body()));
        if (losesAnswer) {
            losesAnswer = false;
            return exchange -> exchange.close();
        }
        return done;
    }

    private String found(String table, Map<String, String> query) {
        var isKnown = table.equals("incident");
        return records.values().stream()
                .filter(record -> !isKnown
                        || ("correlation_id=" + record.path("correlation_id").asText())
                                .equals(query.get("sysparm_query")))
                .map(record -> "{\"sys_id\": \"" + record.path("sys_id").asText() + "\""
                        + (isKnown ? ", \"correlation_id\": " + record.path("correlation_id") : "") + "}")
                .limit(Integer.parseInt(query.get("sysparm_limit")))
                .toList()
                .toString();
    }

    private String shown(String id, Map<String, String> query) {
        var record = records.get(id).deepCopy();
        record.put("work_notes", query.get("sysparm_display_value").equals("true") ? notes(id) : "");
        return record.toString();
    }

    private Behaviour made(String fields) {
        var id = "46f09e75a9fe19880000000000000%03d".formatted(records.size() + 1);
        return AskedSystem.json(201, "{\"result\": " + has(id, fields) + "}");
    }

    private Behaviour changed(String id, ObjectNode fields) {
        var note = fields.remove("work_notes");
        if (note != null) {
            notes.merge(
                    id,
                    "2026-05-01 12:00:00 - Dovetail (Work notes)\n" + note.asText() + "\n\n",
                    (old, text) -> text + old);
        }
        records.get(id).setAll(fields);
        return AskedSystem.json(200, "{\"result\": " + records.get(id) + "}");
    }

    /** In the words of the Table API. */
    public static String error(String message) {
        return "{\"error\": {\"message\": \"" + message + "\", \"detail\": null}, \"status\": \"failure\"}";
    }

    @Override
    public void close() {
        system.close();
    }
}
