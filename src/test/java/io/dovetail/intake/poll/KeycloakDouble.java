package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of Keycloak 26.7 as the hub speaks with, with answers in the form of the real one's: a token for a client, two
 * stores of events, and users. {@code KeycloakTest} holds the same connector against a real one.
 */
final class KeycloakDouble implements AutoCloseable {

    static final String REALM = "partners";
    static final String CLIENT = "dovetail";
    static final String SECRET = "s3cret:/+&";

    private static final String ADMIN = "/admin/realms/" + REALM + "/";

    private final AskedSystem system = AskedSystem.start().decides(this::behaviour);
    private final Map<String, List<String>> stores =
            Map.of("events", new CopyOnWriteArrayList<>(), "admin-events", new CopyOnWriteArrayList<>());
    private final List<String> users = new CopyOnWriteArrayList<>();
    private final AtomicInteger restarts = new AtomicInteger();

    String host() {
        return "127.0.0.1:" + system.port();
    }

    /** Each is JSON as the real one answers it. */
    void has(String store, String... events) {
        stores.get(store).addAll(List.of(events));
    }

    void hasUser(String json) {
        users.add(json);
    }

    /** As after a restart that has changed its keys: what it gave before counts no more. */
    void forgetsItsTokens() {
        restarts.incrementAndGet();
    }

    /** What it was asked, without the tokens. */
    List<String> asked() {
        return system.seen().stream()
                .map(seen -> seen.method() + " " + seen.target() + (seen.body().isEmpty() ? "" : " " + seen.body()))
                .filter(line -> !line.contains("/token"))
                .toList();
    }

    long tokensGiven() {
        return system.seen().stream()
                .filter(seen -> seen.target().endsWith("/token"))
                .count();
    }

    private Behaviour behaviour(Seen seen) {
        var uri = URI.create(seen.target());
        if (uri.getPath().equals("/realms/" + REALM + "/protocol/openid-connect/token")) {
            return token(seen);
        }
        if (!("Bearer t" + restarts).equals(seen.header("Authorization"))) {
            return AskedSystem.json(401, "{\"error\":\"HTTP 401 Unauthorized\"}");
        }
        var query = query(uri.getRawQuery());
        var place = uri.getPath().substring(ADMIN.length());
        if (stores.containsKey(place)) {
            return AskedSystem.json(200, page(stores.get(place), query));
        }
        if (place.equals("users")) {
            // as older ones do, which know nothing of "exact"
            var part = query.get("username").toLowerCase(Locale.ROOT);
            var found = users.stream()
                    .filter(user -> Shop.tree(user).path("username").asText().contains(part))
                    .toList();
            return AskedSystem.json(200, "[" + String.join(",", found) + "]");
        }
        if (place.startsWith("users/") && seen.method().equals("PUT")) {
            return "application/json".equals(seen.header("Content-Type"))
                    ? AskedSystem.json(204, "")
                    : AskedSystem.json(415, "{\"error\":\"HTTP 415 Unsupported Media Type\"}");
        }
        return AskedSystem.json(404, "{\"error\":\"Resource not found\"}");
    }

    private Behaviour token(Seen seen) {
        var pair = CLIENT + ":s3cret%3A%2F%2B%26";
        var isKnown = ("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)))
                .equals(seen.header("Authorization"));
        return isKnown && seen.body().equals("grant_type=client_credentials")
                ? AskedSystem.json(
                        200,
                        "{\"access_token\":\"t" + restarts
                                + "\",\"expires_in\":300,\"refresh_expires_in\":0,\"token_type\":\"Bearer\","
                                + "\"not-before-policy\":0,\"scope\":\"email profile\"}")
                : AskedSystem.json(
                        401,
                        "{\"error\":\"unauthorized_client\",\"error_description\":\"Invalid client or Invalid client"
                                + " credentials\"}");
    }

    private static String page(List<String> events, Map<String, String> query) {
        var from = Long.parseLong(query.get("dateFrom"));
        var ascending = Comparator.comparingLong(KeycloakDouble::time);
        var found = events.stream()
                .filter(event -> time(event) >= from)
                .sorted("asc".equals(query.get("direction")) ? ascending : ascending.reversed())
                .skip(Long.parseLong(query.getOrDefault("first", "0")))
                .limit(Long.parseLong(query.getOrDefault("max", "100")))
                .toList();
        return "[" + String.join(",", found) + "]";
    }

    private static long time(String event) {
        return Shop.tree(event).path("time").asLong();
    }

    private static Map<String, String> query(String raw) {
        var query = new HashMap<String, String>();
        for (var pair : (raw == null ? "" : raw).split("&")) {
            var parts = new ArrayList<>(List.of(pair.split("=", 2)));
            if (parts.size() == 2) {
                query.put(URLDecoder.decode(parts.getFirst(), UTF_8), URLDecoder.decode(parts.getLast(), UTF_8));
            }
        }
        return query;
    }

    @Override
    public void close() {
        system.close();
    }
}
