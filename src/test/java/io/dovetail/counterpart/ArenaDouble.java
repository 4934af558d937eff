package io.dovetail.counterpart;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * As much of Arena's REST API as the hub speaks, in the words of its documentation: a log-in whose newest session alone
 * counts, the Event Engine's queue, a day's requests; and what goes wrong. One request at a time.
 */
public final class ArenaDouble implements AutoCloseable {

    public static final String INTEGRATION = "ARIN0000000000000001";

    private final AskedSystem system = AskedSystem.start();
    private final List<Queued> queue = new ArrayList<>();
    private final Map<String, String> changes = new HashMap<>();
    private int session;
    private int logins;
    private long left = 10_000;
    private boolean takesOff = true;
    private int most = 400;
    private @Nullable Behaviour nextReconciliation;
    private @Nullable String nextQueue;

    /** An event of the queue, about one kind of things. */
    private record Queued(String guid, String time, String kind, String place, TreeSet<String> things) {}

    public ArenaDouble() {
        system.decides(this::behaviour);
    }

    public Map<String, String> secrets() {
        return Map.of(
                "arena.host", "127.0.0.1:" + system.port(),
                "arena.user", "hub@pumps.example",
                "arena.password", "p\"w\\ä",
                "arena.workspace", "123456789",
                "arena.integration", INTEGRATION);
    }

    /** Shows it before all others, as Arena's documentation shows the newest. */
    public synchronized void queues(String guid, String time, String kind, String place, String... things) {
        queue.addFirst(new Queued(guid, time, kind, place, new TreeSet<>(List.of(things))));
    }

    public synchronized void showsTheOldestFirst() {
        Collections.reverse(queue);
    }

    public synchronized void showsAtATime(int events) {
        most = events;
    }

    /** As after 90 idle minutes, or when somebody else logs in by the same name. */
    public synchronized void endsTheSession() {
        session++;
    }

    public synchronized void allows(long requests) {
        left = requests;
    }

    /** Answers the next one so, and takes nothing off. */
    public synchronized void answersTheNextReconciliation(Behaviour how) {
        nextReconciliation = how;
    }

    /** Answers the next question for the queue so, whatever that is. */
    public synchronized void showsNext(String body) {
        nextQueue = body;
    }

    /** Though it says that it does. */
    public synchronized void takesNothingOff() {
        takesOff = false;
    }

    public synchronized void moves(String change, String status) {
        changes.put(change, status);
    }

    public synchronized int logins() {
        return logins;
    }

    public synchronized List<String> left() {
        return queue.stream().flatMap(event -> event.things.stream()).toList();
    }

    /** What it was asked, without log-ins. */
    public List<String> asked() {
        return system.seen().stream()
                .map(seen -> seen.method() + " " + seen.target() + (seen.body().isEmpty() ? "" : " " + seen.body()))
                .filter(line -> !line.contains("/login"))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        var uri = URI.create(seen.target());
        if (uri.getPath().equals("/v1/login")) {
            var login = Shop.tree(seen.body());
            if (!login.path("password").asText().equals("p\"w\\ä")
                    || login.path("workspaceId").asInt() != 123456789) {
                return answer(400, error(4001, "The username, password or workspace ID is not valid."));
            }
            logins++;
            session++;
            return answer(
                    200,
                    "{\"arena_session_id\":\"LABS-" + session
                            + "|\",\"workspaceId\":123456789,\"workspaceRequestLimit\":" + "10000}");
        }
        // whether successful or not
        left--;
        if (!("LABS-" + session + "|").equals(seen.header("arena_session_id"))) {
            return answer(401, error(20000, "User not authenticated."));
        }
        if (left < 0) {
            return answer(403, error(20099, "No requests are left."));
        }
        var place = uri.getPath().substring("/v1/".length()).split("/");
        if (place[0].equals("changes") && place[place.length - 1].equals("statuschanges")) {
            var tree = Shop.tree(seen.body());
            changes.put(tree.at("/change/guid").asText(), tree.path("status").asText());
            return answer(201, seen.body());
        }
        if (place[0].equals("changes") || place[0].equals("qualityprocesses")) {
            return answer(200, place.length == 3 ? items() : object(place[1]));
        }
        if (place.length == 3) {
            var body = nextQueue == null ? events(uri.getQuery()) : nextQueue;
            nextQueue = null;
            return answer(200, body);
        }
        var event = queue.stream()
                .filter(one -> one.guid.equals(place[3]) && one.place.equals(place[4]))
                .findFirst()
                .orElseThrow(() -> new AssertionError(seen.target()));
        if (seen.method().equals("GET")) {
            return answer(
                    200,
                    list(event.things.stream().map(guid -> thing(event, guid)).toList()));
        }
        if (nextReconciliation != null) {
            var how = nextReconciliation;
            nextReconciliation = null;
            return how;
        }
        if (!Shop.tree(seen.body()).path("reconciled").asBoolean()) {
            throw new AssertionError(seen.body());
        }
        if (takesOff) {
            event.things.remove(place[5]);
        }
        queue.removeIf(one -> one.things.isEmpty());
        return answer(200, thing(event, place[5]));
    }

