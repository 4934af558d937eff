package io.dovetail.counterpart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * As much of Microsoft Graph as the hub speaks with: a token for a client, delta queries whose tokens can be forgotten,
 * and subscriptions, for which it asks at the other side whether it may; and what goes wrong.
 */
public final class GraphDouble implements AutoCloseable {

    public static final String TENANT = "84bd8158-6d4d-4958-8b9f-9d6445542f95";
    public static final String CLIENT = "0c1d4e77-dove";
    public static final String SECRET = "s3cret:/+&";

    private static final String API = "/v1.0/";

    private final AskedSystem system = AskedSystem.start().decides(this::behaviour);
    private final HttpClient client = HttpClient.newHttpClient();
    // what has changed, oldest first; a token says how far somebody has read
    private final Map<String, List<String>> changes =
            Map.of("users", new CopyOnWriteArrayList<>(), "groups", new CopyOnWriteArrayList<>());
    private final Map<String, ObjectNode> subscriptions = new ConcurrentHashMap<>();
    private final Queue<Behaviour> faults = new ConcurrentLinkedQueue<>();
    private volatile int generation;
    private volatile int subscribed;

    /** What the connector has in place of Graph's addresses. */
    public Map<String, String> addresses() {
        return Map.of(
                "https://graph.microsoft.com/v1.0",
                system.url() + "/v1.0",
                "https://login.microsoftonline.com",
                system.url());
    }

    /** A change, as the delta query tells it. */
    public void has(String resource, String json) {
        changes.get(resource).add(json);
    }

    /** Whatever tokens it gave, it does not know them any more. */
    public void forgetsItsTokens() {
        generation++;
    }

    /** What the next requests of the API are answered with instead, in their order. */
    public void does(Behaviour... instead) {
        faults.addAll(List.of(instead));
    }

    /** As the one who made it sees it, with what Graph tells nobody. */
    public List<ObjectNode> subscriptions() {
        return List.copyOf(subscriptions.values());
    }

    /** As after it has ended. */
    public void dropsSubscriptions() {
        subscriptions.clear();
    }

    /** What was asked of the API, as {@code GET /users/delta?$deltatoken=latest}. */
    public List<String> asked() {
        return system.seen().stream()
                .map(seen -> seen.method() + " " + URLDecoder.decode(seen.target(), UTF_8))
                .filter(line -> line.contains(API))
                .map(line -> line.replace("/v1.0", ""))
                .toList();
    }

    private Behaviour behaviour(Seen seen) {
        var uri = URI.create(seen.target());
        if (uri.getPath().equals("/" + TENANT + "/oauth2/v2.0/token")) {
            return token(seen);
        }
        if (!"Bearer t".equals(seen.header("Authorization"))) {
            return error(401, "InvalidAuthenticationToken");
        }
        var fault = faults.poll();
        if (fault != null) {
            return fault;
        }
        var path = uri.getPath().substring(API.length());
        if (path.endsWith("/delta")) {
            return delta(path.replace("/delta", ""), query(uri.getRawQuery()), seen);
        }
        return path.startsWith("subscriptions")
                ? subscription(seen.method(), path.replaceFirst("subscriptions/?", ""), seen.body())
                : error(404, "Request_ResourceNotFound");
    }

