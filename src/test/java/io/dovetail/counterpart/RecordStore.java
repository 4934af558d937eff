package io.dovetail.counterpart;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A learning record store, as far as it is read: statements by the time at which they were stored, pages of two with a way on
 * that it knows for a while, the time for which it vouches; and what goes wrong.
 */
public final class RecordStore implements AutoCloseable {

    private record Statement(String id, String stored, String more) {

        String json() {
            return "{\"id\":\"%s\",\"stored\":\"%s\"%s}".formatted(id, stored, more);
        }
    }

    private final AskedSystem system = AskedSystem.start();
    private final List<Statement> statements = new ArrayList<>();
    private final Map<String, List<Statement>> ways = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private @Nullable String through;
    private @Nullable Behaviour trouble;
    private String host = "";
    private Runnable between = () -> {};

    public RecordStore() {
        system.decides(this::behaviour);
    }

    public String host() {
        return "127.0.0.1:" + system.port();
    }

    public RecordStore has(String id, String stored) {
        return has(id, stored, "");
    }

    /** @param more further members, with a comma before each */
    public RecordStore has(String id, String stored, String more) {
        statements.add(new Statement(id, stored, more));
        return this;
    }

    /** A voided statement is shown no more. */
    public void voids(String id) {
        statements.removeIf(statement -> statement.id.equals(id));
    }

    /** Up to when it shows all; null: it does not say. */
    public void vouchesUntil(@Nullable String time) {
        through = time;
    }

    /** All ways on that it has named lead nowhere from now on. */
    public void forgetsItsWays() {
        ways.clear();
    }

    /** Names ways on with a host, from now on. */
    public void namesHost(String name) {
        host = name;
    }

    /** Answers everything with this, from now on. */
    public void answers(@Nullable Behaviour how) {
        trouble = how;
    }

    /** Happens once, behind the first page. */
    public void behindTheFirstPage(Runnable what) {
        between = what;
    }

    public List<String> asked() {
        return asked;
    }

    private synchronized Behaviour behaviour(Seen seen) {
        asked.add(seen.target());
        if (!"1.0.3".equals(seen.header("X-Experience-API-Version"))) {
            return AskedSystem.json(400, "{}");
        }
        if (!"Basic a2V5OnNlY3JldA==".equals(seen.header("Authorization"))) {
            return AskedSystem.json(401, "{}");
        }
        if (trouble != null) {
            return trouble;
        }
        if (seen.target().startsWith("/xapi/statements?more=")) {
            var rest = ways.get(seen.target());
            return rest == null ? AskedSystem.json(404, "{}") : page(rest);
        }
        var query = new HashMap<String, String>();
        for (var pair : seen.target().split("\\?", 2)[1].split("&")) {
            query.put(pair.split("=")[0], URLDecoder.decode(pair.split("=")[1], StandardCharsets.UTF_8));
        }
        if (!"true".equals(query.get("ascending"))) {
            throw new AssertionError("the newest would come first");
        }
        return page(statements.stream()
                .filter(statement -> key(statement.stored).compareTo(key(query.get("since"))) > 0)
                .sorted(Comparator.comparing(statement -> key(statement.stored)))
                .toList());
    }

    private static String key(String time) {
        var digits = time.replace("Z", "").replace(".", "");
        return digits + "0".repeat(Math.max(0, 30 - digits.length()));
    }

    private Behaviour page(List<Statement> found) {
        var page = found.subList(0, Math.min(2, found.size()));
        var rest = found.subList(page.size(), found.size());
        var way = rest.isEmpty() ? "" : "/xapi/statements?more=" + asked.size() + "%2Fx&limit=2";
        ways.put(way, List.copyOf(rest));
        var body = "{\"statements\":%s,\"more\":\"%s\"}"
                .formatted(page.stream().map(Statement::json).toList(), way.isEmpty() ? "" : host + way);
        var answer = through == null
                ? AskedSystem.json(200, body)
                : AskedSystem.json(200, body, "X-Experience-API-Consistent-Through", through);
        between.run();
        between = () -> {};
        return answer;
    }

    @Override
    public void close() {
        system.close();
    }
}
