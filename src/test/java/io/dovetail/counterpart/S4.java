package io.dovetail.counterpart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * S/4HANA's gateway, as far as the hub speaks with it: OData V2 with a filter by change time and key, pages of the
 * server's own size, items in any order, change times whose last digits only the ETag has; and what goes wrong.
 */
public final class S4 implements AutoCloseable {

    private static final String SERVICE = "/sap/opu/odata/sap/";
    private static final Pattern FROM = Pattern.compile("LastChangeDateTime ge datetimeoffset'([^']+)'");
    private static final Pattern BEHIND = Pattern.compile(
            "LastChangeDateTime gt datetimeoffset'([^']+)' or \\(LastChangeDateTime eq datetimeoffset'\\1' and (\\w+) gt '([^']*)'\\)");
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Order(String key, Instant changed, ObjectNode tree) {}

    private final AskedSystem system = AskedSystem.start();
    private final Map<String, Map<String, Order>> sets =
            Map.of("A_SalesOrder", new ConcurrentHashMap<>(), "A_PurchaseOrder", new ConcurrentHashMap<>());
    private final Queue<Behaviour> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();
    private final S4Sales sales = new S4Sales(this);
    private volatile int pageSize = 100;

    private S4() {
        system.decides(this::behaviour);
    }

    public static S4 start() {
        return new S4();
    }

    /** Where it is, as the secret of its host says. */
    public String host() {
        return "127.0.0.1:" + system.port();
    }

    /** How sales orders are created and changed in it. */
    public S4Sales sales() {
        return sales;
    }

    /** The changes that it was asked for, whatever became of them. */
    public List<Seen> changes() {
        return system.seen().stream()
                .filter(seen -> !seen.method().equals("GET"))
                .toList();
    }

