package io.dovetail.counterpart;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Salesforce's REST interface, as far as the hub writes by it: tokens of a client, records by an external id, composites that
 * are answered with 200 whatever became of them; and what goes wrong. One request at a time.
 */
public final class SalesforceDouble implements AutoCloseable {

    private static final Pattern RECORD = Pattern.compile("/services/data/v62\\.0/sobjects/(\\w+/\\w+/[A-Za-z0-9_-]+)");

    private final AskedSystem system = AskedSystem.start();
    private final Map<String, ObjectNode> records = new LinkedHashMap<>();
    private int tokens;
    private boolean losesAnswer;
    private @Nullable Behaviour refusal;
    private @Nullable String refusedRecord;
    private String refusedWith = "";

    public SalesforceDouble() {
        system.decides(this::behaviour);
    }

    /** What the hub needs to know of it. */
    public Map<String, String> secrets() {
        return Map.of(
                "salesforce.host",
                "127.0.0.1:" + system.port(),
                "salesforce.client",
                "dovetail",
                "salesforce.client-secret",
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

    /** Of composites, until it is told otherwise. */
    public void refusesIn(@Nullable String record, String errorCode) {
        refusedRecord = record;
        refusedWith = errorCode;
    }

    /** All sessions end. */
    public void endsItsSessions() {
        tokens += 1_000;
    }

    public int tokensGiven() {
        return tokens % 1_000;
    }

    /** As {@code Account/Number__c/4711}. */
    public Map<String, ObjectNode> records() {
        return records;
    }

    /** The changes that it was asked for, whatever became of them. */
    public List<Seen> changes() {
        return system.seen().stream()
                .filter(seen -> !seen.method().equals("GET") && !seen.target().endsWith("/token"))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        if (seen.target().equals("/services/oauth2/token")) {
            if (!seen.isFrom("dovetail:pw")) {
                return AskedSystem.json(400, "{\"error\":\"invalid_client\"}");
            }
            tokens++;
            // it does not say for how long
            return AskedSystem.json(200, "{\"access_token\":\"00D!" + tokens + "\",\"token_type\":\"Bearer\"}");
        }
        if (!("Bearer 00D!" + tokens).equals(seen.header("Authorization"))) {
            return AskedSystem.json(401, error("INVALID_SESSION_ID"));
        }
        if (seen.method().equals("GET")) {
            var record = records.get(key(seen.target()));
            return record == null
                    ? AskedSystem.json(404, error("NOT_FOUND"))
                    : AskedSystem.json(200, record.toString());
        }
        if (refusal != null) {
            var how = refusal;
            refusal = null;
            return how;
        }
        if (!"client=dovetail".equals(seen.header("Sforce-Call-Options"))) {
            throw new AssertionError("the change would come back as somebody else's");
        }
        var done = seen.target().endsWith("/composite")
                ? composite(seen.body())
                : changed(key(seen.target()), seen.body());
        if (losesAnswer) {
            losesAnswer = false;
            return exchange -> exchange.close();
        }
        return done;
    }

    private static String key(String target) {
        var place = RECORD.matcher(URI.create(target).getPath());
        if (!place.matches()) {
            throw new AssertionError(target);
        }
        return place.group(1);
    }

    private Behaviour changed(String key, String fields) {
        var isNew = !records.containsKey(key);
        var record = set(key, (ObjectNode) Shop.tree(fields));
        return AskedSystem.json(
                isNew ? 201 : 200,
                "{\"id\":%s,\"success\":true,\"errors\":[],\"created\":%s}".formatted(record.get("Id"), isNew));
    }

    private ObjectNode set(String key, ObjectNode fields) {
        var record = records.computeIfAbsent(
                key,
                k -> ((ObjectNode) Shop.tree("{}")).put("Id", "001000000000%03dAAA".formatted(records.size() + 1)));
        record.setAll(fields);
        return record;
    }

    private Behaviour composite(String body) {
        var request = Shop.tree(body);
        if (!request.path("allOrNone").asBoolean()) {
            throw new AssertionError("some could be made and others not");
        }
        var answers = new ArrayList<String>();
        var isRefused = refusedRecord != null && body.contains(refusedRecord);
        for (var one : request.path("compositeRequest")) {
            var key = key(one.path("url").asText());
            var isIt = isRefused && key.endsWith("/" + refusedRecord);
            var answer = isRefused
                    ? error(isIt ? refusedWith : "PROCESSING_HALTED")
                    : "{\"id\":%s,\"success\":true,\"errors\":[],\"created\":true}"
                            .formatted(set(key, (ObjectNode) one.path("body")).get("Id"));
            answers.add("{\"body\":%s,\"httpHeaders\":{},\"httpStatusCode\":%d,\"referenceId\":%s}"
                    .formatted(answer, isRefused ? 400 : 201, one.path("referenceId")));
        }
        return AskedSystem.json(200, "{\"compositeResponse\":" + answers + "}");
    }

    /** In the words of the REST interface. */
    public static String error(String code) {
        return "[{\"message\":\"in other words\",\"errorCode\":\"" + code + "\"}]";
    }

    @Override
    public void close() {
        system.close();
    }
}
