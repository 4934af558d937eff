package io.dovetail.counterpart;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Jira, as far as the hub reads from it: a search that knows minutes in the time zone of the account that asks, paged by a
 * token as Cloud's or by an offset as Data Center's, with change logs and comments.
 */
public final class JiraSearch implements AutoCloseable {

    private static final Pattern JQL =
            Pattern.compile("\\s*updated >= \"(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d)\" ORDER BY updated ASC, key ASC");
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSZ");

    private final AskedSystem system = AskedSystem.start().decides(this::behaviour);
    private final Map<String, ObjectNode> issues = new TreeMap<>();
    private final ZoneId zone;
    private final boolean isCloud;

    public JiraSearch(String zone, boolean isCloud) {
        this.zone = ZoneId.of(zone);
        this.isCloud = isCloud;
    }

    public Map<String, String> secrets() {
        return Map.of("jira.host", "127.0.0.1:" + system.port(), "jira.reader", "reader", "jira.reader-token", "t0k3n");
    }

    public String moment(String instant) {
        return MOMENT.format(Instant.parse(instant).atZone(zone));
    }

    public synchronized void made(int number, String instant, String by) {
        var issue = (ObjectNode)
                Shop.tree("""
                {"id": "%d", "key": "PUMP-%d", "self": "https://halden.atlassian.example/rest/api/2/issue/%d",
                 "fields": {"summary": "Pump %d", "status": {"name": "To Do", "statusCategory": {"key": "new"}},
                  "created": "%s", "creator": %s, "comment": {"comments": []}},
                 "changelog": {"histories": []}}
                """.formatted(10000 + number, number, 10000 + number, number, moment(instant), person(by)));
        issues.put(key(number), issue);
        touched(number, instant);
    }

    /** By what leaves no entry. */
    public synchronized void touched(int number, String instant) {
        ((ObjectNode) issues.get(key(number)).path("fields")).put("updated", moment(instant));
    }

    public synchronized void changed(int number, int entry, String instant, String by) {
        ((ArrayNode) issues.get(key(number)).at("/changelog/histories"))
                .insert(0, Shop.tree("""
                {"id": "%d", "author": %s, "created": "%s",
                 "items": [{"field": "status", "fromString": "To Do", "toString": "In Progress"}]}
                """.formatted(entry, person(by), moment(instant))));
        touched(number, instant);
    }

    public synchronized void commented(int number, int comment, String instant, String by) {
        ((ArrayNode) issues.get(key(number)).at("/fields/comment/comments"))
                .add(Shop.tree("""
                {"id": "%d", "author": %s, "updateAuthor": %s, "created": "%s", "updated": "%s", "body": "Seal replaced"}
                """.formatted(comment, person(by), person(by), moment(instant), moment(instant))));
        touched(number, instant);
    }

    private static String key(int number) {
        return "%05d".formatted(number);
    }

    private static String person(String name) {
        return "{\"accountId\": \"%s\", \"displayName\": \"%s\", \"avatarUrls\": {\"48x48\": \"https://x\"}}"
                .formatted(name, name);
    }

    /** What it was asked to search for, and from where on. */
    public List<String> searches() {
        return system.seen().stream()
                .filter(seen -> seen.target().contains("/search"))
                .map(seen -> query(seen.target()))
                .map(query -> query.get("jql").replaceAll(".*\"(.*)\".*", "$1 ")
                        + query.getOrDefault("startAt", query.getOrDefault("nextPageToken", "")))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        var pair = Base64.getEncoder().encodeToString("reader:t0k3n".getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + pair).equals(seen.header("Authorization"))) {
            return AskedSystem.text(401, "text/html", "<html>Log in</html>");
        }
        var path = URI.create(seen.target()).getPath();
        if (path.equals("/rest/api/2/myself")) {
            return AskedSystem.json(200, "{\"accountId\": \"reader\", \"timeZone\": \"" + zone + "\"}");
        }
        if (!path.equals(isCloud ? "/rest/api/2/search/jql" : "/rest/api/2/search")) {
            return AskedSystem.json(410, "{\"errorMessages\": [\"The requested API has been removed.\"]}");
        }
        return AskedSystem.json(200, page(query(seen.target())));
    }

    private String page(Map<String, String> query) {
        var jql = JQL.matcher(query.get("jql"));
        if (!jql.matches()) {
            throw new AssertionError(query.get("jql"));
        }
        // of an hour that comes twice, the later one
        var from = LocalDateTime.parse(jql.group(1), MINUTE)
                .atZone(zone)
                .withLaterOffsetAtOverlap()
                .toInstant();
        var found = issues.values().stream()
                .filter(issue -> !updated(issue).isBefore(from))
                .sorted(Comparator.comparing(JiraSearch::updated)
                        .thenComparing(issue -> issue.path("key").asText()))
                .toList();
        var most = Integer.parseInt(query.get("maxResults"));
        var start = Integer.parseInt(
                isCloud ? query.getOrDefault("nextPageToken", "t0").substring(1) : query.getOrDefault("startAt", "0"));
        var page = found.stream().skip(start).limit(most).toList();
        var isLast = start + page.size() >= found.size();
        return isCloud
                ? "{\"issues\": %s, \"isLast\": %s%s}"
                        .formatted(
                                page, isLast, isLast ? "" : ", \"nextPageToken\": \"t" + (start + page.size()) + "\"")
                : "{\"startAt\": %d, \"maxResults\": %d, \"total\": %d, \"issues\": %s}"
                        .formatted(start, most, found.size(), page);
    }

    private static Instant updated(ObjectNode issue) {
        return MOMENT.parse(issue.at("/fields/updated").asText(), Instant::from);
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