    /** The user whom it knows. */
    public static void writeSecrets(Path secrets) {
        try {
            Files.createDirectories(secrets);
            Files.writeString(secrets.resolve("sap-s4.user"), "hub\n");
            Files.writeString(secrets.resolve("sap-s4.password"), "s3cret\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets the connector below {@code root} ask this system: for sales orders every second, as if it told of an hour, and
     * for purchase orders when it is told to.
     */
    public S4 isAskedBelow(Path root) {
        change(root, "connectors/sap-s4/sap-s4-changes.kamelet.yaml", "https://{{sap-s4.host}}", system.url());
        change(
                root,
                "routes/intake/sap-s4.sales-orders.camel.yaml",
                "every: PT1M",
                "every: PT1S\n        window: PT1H");
        change(root, "routes/intake/sap-s4.purchase-orders.camel.yaml", "every: PT1M", "every: PT1H");
        return this;
    }

    private static void change(Path root, String file, String piece, String by) {
        try {
            var path = root.resolve(file);
            var text = Files.readString(path);
            assertThat(text).contains(piece);
            Files.writeString(path, text.replace(piece, by));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the next requests are answered with instead, in their order. */
    public void does(Behaviour... instead) {
        faults.addAll(List.of(instead));
    }

    /** An answer that is kept back. */
    public static final class Held {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        public void awaitAsked() throws InterruptedException {
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        }

        public void release() {
            released.countDown();
        }
    }

    /** Keeps the next page of sales orders back until it is released. */
    public Held holdsNextPage() {
        var next = new Held();
        held.set(next);
        return next;
    }

    /** How many entities it gives at a time, however many it is asked for. */
    public void pages(int size) {
        pageSize = size;
    }

    /** How often it has given a page. */
    public int reads() {
        return reads.get();
    }

    public void salesOrder(String number, Instant changed, String... quantities) {
        var order = JSON.createObjectNode();
        order.put("SalesOrder", number).put("SalesOrderType", "OR").put("SoldToParty", "17100001");
        order.put("PurchaseOrderByCustomer", "PO-" + number).put("TotalNetAmount", "99.00");
        order.put("TransactionCurrency", "EUR").put("OverallSDDocumentRejectionSts", "A");
        order.putNull("LastChangeDate");
        put(
                "A_SalesOrder",
                number,
                changed,
                order,
                "to_Item",
                items(number, "SalesOrder", "RequestedQuantity", quantities));
    }

    public void purchaseOrder(String number, Instant changed, String... quantities) {
        var order = JSON.createObjectNode();
        order.put("PurchaseOrder", number).put("PurchaseOrderType", "NB").put("Supplier", "17300001");
        order.put("CreationDate", "/Date(" + changed.toEpochMilli() / 86_400_000 * 86_400_000 + ")/");
        order.put("DocumentCurrency", "EUR").put("PurchasingDocumentDeletionCode", "");
        put(
                "A_PurchaseOrder",
                number,
                changed,
                order,
                "to_PurchaseOrderItem",
                items(number, "PurchaseOrder", "OrderQuantity", quantities));
    }

    private static ArrayNode items(String number, String kind, String quantity, String... quantities) {
        var items = JSON.createArrayNode();
        for (var i = 0; i < quantities.length; i++) {
            var item = items.addObject();
            item.putObject("__metadata").put("type", "A_" + kind + "ItemType");
            item.put(kind, number).put(kind + "Item", String.valueOf((i + 1) * 10));
            item.put("Material", "TG1" + i).put(quantity, quantities[i]);
        }
        return items;
    }

    void put(String set, String key, Instant when, ObjectNode order, String expanded, ArrayNode items) {
        // as precise as the ETag
        var changed = when.with(ChronoField.NANO_OF_SECOND, when.getNano() / 100 * 100);
        order.put("LastChangeDateTime", "/Date(" + changed.toEpochMilli() + "+0000)/");
        order.putObject("__metadata")
                .put("uri", system.url() + SERVICE + set + "('" + key + "')")
                .put("etag", "W/\"datetimeoffset'" + EXACT.format(changed).replace(":", "%3A") + "'\"");
        order.putObject(expanded).set("results", items);
        sets.get(set).put(key, new Order(key, changed, order));
    }

    private Behaviour behaviour(Seen seen) {
        var fault = faults.poll();
        if (fault != null) {
            return fault;
        }
        if (!seen.isFrom("hub:s3cret")) {
            return AskedSystem.json(401, "{}");
        }
        if (S4Sales.concern(seen)) {
            return sales.behaviour(seen);
        }
        var uri = URI.create(seen.target());
        var set = uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
        var kept = set.equals("A_SalesOrder") ? held.getAndSet(null) : null;
        return exchange -> {
            if (kept != null) {
                kept.asked.countDown();
                kept.released.await();
            }
            AskedSystem.json(200, page(set, query(uri.getRawQuery()))).answer(exchange);
        };
    }

    static Map<String, String> query(String raw) {
        var query = new HashMap<String, String>();
        for (var pair : raw.split("&")) {
            var parts = pair.split("=", 2);
            query.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private String page(String set, Map<String, String> query) {
        var key = set.substring(2);
        assertThat(query.get("$orderby")).isEqualTo("LastChangeDateTime," + key);
        assertThat(query).containsKeys("$select", "$expand");
        var found = sets.get(set).values().stream()
                .filter(order -> isWanted(order, query.get("$filter"), key))
                .sorted(Comparator.comparing(Order::changed).thenComparing(Order::key))
                .toList();
        var size = Math.min(pageSize, Integer.parseInt(query.get("$top")));
        var answer = JSON.createObjectNode();
        var page = answer.putObject("d");
        var results = page.putArray("results");
        found.stream().limit(size).forEach(order -> results.add(shuffled(order.tree(), query.get("$expand"))));
        if (found.size() > size) {
            page.put("__next", system.url() + SERVICE + set + "?$skiptoken=" + size);
        }
        reads.incrementAndGet();
        return answer.toString();
    }

    private static boolean isWanted(Order order, String filter, String key) {
        var from = FROM.matcher(filter);
        if (from.matches()) {
            return !order.changed().isBefore(Instant.parse(from.group(1)));
        }
        var behind = BEHIND.matcher(filter);
        assertThat(behind.matches()).as(filter).isTrue();
        assertThat(behind.group(2)).isEqualTo(key);
        var time = Instant.parse(behind.group(1));
        return order.changed().isAfter(time)
                || order.changed().equals(time) && order.key().compareTo(behind.group(3)) > 0;
    }

    private static JsonNode shuffled(ObjectNode order, String expanded) {
        var copy = order.deepCopy();
        var items = new ArrayList<JsonNode>();
        copy.path(expanded).path("results").forEach(items::add);
        Collections.shuffle(items);
        ((ObjectNode) copy.path(expanded)).putArray("results").addAll(items);
        return copy;
    }

    @Override
    public void close() {
        system.close();
    }
}
