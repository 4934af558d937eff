package io.dovetail.counterpart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * As much of Windchill REST Services as the hub speaks, in the words of PTC's help: change notices whose ID is another
 * one with each iteration, pages by a token, days instead of moments unless asked otherwise, a nonce that belongs to a
 * session; and what goes wrong. One request at a time.
 */
public final class WindchillDouble implements AutoCloseable {

    private static final String BASE = "/Windchill/servlet/odata/";
    private static final Pattern FILTER = Pattern.compile("LastModified ge (\\S+Z)");
    private static final Pattern BY_NUMBER = Pattern.compile("Number eq '(.*)'");
    private static final Pattern SET_STATE =
            Pattern.compile("ChangeMgmt/ChangeNotices\\('(OR:[^']+)'\\)/PTC.ChangeMgmt.SetState");

    private final AskedSystem system = AskedSystem.start();
    private final Map<String, Notice> notices = new LinkedHashMap<>();
    private int iterations = 234_000;
    private int nonce;
    private int nonces;
    private boolean turnsResults;
    private @Nullable Behaviour next;

    private record Notice(String id, String number, String state, Instant modified) {}

    public WindchillDouble() {
        system.decides(this::behaviour);
    }

    /** Where it is, as the secret of its host says. */
    public String host() {
        return "127.0.0.1:" + system.port();
    }

    /** Where it is, and the user whom it knows. */
    public Map<String, String> secrets() {
        return Map.of("windchill.host", host(), "windchill.user", "hub", "windchill.password", "pw");
    }

    /** A new iteration of it. */
    public synchronized void has(String number, String state, String modified) {
        notices.put(
                number,
                new Notice("OR:wt.change2.WTChangeOrder2:" + iterations++, number, state, Instant.parse(modified)));
    }

    public synchronized String state(String number) {
        return notices.get(number).state;
    }

    /** Answers the next request so, whatever it is. */
    public synchronized void answersNext(Behaviour how) {
        next = how;
    }

    /** What results of a notice is shown in another order each time. */
    public synchronized void turnsResults() {
        turnsResults = !turnsResults;
    }

    /** As when the session has ended. */
    public synchronized void endsTheSession() {
        nonce++;
    }

    public synchronized int nonces() {
        return nonces;
    }

    /** What it was asked for, and what came with it. */
    public List<String> asked() {
        return system.seen().stream()
                .map(seen -> seen.method() + " "
                        + URLDecoder.decode(seen.target(), UTF_8).substring(BASE.length())
                        + (seen.body().isEmpty() ? "" : " " + seen.body()))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        var basic = "Basic " + Base64.getEncoder().encodeToString("hub:pw".getBytes(UTF_8));
        if (!basic.equals(seen.header("Authorization"))) {
            return AskedSystem.text(401, "text/html", "<html>401</html>");
        }
        if (next != null) {
            var how = next;
            next = null;
            return how;
        }
        var uri = URI.create(seen.target());
        var path = uri.getPath().substring(BASE.length());
        if (path.equals("PTC/GetCSRFToken()")) {
            nonces++;
            return AskedSystem.json(
                    200,
                    "{\"@odata.context\":\"$metadata#CSRF\",\"NonceKey\":\"CSRF_NONCE\",\"NonceValue\":\"n/" + nonce
                            + "==\"}",
                    "Set-Cookie",
                    "JSESSIONID=s" + nonce + "; Path=/Windchill; HttpOnly");
        }
        var setState = SET_STATE.matcher(path);
        if (setState.matches()) {
            return set(seen, setState.group(1));
        }
        var query = query(uri.getRawQuery());
        var byNumber = BY_NUMBER.matcher(query.get("$filter"));
        if (byNumber.matches()) {
            var found = notices.get(byNumber.group(1));
            return AskedSystem.json(200, "{\"value\":[" + (found == null ? "" : shown(found)) + "]}");
        }
        return AskedSystem.json(200, page(seen, query));
    }

    private Behaviour set(Seen seen, String id) {
        if (!("n/" + nonce + "==").equals(seen.header("CSRF_NONCE"))
                || !("JSESSIONID=s" + nonce).equals(seen.header("Cookie"))) {
            return AskedSystem.json(403, error("The CSRF nonce is not valid."));
        }
        var notice = notices.values().stream()
                .filter(one -> one.id.equals(id))
                .findFirst()
                .orElse(null);
        if (notice == null) {
            return AskedSystem.json(404, error("No such object."));
        }
        has(notice.number, Shop.tree(seen.body()).at("/State/Value").asText(), "2026-05-01T12:00:00Z");
        return AskedSystem.json(200, shown(notices.get(notice.number)));
    }

    private String page(Seen seen, Map<String, String> query) {
        var filter = FILTER.matcher(query.get("$filter"));
        if (!filter.matches() || !query.get("$orderby").equals("LastModified,Number")) {
            throw new AssertionError(seen.target());
        }
        if (!"true".equals(query.get("ptc.search.allowFilterOnTime"))) {
            throw new AssertionError("it would look at the day alone");
        }
        var from = Instant.parse(filter.group(1));
        var prefer = String.valueOf(seen.header("Prefer"));
        var most = Integer.parseInt(prefer.replace("odata.maxpagesize=", ""));
        var skip = Integer.parseInt(query.getOrDefault("$skiptoken", "0"));
        var found = notices.values().stream()
                .filter(notice -> !notice.modified.isBefore(from))
                .sorted(Comparator.comparing(Notice::modified).thenComparing(Notice::number))
                .toList();
        var shown = found.stream().skip(skip).limit(most).map(this::shown).toList();
        var link = skip + most < found.size()
                ? "\"@odata.nextLink\":\"https://elsewhere.example.com/ChangeNotices?$filter=x&$skiptoken="
                        + (skip + most) + "\","
                : "";
        return "{\"@odata.context\":\"$metadata#ChangeNotices\"," + link + "\"value\":[" + String.join(",", shown)
                + "]}";
    }

    private String shown(Notice notice) {
        var results = new ArrayList<>(List.of(
                "{\"ID\":\"OR:wt.part.WTPart:1\",\"Number\":\"HP3-100\",\"Version\":\"B.1 (Design)\",\"State\":{\"Value\":"
                        + "\"RELEASED\",\"Display\":\"Freigegeben\"}}",
                "{\"ID\":\"OR:wt.part.WTPart:2\",\"Number\":\"0000471\",\"Version\":\"A.1 (Design)\"}"));
        if (turnsResults) {
            Collections.reverse(results);
        }
        return "{\"ID\":\"" + notice.id + "\",\"VersionID\":\"VR:wt.change2.WTChangeOrder2:77\",\"Number\":\""
                + notice.number
                + "\",\"Name\":\"Seal\",\"Latest\":true,\"ObjectType\":\"Change Notice\",\"State\":{\"Value\":\""
                + notice.state
                + "\",\"Display\":\"Freigegeben\"},\"LastModified\":\"" + notice.modified
                + "\",\"TypeIcon\":{\"Path\":\"x\"},\"ResultingObjects\":[" + String.join(",", results) + "]}";
    }

    /** In Windchill's words. */
    public static String error(String message) {
        return "{\"error\":{\"code\":null,\"message\":\"" + message + "\"}}";
    }

    static Map<String, String> query(@Nullable String raw) {
        var query = new HashMap<String, String>();
        for (var pair : (raw == null ? "" : raw).split("&")) {
            var parts = pair.split("=", 2);
            if (parts.length == 2) {
                query.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
            }
        }
        return query;
    }

    @Override
    public void close() {
        system.close();
    }
}
