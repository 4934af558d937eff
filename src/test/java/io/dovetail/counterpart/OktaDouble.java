package io.dovetail.counterpart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Okta's System Log as it is polled: in the order in which it has taken events in, which is not that of their times, with
 * a token for the next page even at its end; and what goes wrong.
 */
public final class OktaDouble implements AutoCloseable {

    public static final String TOKEN = "00SSWS-t0k3n";

    private record Entry(String persisted, String json) {}

    private final AskedSystem system = AskedSystem.start().decides(this::behaviour);
    private final List<Entry> log = new CopyOnWriteArrayList<>();
    private final Queue<Behaviour> faults = new ConcurrentLinkedQueue<>();
    private volatile int repeated;

    public String host() {
        return "127.0.0.1:" + system.port();
    }

    /**
     * It takes an event in.
     *
     * @param persisted when, as ISO has it; {@code since} is held against this
     */
    public void has(String persisted, String json) {
        log.add(new Entry(persisted, json));
    }

    /** Of a user; {@code published} is when it happened. */
    public static String event(String uuid, String type, String user, String published) {
        return """
                {"actor":{"id":"00u2admin","type":"User","alternateId":"it.desk@halden.example","displayName":"IT Desk",\
                "detailEntry":null},"eventType":"%s","displayMessage":"as Okta says it","outcome":{"result":"SUCCESS",\
                "reason":null},"published":"%s","uuid":"%s","version":"0","severity":"INFO","target":[{"id":"%s",\
                "type":"User","alternateId":"%s@acme.example","displayName":"Mia Lund","detailEntry":null}],\
                "debugContext":{"debugData":{}}}""".formatted(type, published, uuid, user, user);
    }

    /** What the next requests are answered with instead, in their order. */
    public void does(Behaviour... instead) {
        faults.addAll(List.of(instead));
    }

    /** From now on each page begins with so many of the one before. */
    public void repeats(int events) {
        repeated = events;
    }

    /** Targets, as they came over the wire. */
    public List<String> asked() {
        return system.seen().stream().map(Seen::target).toList();
    }

    private Behaviour behaviour(Seen seen) {
        if (!("SSWS " + TOKEN).equals(seen.header("Authorization"))) {
            return error(401, "E0000011", "Invalid token provided");
        }
        var fault = faults.poll();
        if (fault != null) {
            return fault;
        }
        var uri = URI.create(seen.target());
        var query = query(uri.getRawQuery());
        if (!uri.getPath().equals("/api/v1/logs") || !"ASCENDING".equals(query.get("sortOrder"))) {
            return error(404, "E0000007", "Not found");
        }
        var after = query.get("after");
        if (after != null && !after.matches("\\d+_1")) {
            return error(400, "E0000031", "Invalid search criteria");
        }
        var begin = after == null ? first(query.get("since")) : Integer.parseInt(after.replace("_1", ""));
        var from = Math.max(0, begin - repeated);
        var to = Math.min(log.size(), begin + Integer.parseInt(query.get("limit")) - (begin - from));
        var page = "["
                + String.join(
                        ",", log.subList(from, to).stream().map(Entry::json).toList()) + "]";
        var self = "https://halden.okta.example" + seen.target();
        var next = self.replaceFirst("after=[^&]*&", "") + "&after=" + URLEncoder.encode(to + "_1", UTF_8);
        return AskedSystem.json(
                200, page, "Link", "<" + self + ">; rel=\"self\"", "Link", "<" + next + ">; rel=\"next\"");
    }

    private int first(String since) {
        for (var i = 0; i < log.size(); i++) {
            if (log.get(i).persisted().compareTo(since) >= 0) {
                return i;
            }
        }
        return log.size();
    }

    /** In Okta's words. */
    public static Behaviour error(int status, String code, String summary, String... headers) {
        return AskedSystem.json(
                status,
                "{\"errorCode\":\"" + code + "\",\"errorSummary\":\"" + summary + "\",\"errorLink\":\"" + code
                        + "\",\"errorId\":\"oae1\",\"errorCauses\":[]}",
                headers);
    }

    private static Map<String, String> query(String raw) {
        var query = new HashMap<String, String>();
        for (var pair : raw.split("&")) {
            var parts = pair.split("=", 2);
            query.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        system.close();
    }
}