    private static Behaviour token(Seen seen) {
        var pair = CLIENT + ":s3cret%3A%2F%2B%26";
        var isKnown = ("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)))
                .equals(seen.header("Authorization"));
        return isKnown && seen.body().contains("scope=https%3A%2F%2Fgraph.microsoft.com%2F.default")
                ? AskedSystem.json(
                        200,
                        "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"ext_expires_in\":3599,\"access_token\":\"t\"}")
                : AskedSystem.json(401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215\"}");
    }

    /** A token is {@code <generation>.<how many were read>}; with it, what was asked for first counts, too. */
    private Behaviour delta(String resource, Map<String, String> query, Seen seen) {
        var all = changes.get(resource);
        var token = query.getOrDefault("$skiptoken", query.get("$deltatoken"));
        if (token == null || token.equals("latest")) {
            if (!query.containsKey("$select")) {
                return error(400, "Request_UnsupportedQuery");
            }
        } else if (query.size() != 1) {
            return error(400, "Request_UnsupportedQuery");
        } else if (!token.startsWith(generation + ".")) {
            return query.containsKey("$deltatoken") && generation % 2 == 1
                    ? error(400, "syncStateNotFound")
                    : error(410, "resyncRequired");
        }
        if ("latest".equals(token)) {
            return page(resource, List.of(), "deltaLink", "$deltatoken", all.size());
        }
        var from = token == null ? 0 : Integer.parseInt(token.split("[.=]")[1]);
        var most = Integer.parseInt(seen.header("Prefer").replace("odata.maxpagesize=", ""));
        var to = Math.min(all.size(), from + most);
        return to < all.size()
                ? page(resource, all.subList(from, to), "nextLink", "$skiptoken", to)
                : page(resource, all.subList(from, to), "deltaLink", "$deltatoken", to);
    }

    private Behaviour page(String resource, List<String> values, String link, String parameter, int read) {
        // long, and with what must be encoded
        var token = generation + "." + read + "=/+" + "x".repeat(1_200);
        return AskedSystem.json(
                200,
                "{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#" + resource + "\",\"@odata." + link
                        + "\":\"https://graph.microsoft.com/v1.0/" + resource + "/delta?" + parameter + "="
                        + URLEncoder.encode(token, UTF_8) + "\",\"value\":[" + String.join(",", values) + "]}");
    }

    private Behaviour subscription(String method, String id, String body) {
        switch (method) {
            case "GET" -> {
                var shown = new ArrayList<String>();
                // which it keeps to itself
                subscriptions
                        .values()
                        .forEach(one ->
                                shown.add(one.deepCopy().putNull("clientState").toString()));
                return AskedSystem.json(200, "{\"value\":[" + String.join(",", shown) + "]}");
            }
            case "POST" -> {
                var made = (ObjectNode) Shop.tree(body);
                if (!validates(made)) {
                    return error(400, "InvalidRequest");
                }
                var name = "sub-" + ++subscribed;
                subscriptions.put(name, made.put("id", name));
                return AskedSystem.json(201, made.toString());
            }
            default -> {
                var known = subscriptions.get(id);
                if (known == null) {
                    return error(404, "ResourceNotFound");
                }
                known.setAll((ObjectNode) Shop.tree(body));
                return AskedSystem.json(200, known.toString());
            }
        }
    }

    /** Whoever is at the address must repeat what he is told. */
    private boolean validates(JsonNode made) {
        var url = made.path("notificationUrl").asText();
        if (url.startsWith("https://")) {
            return true; // nobody is there in this test
        }
        var request = HttpRequest.newBuilder(URI.create(url + "?validationToken=Validation%3A+Testing+%26+so+on"))
                .POST(BodyPublishers.noBody())
                .build();
        try {
            var answer = client.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().equals("Validation: Testing &amp; so on");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** In Graph's words. */
    public static Behaviour error(int status, String code) {
        return AskedSystem.json(
                status,
                "{\"error\":{\"code\":\"" + code
                        + "\",\"message\":\"as Graph says it\",\"innerError\":{\"request-id\":\"r1\"}}}");
    }

    private static Map<String, String> query(String raw) {
        var query = new LinkedHashMap<String, String>();
        for (var pair : (raw == null ? "" : raw).split("&")) {
            var parts = pair.split("=", 2);
            if (parts.length == 2) {
                query.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
            }
        }
        return query;
    }

    /** What a connector needs to know of it. */
    public static Map<String, String> secrets() {
        return new HashMap<>(Map.of("entra.tenant", TENANT, "entra.client", CLIENT, "entra.client-secret", SECRET));
    }

    @Override
    public void close() {
        client.close();
        system.close();
    }
}