    private String events(String query) {
        var offset =
                query.matches(".*offset=\\d+.*") ? Integer.parseInt(query.replaceAll(".*offset=(\\d+).*", "$1")) : 0;
        var shown = queue.stream()
                .skip(offset)
                .limit(most)
                .map(event -> """
                        {"creationDateTime":"%s","eventType":"OUTBOUND_EVENT","guid":"%s","resourcesReconciled":false,\
                        "status":"NEEDS_UPDATE","triggers":[{"action":"WORKFLOW","guid":"T","name":"t","resource":"%s"}]}""".formatted(event.time, event.guid, event.kind))
                .toList();
        return "{\"count\":" + queue.size() + ",\"results\":[" + String.join(",", shown) + "]}";
    }

    private String thing(Queued event, String guid) {
        return event.kind.equals("CHANGE")
                ? "{\"guid\":\"" + guid + "\",\"postEvent\":{\"lifecycleStatus\":{\"type\":\""
                        + changes.getOrDefault(guid, "EFFECTIVE")
                        + "\"}},\"preEvent\":{\"lifecycleStatus\":{\"type\":\"APPROVED\"}},\"reconciled\":false}"
                : "{\"guid\":\"" + guid + "\",\"postEvent\":{\"guid\":\"" + guid
                        + "\"},\"preEvent\":null,\"reconciled\":false}";
    }

    private String object(String guid) {
        return "{\"guid\":\"" + guid + "\",\"number\":\"ECO-" + guid + "\",\"lifecycleStatus\":{\"type\":\""
                + changes.getOrDefault(guid, "EFFECTIVE") + "\"}}";
    }

    private static String items() {
        return list(List.of("""
                {"guid":"I1","affectedItemRevision":{"number":"0000471","revisionNumber":"A"},"newRevisionNumber":"B",\
                "bomView":{"notes":null},"dispositionAttributes":[{"name":"WIP","value":null},{"name":"In Stock",\
                "value":"Rework"}]}"""));
    }

    private static String list(List<String> results) {
        return "{\"count\":" + results.size() + ",\"results\":[" + String.join(",", results) + "]}";
    }

    /** In Arena's words. */
    public static String error(int code, String message) {
        return "{\"status\":400,\"errors\":[{\"code\":" + code + ",\"message\":\"" + message + "\"}]}";
    }

    private Behaviour answer(int status, String body) {
        var reset = ZonedDateTime.now(ZoneId.of("America/Los_Angeles")).plusHours(10);
        return AskedSystem.json(
                status,
                body,
                "X-Arena-Requests-Remaining",
                String.valueOf(left),
                "X-Arena-Next-Request-Limit-Reset",
                DateTimeFormatter.ofPattern("EEE, dd-MMM-uuuu HH:mm:ss 'GMT'XX '(PDT)'", Locale.US)
                        .format(reset));
    }

    @Override
    public void close() {
        system.close();
    }
}
