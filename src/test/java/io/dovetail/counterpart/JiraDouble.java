package io.dovetail.counterpart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
 * Jira Cloud, as far as the hub writes to it: issues with labels that are searched for, comments and properties that are
 * set by one edit, and a workflow of three statuses; and what goes wrong. One request at a time.
 */
public final class JiraDouble implements AutoCloseable {

    private static final String API = "/rest/api/2/";
    private static final Pattern JQL = Pattern.compile("labels = \"([\\w-]+)\" AND creator = currentUser\\(\\)");
    private static final Pattern ISSUE = Pattern.compile(API + "issue/([A-Z]+-\\d+)(/transitions)?");

    /** From each status to the next. */
    private static final List<String> WORKFLOW = List.of("To Do", "In Progress", "Done");

    private final AskedSystem system = AskedSystem.start();
    private final Map<String, ObjectNode> issues = new LinkedHashMap<>();
    private boolean losesAnswer;
    private @Nullable Behaviour refusal;

    public JiraDouble() {
        system.decides(this::behaviour);
    }

    /** What the hub needs to know of it. */
    public Map<String, String> secrets() {
        return Map.of("jira.host", "127.0.0.1:" + system.port(), "jira.user", "hub@example.com", "jira.token", "t0k3n");
    }

    /** An issue that somebody else has made. */
    public void has(String key, String... labels) {
        var issue = Shop.tree("{\"fields\": {\"labels\": [], \"status\": {\"name\": \"To Do\"}},"
                + " \"properties\": {}, \"comments\": []}");
        for (var label : labels) {
            ((ArrayNode) issue.at("/fields/labels")).add(label);
        }
        issues.put(key, (ObjectNode) issue);
    }

    /** Does what the next change says, and breaks the connection off instead of saying so. */
    public void losesTheNextAnswer() {
        losesAnswer = true;
    }

    /** Answers the next change with this, and does nothing. */
    public void refusesTheNextChange(Behaviour how) {
        refusal = how;
    }

    public Map<String, ObjectNode> issues() {
        return issues;
    }

    public List<String> comments(String key) {
        return issues.get(key)
                .path("comments")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    public String status(String key) {
        return issues.get(key).at("/fields/status/name").asText();
    }

    /** As somebody does it at a screen. */
    public void moves(String key, String status) {
        ((ObjectNode) issues.get(key).at("/fields/status")).put("name", status);
    }

    /** The changes that it was asked for, whatever became of them. */
    public List<Seen> changes() {
        return system.seen().stream()
                .filter(seen -> !seen.method().equals("GET"))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        if (!seen.isFrom("hub@example.com:t0k3n")) {
            return AskedSystem.text(401, "text/html", "<html>Log in</html>");
        }
        var path = URI.create(seen.target()).getPath();
        var issue = ISSUE.matcher(path);
        if (seen.method().equals("GET")) {
            if (path.equals(API + "search/jql")) {
                return AskedSystem.json(200, found(S4.query(seen.target().split("\\?")[1])));
            }
            return issue.matches() && issues.containsKey(issue.group(1))
                    ? AskedSystem.json(200, shown(issue.group(1), issue.group(2) != null))
                    : AskedSystem.json(404, error("Issue does not exist or you do not have permission to see it."));
        }
        if (refusal != null) {
            var how = refusal;
            refusal = null;
            return how;
        }
        var tree = Shop.tree(seen.body());
        var done = path.equals(API + "issue") ? made(tree) : changed(issue.matches() ? issue.group(1) : "", tree);
        if (losesAnswer) {
            losesAnswer = false;
            return exchange -> exchange.close();
        }
        return done;
    }

    private String found(Map<String, String> query) {
        var jql = JQL.matcher(query.get("jql"));
        if (!jql.matches()) {
            throw new AssertionError(query.get("jql"));
        }
        var keys = issues.entrySet().stream()
                .filter(issue -> issue.getValue().path("mine").asBoolean())
                .filter(issue -> issue.getValue()
                        .at("/fields/labels")
                        .valueStream()
                        .anyMatch(label -> label.asText().equals(jql.group(1))))
                .map(issue -> "{\"id\": \"1\", \"key\": \"" + issue.getKey() + "\"}")
                .toList();
        return "{\"issues\": [" + String.join(",", keys) + "], \"isLast\": true}";
    }

    private String shown(String key, boolean transitions) {
        if (!transitions) {
            return "{\"key\": \"" + key + "\", \"fields\": " + issues.get(key).path("fields") + ", \"properties\": "
                    + issues.get(key).path("properties") + "}";
        }
        var next = WORKFLOW.indexOf(status(key)) + 1;
        return next == WORKFLOW.size()
                ? "{\"transitions\": []}"
                : "{\"transitions\": [{\"id\": \"" + next + "1\", \"name\": \"Go\", \"to\": {\"name\": \""
                        + WORKFLOW.get(next) + "\"}}]}";
    }

    private Behaviour made(JsonNode tree) {
        var key = "PUMP-" + (issues.size() + 1);
        has(key);
        var issue = issues.get(key).put("mine", true);
        ((ObjectNode) issue.path("fields")).setAll((ObjectNode) tree.path("fields"));
        return AskedSystem.json(201, "{\"id\": \"1000" + issues.size() + "\", \"key\": \"" + key + "\"}");
    }

    private Behaviour changed(String key, JsonNode tree) {
        var issue = issues.get(key);
        var comment = tree.at("/update/comment/0/add/body");
        var transition = tree.at("/transition/id").asText("");
        if (!transition.isEmpty()) {
            moves(key, WORKFLOW.get(Integer.parseInt(transition) / 10));
        }
        if (comment.isTextual()) {
            ((ArrayNode) issue.path("comments")).add(comment);
        }
        tree.path("properties")
                .forEach(property -> ((ObjectNode) issue.path("properties"))
                        .set(property.path("key").asText(), property.path("value")));
        return AskedSystem.json(204, "");
    }

    /** In Jira's words. */
    public static String error(String message) {
        return "{\"errorMessages\": [\"" + message + "\"], \"errors\": {}}";
    }

    @Override
    public void close() {
        system.close();
    }
}
