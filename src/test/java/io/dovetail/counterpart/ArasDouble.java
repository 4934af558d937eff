package io.dovetail.counterpart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * As much of Innovator as the hub speaks, in the words of Aras' documentation: a token for a user's password, items whose
 * values are all text, filters that it turns into AML, promotions; and what goes wrong. One request at a time.
 */
public final class ArasDouble implements AutoCloseable {

    private static final Pattern SINCE = Pattern.compile("modified_on ge '(\\S+)'");
    private static final Pattern BEHIND =
            Pattern.compile("modified_on gt '(\\S+)' or \\(modified_on eq '(\\S+)' and id gt '([0-9A-F]{32})'\\)");
    private static final Pattern NUMBER = Pattern.compile("item_number eq '(.*)'");
    private static final Pattern ONE = Pattern.compile("/Innovator/server/odata/(\\w+)\\('([0-9A-F]{32})'\\)");

    private final AskedSystem system = AskedSystem.start();
    private final Map<String, Item> items = new LinkedHashMap<>();
    private int tokens;
    private int valid;
    private boolean repeats;
    private @Nullable Behaviour next;

    private record Item(String id, String number, String modified, String state) {}

    public ArasDouble() {
        system.decides(this::behaviour);
    }

    public Map<String, String> secrets() {
        return Map.of(
                "aras.host", "127.0.0.1:" + system.port(),
                "aras.path", "Innovator",
                "aras.client", "IOMApp",
                "aras.user", "hub",
                "aras.password", "p&w",
                "aras.database", "InnovatorSolutions");
    }

    /** @param modified by Innovator's clock */
    public synchronized void has(int id, String number, String modified, String state) {
        var hex = "%032X".formatted(id);
        items.put(hex, new Item(hex, number, modified, state));
    }

    /** What was given before counts no more. */
    public synchronized void endsTheToken() {
        valid++;
    }

    public synchronized void answersNext(Behaviour how) {
        next = how;
    }

    /** Shows each item of a page twice. */
    public synchronized void repeats() {
        repeats = true;
    }

    public synchronized String state(int id) {
        return items.get("%032X".formatted(id)).state;
    }

    public synchronized int tokens() {
        return tokens;
    }

    public List<String> asked() {
        return system.seen().stream()
                .map(seen -> seen.method() + " " + URLDecoder.decode(seen.target(), UTF_8)
                        + (seen.body().isEmpty() ? "" : " " + seen.body()))
                .filter(line -> !line.contains("/token"))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        var uri = URI.create(seen.target());
        if (uri.getPath().equals("/Innovator/oauthserver/connect/token")) {
            if (!seen.body()
                    .equals("grant_type=password&scope=Innovator&client_id=IOMApp&username=hub&password=p%26w&database="
                            + "InnovatorSolutions")) {
                return AskedSystem.json(400, "{\"error\":\"invalid_grant\"}");
            }
            tokens++;
            return AskedSystem.json(
                    200,
                    "{\"access_token\":\"t" + valid + "\",\"expires_in\":3600,\"token_type\":\"Bearer\",\"scope\":"
                            + "\"Innovator\"}");
        }
        if (!("Bearer t" + valid).equals(seen.header("Authorization"))) {
            return AskedSystem.json(401, error("The token has expired."));
        }
        if (next != null) {
            var how = next;
            next = null;
            return how;
        }
        var one = ONE.matcher(uri.getPath());
        if (one.matches()) {
            var promotion = Shop.tree(seen.body());
            if (!promotion.path("@aras.action").asText().equals("PromoteItem")) {
                throw new AssertionError(seen.body());
            }
            var item = items.get(one.group(2));
            items.put(
                    item.id,
                    new Item(
                            item.id,
                            item.number,
                            item.modified,
                            promotion.path("state").asText()));
            return AskedSystem.json(200, shown(items.get(item.id)));
        }
        var query = WindchillDouble.query(uri.getRawQuery());
        var found = items.values().stream()
                // all are of one type
                .filter(item -> uri.getPath().endsWith("/ECN"))
                .filter(item -> matches(item, query.get("$filter")))
                .sorted(Comparator.comparing(Item::modified).thenComparing(Item::id))
                .limit(Integer.parseInt(query.getOrDefault("$top", "1000")))
                .map(item -> shown(item) + (repeats ? "," + shown(item) : ""))
                .toList();
        return AskedSystem.json(
                200,
                "{\"@odata.context\":\"https://aras.example.com/Innovator/server/odata/$metadata#ECN\",\"value\":["
                        + String.join(",", found) + "]}");
    }

    private static boolean matches(Item item, String filter) {
        var since = SINCE.matcher(filter);
        if (since.matches()) {
            return item.modified.compareTo(since.group(1)) >= 0;
        }
        var behind = BEHIND.matcher(filter);
        if (behind.matches()) {
            return item.modified.compareTo(behind.group(1)) > 0
                    || item.modified.equals(behind.group(2)) && item.id.compareTo(behind.group(3)) > 0;
        }
        var number = NUMBER.matcher(filter);
        if (number.matches()) {
            return item.number.equals(number.group(1));
        }
        throw new AssertionError(filter);
    }

    private static String shown(Item item) {
        return "{\"@odata.id\":\"ECN('" + item.id + "')\",\"id\":\"" + item.id + "\",\"item_number\":\"" + item.number
                + "\",\"major_rev\":\"A\",\"generation\":\"1\",\"is_released\":\""
                + (item.state.equals("Released") ? "1" : "0") + "\",\"state\":\"" + item.state + "\",\"modified_on\":\""
                + item.modified + "\"}";
    }

    public static String error(String message) {
        return "{\"error\":{\"code\":\"SOAP-ENV:Server\",\"message\":\"" + message + "\"}}";
    }

    @Override
    public void close() {
        system.close();
    }
}
