package io.dovetail.counterpart;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * ServiceNow's Table API, as far as the hub reads incidents from it: encoded queries with {@code ^NQ}, pages that are cut
 * without a word, records that a reader may not see but that are counted, answers that break off inside a success.
 */
public final class TableApi implements AutoCloseable {

    private static final Pattern TERM = Pattern.compile("(\\w+)(>=|=|>)(.*)");

    private final AskedSystem system = AskedSystem.start().decides(this::behaviour);
    private final Map<String, ObjectNode> records = new HashMap<>();
    private final Set<String> hidden = new HashSet<>();
    private int cut = Integer.MAX_VALUE;
    private int breaking = Integer.MAX_VALUE;
    private String brokenOff = "";
    private boolean counts = true;
    private boolean sorts = true;

    public Map<String, String> secrets() {
        return Map.of(
                "servicenow.host",
                "127.0.0.1:" + system.port(),
                "servicenow.reader",
                "dovetail.reader",
                "servicenow.reader-password",
                "pw");
    }

    /** An incident as it is now. */
    public synchronized void has(int number, String created, String updated, int modifications, String by) {
        var id = "46f09e75a9fe198800000000000%05d".formatted(number);
        records.put(id, (ObjectNode) Shop.tree("""
                {"sys_id": "%s", "number": "INC%07d", "sys_mod_count": "%d", "sys_class_name": "incident",
                 "short_description": "Pump %d loses pressure", "state": "2", "priority": "3", "assigned_to": "",
                 "sys_created_on": "%s", "sys_created_by": "mia", "sys_updated_on": "%s", "sys_updated_by": "%s"}
                """.formatted(id, number, modifications, number, created, updated, by)));
    }

    /** From the reader, by an access rule: after the page was made, and counted all the same. */
    public synchronized void hides(int number) {
        hidden.add("46f09e75a9fe198800000000000%05d".formatted(number));
    }

    /** Gives no more than so many, whatever it is asked for. */
    public synchronized void cutsAt(int most) {
        cut = most;
    }

    /** Says with status 200, for more than so many, the beginning of an answer and then this. */
    public synchronized void breaksOffAbove(int most, String end) {
        breaking = most;
        brokenOff = end;
    }

    public synchronized void countsNothing() {
        counts = false;
    }

    public synchronized void sortsNothing() {
        sorts = false;
    }

    /** The queries that it was asked, with limit and offset. */
    public List<String> asked() {
        return system.seen().stream()
                .map(seen -> query(seen.target()))
                .map(query -> query.get("sysparm_query") + " " + query.get("sysparm_limit") + "+"
                        + query.get("sysparm_offset"))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        var pair = Base64.getEncoder().encodeToString("dovetail.reader:pw".getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + pair).equals(seen.header("Authorization"))) {
            return AskedSystem.json(
                    401, "{\"error\": {\"message\": \"User Not Authenticated\"}, \"status\": \"failure\"}");
        }
        if (!URI.create(seen.target()).getPath().equals("/api/now/table/incident")) {
            return AskedSystem.json(400, "{\"error\": {\"message\": \"Invalid table\"}, \"status\": \"failure\"}");
        }
        var query = query(seen.target());
        var limit = Math.min(cut, Integer.parseInt(query.get("sysparm_limit")));
        var offset = Integer.parseInt(query.get("sysparm_offset"));
        var found = found(query.get("sysparm_query"));
        var page = found.stream()
                .skip(offset)
                .limit(limit)
                .filter(row -> !hidden.contains(row.path("sys_id").asText()))
                .map(row -> shown(row, List.of(query.get("sysparm_fields").split(","))))
                .toList()
                .toString();
        if (limit > breaking) {
            return AskedSystem.json(200, "{\"result\":" + page.substring(0, page.length() - 1) + brokenOff);
        }
        var link = offset + limit < found.size()
                ? "<https://x/api/now/table/incident?sysparm_offset=2>;rel=\"next\""
                : "x";
        return counts
                ? AskedSystem.json(200, "{\"result\":" + page + "}", "X-Total-Count", "" + found.size(), "Link", link)
                : AskedSystem.json(200, "{\"result\":" + page + "}");
    }

    private List<ObjectNode> found(String encoded) {
        var order = new ArrayList<String>();
        var alternatives = new ArrayList<List<String>>();
        for (var alternative : encoded.split("\\^NQ")) {
            var terms = new ArrayList<String>();
            for (var term : alternative.split("\\^")) {
                if (term.startsWith("ORDERBY")) {
                    order.add(term.substring("ORDERBY".length()));
                } else {
                    terms.add(term);
                }
            }
            alternatives.add(terms);
        }
        var by = order.stream()
                .map(field ->
                        Comparator.comparing((ObjectNode row) -> row.path(field).asText()))
                .reduce(Comparator::thenComparing)
                .orElseThrow();
        return records.values().stream()
                .filter(row ->
                        alternatives.stream().anyMatch(terms -> terms.stream().allMatch(term -> holds(row, term))))
                .sorted(sorts ? by : by.reversed())
                .toList();
    }

    private static boolean holds(ObjectNode row, String term) {
        var parts = TERM.matcher(term);
        if (!parts.matches()) {
            throw new AssertionError(term);
        }
        var compared = row.path(parts.group(1)).asText().compareTo(parts.group(3));
        return switch (parts.group(2)) {
            case ">" -> compared > 0;
            case ">=" -> compared >= 0;
            default -> compared == 0;
        };
    }

    /** As with {@code sysparm_display_value=all}. */
    private static ObjectNode shown(ObjectNode row, List<String> fields) {
        var shown = row.objectNode();
        for (var field : fields) {
            var value = row.path(field).asText();
            shown.putObject(field)
                    .put("display_value", field.equals("state") && value.equals("2") ? "In Progress" : value)
                    .put("value", value);
        }
        return shown;
    }

    private static Map<String, String> query(String target) {
        var query = new HashMap<String, String>();
        Arrays.stream(URI.create(target).getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return query;
    }

    @Override
    public void close() {
        system.close();
    }
}
