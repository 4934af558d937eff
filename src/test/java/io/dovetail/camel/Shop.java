package io.dovetail.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.event.Ids;
import io.dovetail.event.Lineage;
import io.dovetail.translate.Source;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A connector, a canonical type and a policy made up for tests, with the hub's own Kamelets and default translation. */
public final class Shop {

    public static final Instant ACCEPTED_AT = Instant.parse("2026-05-01T12:00:00Z");

    private final Map<String, byte[]> files = new TreeMap<>(HubFiles.read());

    public Shop() {
        put("connectors/shop/connector.yaml", CONNECTOR);
        put("connectors/shop/mappings/order.jslt", MAPPING);
        put("schemas/shop/order.v1.schema.json", CONTRACT);
        put("schemas/events/order.placed.v1.schema.json", CANONICAL);
        put("schemas/hub/connector.v1.schema.json", HubFiles.text("schemas/hub/connector.v1.schema.json"));
        put("routes/triggers/orders.camel.yaml", POLICY);
    }

    /** Lets the connector's route ask for an order's customer, whose tier the event then has. */
    public Shop asks(String url) {
        put("connectors/shop/shop-customer.kamelet.yaml", KAMELET.replace("https://crm.example.com", url));
        put("routes/translate/shop.camel.yaml", ROUTE);
        change("connectors/shop/mappings/order.jslt", "\"tier\": .order.tier", "\"tier\": $lookup.customer.tier");
        return change(
                "connectors/shop/connector.yaml",
                "otherwise: park",
                "calls: { deadline: 15s, atOnce: 4 }\notherwise: park");
    }

    /** Adds a file or replaces it. */
    public Shop put(String path, String content) {
        files.put(path, content.getBytes(UTF_8));
        return this;
    }

    /** Replaces a piece of a file. */
    public Shop change(String path, String piece, String other) {
        var text = new String(files.get(path), UTF_8);
        assertThat(text).contains(piece);
        return put(path, text.replace(piece, other));
    }

    public byte[] file(String path) {
        return files.get(path);
    }

    public Map<String, byte[]> files() {
        return files;
    }

    /** All of it, which must be sound. */
    public Configuration configuration() {
        var problems = new Problems();
        var configuration = Configuration.of(files, problems);
        assertThat(problems.list()).isEmpty();
        return configuration;
    }

    public static Source source(Configuration configuration, String sender, String number, JsonNode tree) {
        var connector = configuration.connectors().get("shop");
        var id = Ids.event("shop", sender, number);
        return new Source(
                connector, sender, id, tree, number, new UUID(0, 1), ACCEPTED_AT, "00-trace", 0, null, Lineage.NONE);
    }

    /** An order in the shop's words, of a little less than a kilobyte. */
    public static JsonNode order(String number, String total) {
        var lines = new StringBuilder();
        for (var line = 1; line <= 8; line++) {
            lines.append(line == 1 ? "" : ",")
                    .append("{\"sku\":\"SKU-")
                    .append(line)
                    .append("\",\"quantity\":\"12\",\"price\":\"19.99\",\"note\":\"handle with care, please\"}");
        }
        return tree("{\"kind\":\"order\",\"shop\":\"acme\",\"order\":{\"number\":\"" + number
                + "\",\"placedAt\":\"2026-05-01T13:30:00+02:00\",\"total\":" + total
                + ",\"currency\":\"EUR\",\"tier\":\"gold\",\"lines\":["
                + lines + "]}}");
    }

    public static JsonNode tree(String json) {
        try {
            return new JsonCodec().read(json.getBytes(UTF_8));
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static final String CONNECTOR = """
        connector: shop
        title: A shop
        kind: erp
        intake:
          webhook:
            verify: { scheme: basic, secret: basic }
            media: [application/json]
            maxBytes: 1MiB
        split: none
        sender: .shop
        events:
          - when: .kind == "order"
            contract: shop/order.v1
            mapping: mappings/order.jslt
            emits: order.placed.v1
            id: .order.number
            orderBy: .order.number
            keys: { order: .order.number }
        otherwise: park
        """;

    private static final String MAPPING = """
        if (.order.test)
          {"ignore": "a test order"}
        else
          {
            "subject": .order.number,
            "time": .order.placedAt,
            "data": {
              "number": .order.number,
              "tier": .order.tier,
              "total": {"amount": string(.order.total), "currency": .order.currency},
              "lines": [for (.order.lines) {"sku": .sku, "quantity": .quantity, "price": .price}]
            }
          }
        """;

    private static final String KAMELET = """
        apiVersion: camel.apache.org/v1
        kind: Kamelet
        metadata:
          name: shop-customer
          labels:
            camel.apache.org/kamelet.type: action
        spec:
          definition:
            title: Look up a customer
            description: Asks the CRM for the customer of an order, and keeps the answer as $lookup.customer.
            type: object
          template:
            from:
              uri: kamelet:source
              steps:
                - setVariable:
                    name: number
                    expression:
                      language: { language: jslt, expression: .order.number }
                - to:
                    uri: https://crm.example.com/customers/{number}
                    variableReceive: customer
        """;

    private static final String ROUTE = """
        - route:
            id: shop
            description: An order's customer is looked up.
            from:
              uri: direct:translate-shop
              steps:
                - to: kamelet:hub-contract
                - to: kamelet:shop-customer
                - to: kamelet:hub-mapping
                - to: kamelet:hub-canonical
        """;

    private static final String CONTRACT = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "required": ["order"],
          "properties": {
            "order": {
              "type": "object",
              "required": ["number", "placedAt"],
              "properties": {
                "number": {"type": "string", "minLength": 1},
                "lines": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "required": ["sku"],
                    "properties": {"quantity": {"type": "string", "pattern": "^[0-9]+$"}}
                  }
                }
              }
            }
          }
        }
        """;

    private static final String CANONICAL = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "required": ["number", "total"],
          "additionalProperties": false,
          "properties": {
            "number": {"type": "string"},
            "tier": {"enum": ["gold", "silver"]},
            "total": {
              "type": "object",
              "required": ["amount", "currency"],
              "additionalProperties": false,
              "properties": {
                "amount": {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}
              }
            },
            "lines": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["sku", "quantity"],
                "additionalProperties": false,
                "properties": {
                  "sku": {"type": "string"},
                  "quantity": {"type": "string"},
                  "price": {"type": "string"}
                }
              }
            }
          }
        }
        """;

    private static final String POLICY = """
        - route:
            id: orders
            description: Large orders are reviewed, and gold customers are looked after.
            from:
              uri: kamelet:hub-event
              parameters:
                types: order.placed.v1,order.changed.v1
              steps:
                - choice:
                    when:
                      - expression:
                          language:
                            language: jslt
                            expression: number(.data.total.amount) >= 10000
                        steps:
                          - to:
                              uri: kamelet:hub-trigger
                              parameters:
                                workflow: order-review
                                priority: high
                                due: PT4H
                                approval: RAW(More than 50% of the limit (10,000) & "unusual"; a=b?)
                - filter:
                    expression:
                      language: { language: jslt, expression: '.data.tier == "gold"' }
                    steps:
                      - to: kamelet:hub-trigger?workflow=gold-care
        """;
}
