package io.dovetail.counterpart;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of {@link S4}: sales orders are created and changed with a token and the cookies of its session, and
 * with the ETag of what was read. One request at a time.
 */
public final class S4Sales {

    private static final String SERVICE = "/sap/opu/odata/sap/API_SALES_ORDER_SRV/";
    private static final String BY_REFERENCE = "(\\w+) eq '(.*)' and SoldToParty eq '(.*)'";
    private static final Pattern ENTITY =
            Pattern.compile(".*/A_SalesOrder(?:Item)?\\((?:SalesOrder=)?'(\\d+)'" + "(?:,SalesOrderItem='(\\d+)')?\\)");

    private final S4 s4;
    private final Map<String, ObjectNode> orders = new TreeMap<>();
    private final Map<String, String> sessions = new HashMap<>();
    private Instant now = Instant.parse("2026-05-01T12:00:00.1234567Z");
    private int begun;
    private boolean losesAnswer;
    private @Nullable Behaviour refusal;
    private @Nullable Runnable meanwhile;

    S4Sales(S4 s4) {
        this.s4 = s4;
    }

    static boolean concern(Seen seen) {
        return !seen.method().equals("GET")
                || seen.header("X-CSRF-Token") != null
                || ENTITY.matcher(path(seen)).matches()
                || seen.target().contains("SoldToParty%20eq%20");
    }

    /** From now on it is so late. */
    public synchronized void at(Instant time) {
        now = time;
    }

    /** As after its own restart, or a time of silence. */
    public void forgetsItsSessions() {
        sessions.clear();
    }

    /** Does what the next change says, and breaks the connection off instead of saying so. */
    public void losesTheNextAnswer() {
        losesAnswer = true;
    }

    /** Answers the next change with this, and does nothing. */
    public void refusesTheNextChange(Behaviour how) {
        refusal = how;
    }

    /** What happens just before the next change comes. */
    public void beforeTheNextChange(Runnable what) {
        meanwhile = what;
    }

    /** As a person does it at a screen. */
    public void changes(String number, String field, String value) {
        var order = orders.get(number);
        order.put(field, value);
        keep(order);
    }

    public int sessionsBegun() {
        return begun;
    }

    public Map<String, ObjectNode> orders() {
        return orders;
    }

    synchronized Behaviour behaviour(Seen seen) {
        if ("Fetch".equals(seen.header("X-CSRF-Token"))) {
            return session();
        }
        var entity = ENTITY.matcher(path(seen));
        if (seen.method().equals("GET")) {
            return entity.matches()
                    ? found(entity.group(1), entity.group(2))
                    : AskedSystem.json(200, byReference(S4.query(seen.target().split("\\?")[1])));
        }
        if (!isOfASession(seen)) {
            return AskedSystem.text(403, "text/plain", "CSRF token validation failed", "x-csrf-token", "Required");
        }
        if (meanwhile != null) {
            meanwhile.run();
            meanwhile = null;
        }
        if (refusal != null) {
            var how = refusal;
            refusal = null;
            return how;
        }
        var done = entity.matches()
                ? changed(entity.group(1), entity.group(2), seen)
                : created((ObjectNode) Shop.tree(seen.body()));
        if (losesAnswer) {
            losesAnswer = false;
            return exchange -> exchange.close();
        }
        return done;
    }

    private static String path(Seen seen) {
        return URI.create(seen.target()).getPath();
    }

    private Behaviour session() {
        begun++;
        sessions.put("SAP_SESSIONID_S4H_100=s" + begun + "%3d", "t" + begun + "==");
        return AskedSystem.json(
                200,
                "{\"d\":{\"EntitySets\":[\"A_SalesOrder\",\"A_SalesOrderItem\"]}}",
                "x-csrf-token",
                "t" + begun + "==",
                "set-cookie",
                "sap-usercontext=sap-client=100; path=/",
                "set-cookie",
                "SAP_SESSIONID_S4H_100=s" + begun + "%3d; path=/; secure; HttpOnly");
    }

    private boolean isOfASession(Seen seen) {
        var cookies = List.of(String.valueOf(seen.header("Cookie")).split("; "));
        return cookies.contains("sap-usercontext=sap-client=100")
                && cookies.stream()
                        .anyMatch(cookie -> sessions.containsKey(cookie)
                                && sessions.get(cookie).equals(seen.header("X-CSRF-Token")));
    }

    private String byReference(Map<String, String> query) {
        var filter = Pattern.compile(BY_REFERENCE).matcher(query.get("$filter"));
        if (!filter.matches()) {
            throw new AssertionError(query.get("$filter"));
        }
        var numbers = orders.values().stream()
                .filter(order -> order.path(filter.group(1)).asText().equals(text(filter.group(2)))
                        && order.path("SoldToParty").asText().equals(text(filter.group(3))))
                .map(order -> "{\"SalesOrder\":\"" + order.path("SalesOrder").asText() + "\"}")
                .limit(Integer.parseInt(query.get("$top")))
                .toList();
        return "{\"d\":{\"results\":[" + String.join(",", numbers) + "]}}";
    }

    private static String text(String literal) {
        return literal.replace("''", "'");
    }

    private Behaviour created(ObjectNode order) {
        var items = order.remove("to_Item");
        order.put("SalesOrder", String.valueOf(4711 + orders.size()));
        order.putObject("to_Item").set("results", items);
        keep(order);
        return AskedSystem.json(201, "{\"d\":" + order + "}");
    }

    private void keep(ObjectNode order) {
        now = now.plusSeconds(1);
        var number = order.path("SalesOrder").asText();
        s4.put("A_SalesOrder", number, now, order, "to_Item", (ArrayNode) order.at("/to_Item/results"));
        orders.put(number, order);
    }

    private Behaviour found(String number, @Nullable String item) {
        var entity = entity(number, item);
        return entity == null ? notFound() : AskedSystem.json(200, "{\"d\":" + entity + "}");
    }

    /** An item has the ETag of its order. */
    private @Nullable ObjectNode entity(String number, @Nullable String item) {
        var order = orders.get(number);
        if (order == null || item == null) {
            return order;
        }
        for (var each : order.at("/to_Item/results")) {
            if (each.path("SalesOrderItem").asText().equals(item)) {
                return ((ObjectNode) each).set("__metadata", order.path("__metadata"));
            }
        }
        return null;
    }

    private Behaviour changed(String number, @Nullable String item, Seen seen) {
        var entity = entity(number, item);
        if (entity == null) {
            return notFound();
        }
        var match = seen.header("If-Match");
        if (match == null) {
            return AskedSystem.json(428, error("/IWFND/CM_MGW/501", "Header If-Match is missing"));
        }
        if (!match.equals(entity.at("/__metadata/etag").asText())) {
            return AskedSystem.json(412, error("/IWFND/CM_MGW/502", "Precondition failed"));
        }
        entity.setAll((ObjectNode) Shop.tree(seen.body()));
        keep(orders.get(number));
        return AskedSystem.json(204, "");
    }

    private static Behaviour notFound() {
        return AskedSystem.json(404, error("/IWBEP/CM_MGW_RT/020", "Resource not found"));
    }

    /** In the words of the gateway. */
    public static String error(String code, String message) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":{\"lang\":\"en\",\"value\":\"" + message
                + "\"},\"innererror\":{\"transactionid\":\"6A1\",\"errordetails\":[]}}}";
    }
}
