package io.dovetail.scaffold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.check.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invented systems, of which there is nothing but a few deliveries. What is proposed has been rehearsed. */
class ScaffoldTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String OPENED = """
            { "event": "ticket.created", "occurredAt": "2026-03-11T10:15:02+01:00",
              "ticket": { "id": 70012, "number": "T-1", "title": "Pump 3", "priority": "high", "tags": ["pump"],
                          "reporter": { "name": "Ann", "email": "ann@example.com" }, "cost": 12, "due": "2026-04-01" } }""";
    private static final String OPENED_TOO = """
            { "event": "ticket.created", "occurredAt": "2026-03-12T10:15:02Z",
              "ticket": { "id": 70013, "number": "T-2", "title": "Pump 4", "priority": "high", "reporter": null,
                          "tags": [], "rate": "1.50" } }""";
    private static final String CLOSED = """
            { "event": "ticket.closed", "occurredAt": "2026-03-13T10:15:02Z",
              "ticket": { "id": 70013, "number": "T-2", "status": "closed" } }""";

    @TempDir
    private static Path root;

    @TempDir
    private Path folder;

    /** The canonical language alone. */
    @BeforeAll
    static void copy() {
        Tree.of(root);
    }

    private Proposal proposal(Wanted wanted) {
        return Scaffold.propose(root, wanted);
    }

    private Proposal proposal(String... bodies) {
        return proposal(Map.of(), bodies);
    }

    private Proposal proposal(Map<String, String> emits, String... bodies) {
        return proposal(new Wanted("acme-desk", samples(bodies), emits, null, null));
    }

    private List<Path> samples(String... bodies) {
        var files = new ArrayList<Path>();
        for (var body : bodies) {
            files.add(file("sample " + (files.size() + 1) + ".json", body));
        }
        return files;
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Proposal proposal, String file) {
        var raw = proposal.files().get(file);
        assertThat(raw).as(file + " of " + proposal.files().keySet()).isNotNull();
        return new String(raw, StandardCharsets.UTF_8);
    }

    private static JsonNode json(Proposal proposal, String file) {
        try {
            return JSON.readTree(text(proposal, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String yaml(Proposal proposal) {
        return text(proposal, "connectors/acme-desk/connector.yaml");
    }

    private static JsonNode contract(Proposal proposal, String name) {
        return json(proposal, "schemas/acme-desk/" + name + ".v1.schema.json");
    }

    private static JsonNode event(Proposal proposal, int sample) {
        return json(proposal, "connectors/acme-desk/samples/sample-" + sample + "/events.json")
                .path(0);
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    @Test
    void givesEachKindOfEventARuleAndTheCanonicalTypeThatFits() {
        var proposal = proposal(OPENED, OPENED_TOO, CLOSED);

        assertThat(yaml(proposal))
                .contains("when: '.event == \"ticket.created\"'", "emits: ticket.opened.v1")
                .contains("id: 'if (.ticket.id) \"ticket.created:\" + .ticket.id'")
                .contains("orderBy: .ticket.id", "keys: { ticket: .ticket.number }")
                .contains("when: '.event == \"ticket.closed\"'", "emits: acme-desk.ticket-closed.v1");
        var opened = event(proposal, 1);
        assertThat(opened.path("time").asText()).isEqualTo("2026-03-11T09:15:02Z");
        assertThat(opened.path("subject").asText()).isEqualTo("T-1");
        assertThat(opened.path("data").toString())
                .isEqualTo("{\"ticketId\":\"70012\",\"ticketKey\":\"T-1\",\"summary\":\"Pump 3\",\"priority\":\"high\","
                        + "\"reporter\":{\"name\":\"Ann\",\"email\":\"ann@example.com\"},\"labels\":[\"pump\"],"
                        + "\"dueDate\":\"2026-04-01\"}");
        assertThat(text(proposal, "connectors/acme-desk/mappings/ticket-created.jslt"))
                .contains("// Nothing was found for url, kind, project");
        assertThat(proposal.guesses().toString()).contains("--emits would say it in the canonical language");
    }

    @Test
    void takesTheTypeThatItIsToldForAKind() {
        var proposal = proposal(Map.of("ticket.closed", "ticket.updated.v1"), OPENED, CLOSED);

        assertThat(event(proposal, 2).path("type").asText()).isEqualTo("ticket.updated.v1");
        assertThat(event(proposal, 2).at("/data/status").asText()).isEqualTo("closed");
        assertThat(proposal.files().keySet()).noneMatch(file -> file.startsWith("schemas/events/"));
    }

    @Test
    void fillsLinesAndMoneyOfAnOrderThatSaysNothingOfItsKind() {
        var proposal = proposal(Map.of("", "order.placed.v1"), """
                { "orderNumber": "0450", "orderDate": "2026-05-18", "currency": "EUR", "total": 1240.00,
                  "customer": { "id": "C-1", "name": "Halden" },
                  "items": [ { "line": 10, "qty": 20.0, "price": 62.00 }, { "line": 20, "qty": 1 } ] }""");

        assertThat(event(proposal, 1).path("data").toString())
                .isEqualTo("{\"orderNumber\":\"0450\",\"orderDate\":\"2026-05-18\",\"currency\":\"EUR\","
                        + "\"total\":{\"amount\":\"1240.00\",\"currency\":\"EUR\"},"
                        + "\"buyer\":{\"id\":\"C-1\",\"name\":\"Halden\"},"
                        + "\"lines\":[{\"line\":\"10\",\"quantity\":\"20.0\",\"price\":{\"amount\":\"62.00\"}},"
                        + "{\"line\":\"20\",\"quantity\":\"1\"}]}");
        // what the canonical language asks of a code, the contract asks of the sender
        assertThat(contract(proposal, "event")
                        .at("/properties/currency/pattern")
                        .asText())
                .isEqualTo("^[A-Z]{3}$");
        assertThat(yaml(proposal)).contains("order: .orderNumber, customer: .customer.id");
    }

    @Test
    void tellsFromSeveralSamplesWhatMayBeAbsentAndOfWhichFormItIs() {
        var contract = contract(proposal(OPENED, OPENED_TOO), "ticket-created");

        assertThat(texts(contract.path("required"))).containsExactly("event", "occurredAt", "ticket");
        var ticket = contract.at("/properties/ticket");
        assertThat(texts(ticket.path("required")))
                .containsExactly("id", "number", "title", "priority", "tags", "reporter");
        assertThat(contract.at("/properties/event/const").asText()).isEqualTo("ticket.created");
        assertThat(contract.at("/properties/occurredAt/format").asText()).isEqualTo("date-time");
        assertThat(ticket.at("/properties/id/type").asText()).isEqualTo("integer");
        assertThat(ticket.at("/properties/cost/type").asText())
                .as("whole today")
                .isEqualTo("number");
        assertThat(ticket.at("/properties/due/format").asText()).isEqualTo("date");
        assertThat(ticket.at("/properties/rate/pattern").asText()).isEqualTo("^-?[0-9]+(\\.[0-9]+)?$");
        assertThat(texts(ticket.at("/properties/reporter/type"))).containsExactly("object", "null");
        assertThat(ticket.at("/properties/reporter/properties/email/format").asText())
                .isEqualTo("email");
        assertThat(texts(ticket.at("/properties/priority/examples"))).containsExactly("high");
    }

    @Test
    void asksAfterOneSampleForNoMoreThanItReads() {
        var contract = contract(proposal(OPENED), "ticket-created");

        assertThat(texts(contract.path("required"))).containsExactly("event", "occurredAt", "ticket");
        assertThat(texts(contract.at("/properties/ticket/required"))).containsExactly("id");
        assertThat(contract.path("description").asText()).contains("one sample");
    }

    @Test
    void tellsTheChangesOfOneObjectApart() {
        var once = "{ \"deviceNumber\": \"D-1\", \"changedAt\": \"2026-01-01T00:00:00Z\", \"state\": \"on\" }";
        var again = "{ \"deviceNumber\": \"D-1\", \"changedAt\": \"2026-01-02T00:00:00Z\", \"state\": \"off\" }";
        assertThat(yaml(proposal(once, again)))
                .contains("id: 'if (.deviceNumber and .changedAt) .deviceNumber + \":\" + .changedAt'");

        // without a time, what is said tells them apart
        assertThat(yaml(proposal(
                        "{ \"deviceNumber\": \"D-1\", \"state\": \"on\" }",
                        "{ \"deviceNumber\": \"D-1\", \"state\": 0 }")))
                .contains("id: 'if (.deviceNumber) .deviceNumber + \":\" + sha256-hex(to-json(.))'");
        assertThat(yaml(proposal("{ \"state\": \"on\" }")))
                .contains("id: 'sha256-hex(to-json(.))'")
                .doesNotContain("orderBy");
    }

    @Test
    void knowsAnEventsOwnIdFromThatOfItsObject() {
        var proposal = proposal(
                "{ \"id\": \"e-1\", \"type\": \"machine.stopped\", \"created\": 1767225600, \"data\": { \"machineId\": 7, \"line\": \"\" } }",
                "{ \"id\": \"e-2\", \"type\": \"machine.stopped\", \"created\": 1767225660, \"data\": { \"machineId\": 7, \"line\": \"B\" } }");

        assertThat(yaml(proposal))
                .contains("id: .id\n", "orderBy: .data.machineId", "keys: { machine: .data.machineId }");
        assertThat(event(proposal, 2).path("time").asText()).isEqualTo("2026-01-01T00:01:00Z");
        assertThat(event(proposal, 2).path("data").toString()).isEqualTo("{\"machineId\":\"7\",\"line\":\"B\"}");
    }

    @Test
    void proposesAClosedTypeInTheWordsOfTheSystemWhereNoneFits() {
        var proposal = proposal("""
                { "specversion": "1.0", "id": "a-1", "source": "/yard", "type": "com.example.berth.booked",
                  "time": "2026-05-18T09:15:00Z", "data": { "berthId": 17, "carrier_name": "DHL", "weight": 12.50,
                  "fragile": false, "stops": [ { "at": "2026-05-18T08:00:00+02:00", "city": "Kiel" } ] } }""");

        assertThat(yaml(proposal))
                .contains("id: '.source + \" \" + .id'", "media: [application/cloudevents+json, application/json]");
        var schema = json(proposal, "schemas/events/acme-desk.berth-booked.v1.schema.json");
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
        assertThat(texts(schema.path("required"))).containsExactly("berthId");
        assertThat(event(proposal, 1).path("data").toString())
                .isEqualTo("{\"berthId\":\"17\",\"carrierName\":\"DHL\",\"weight\":\"12.50\",\"fragile\":false,"
                        + "\"stops\":[{\"at\":\"2026-05-18T06:00:00Z\",\"city\":\"Kiel\"}]}");
    }

    @Test
    void splitsDeliveriesOfManyEvents() {
        var both = "{ \"eventType\": \"login\", \"uuid\": \"%s\", \"actor\": { \"id\": \"u\" } }";
        var one = both.formatted("a1");
        var two = both.formatted("a2");

        var list = proposal("[" + one + "," + two + "]");
        assertThat(yaml(list)).contains("split: '[]'", "id: .uuid", "orderBy: .actor.id");
        assertThat(json(list, "connectors/acme-desk/samples/sample-1/events.json"))
                .hasSize(2);
        assertThat(yaml(proposal("{ \"data\": { \"events\": [" + one + "," + two + "] } }")))
                .contains("split: data.events[]");
        assertThat(yaml(proposal("{ \"orderId\": 1, \"items\": [" + one + "] }")))
                .contains("split: none");
        var told = new Wanted("acme-desk", samples("{ \"a\": [" + one + "] }"), Map.of(), "a[]", null);
        assertThat(yaml(proposal(told))).contains("split: a[]");
    }

    @Test
    void readsXmlWithElementsThatRepeat() {
        var proposal = proposal("""
                <OrderPlaced xmlns="urn:x"><Order no="PO-1"><Date>2026-05-18</Date>
                <Line><No>1</No><Qty>2.50</Qty></Line><Line><No>2</No><Qty>3</Qty></Line></Order></OrderPlaced>""", "<OrderCancelled><Order no=\"PO-1\"/></OrderCancelled>");

        assertThat(yaml(proposal))
                .contains("media: [application/xml]", "xml: { repeated: ['Line'] }")
                .contains("when: '.OrderPlaced != null'", "orderBy: '.OrderPlaced.Order.\"@no\"'")
                .contains("emits: order.placed.v1", "emits: order.cancelled.v1");
        assertThat(event(proposal, 1).path("data").toString())
                .isEqualTo("{\"orderNumber\":\"PO-1\",\"orderDate\":\"2026-05-18\","
                        + "\"lines\":[{\"line\":\"1\",\"quantity\":\"2.50\"},{\"line\":\"2\",\"quantity\":\"3\"}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "webhook-id: msg_1\nwebhook-timestamp: 1\nwebhook-signature: v1,AAAA | { scheme: standard-webhooks,",
                "X-Hub-Signature-256: sha256=%hex% | { scheme: hmac, header: X-Hub-Signature-256, prefix: \"sha256=\", secret",
                "X-Shop-Hmac: %base64% | { scheme: hmac, header: X-Shop-Hmac, encoding: base64, secret",
                "Authorization: Basic dTpwYXNzd29yZA== | { scheme: basic, secret: basic }",
                "Authorization: Bearer sesame-sesame | { scheme: token, header: Authorization, prefix: \"Bearer \",",
                "X-Api-Key: sesame-sesame\nHost: example.com | { scheme: token, header: X-Api-Key, secret",
                "Host: example.com | { scheme: hmac-sha256, header: X-Signature,"
            })
    void tellsByItsHeadersHowADeliveryIsProved(String example) {
        var parts = example.replace("%hex%", "ab".repeat(32))
                .replace("%base64%", "q".repeat(43) + "=")
                .split(" \\| ");
        var proof = Proof.of(file("headers", parts[0]), Specimens.read(samples(OPENED), null));

        assertThat(proof.verify()).startsWith(parts[1]);
        assertThat(proof.toString()).doesNotContain("sesame", "abab", "qqqq", "dTpwYXNz", "AAAA");
    }

    @Test
    void writesDownHowADeliveryIsProvedAndNoSecret() {
        var headers = file("headers", """
                X-Shop-Signature: %s
                X-Shop-Event-Id: 0189-ab12-cafe
                Content-Type: application/vnd.shop+json; charset=utf-8
                """.formatted("cd".repeat(32)));
        var proposal = proposal(new Wanted("acme-desk", samples(OPENED), Map.of(), null, headers));

        assertThat(yaml(proposal))
                .contains("verify: { scheme: hmac, header: X-Shop-Signature, secret: webhook }")
                .contains("deliveryId: { header: X-Shop-Event-Id, signed: false }")
                .contains("media: [application/vnd.shop+json, application/json]");
        assertThat(everything(proposal)).doesNotContain("cdcd", "cafe");
    }

    private static String everything(Proposal proposal) {
        return proposal.files().values().stream()
                .map(raw -> new String(raw, StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void standsNamesAndValuesThatNobodyExpects() {
        var wide = Stream.iterate(0, i -> i + 1)
                .limit(700)
                .map(i -> "\"k" + i + "\": " + i)
                .collect(Collectors.joining(",", "{", "}"));
        var proposal = proposal(
                """
                { "id": "x", "if": 1, "a b": "c", "\\"}": 1, "\\n//": 2, "${name}": "${name}", "[]": [[1]], "über": " ", "": 0,
                  "deep": %s, "mixed": [1, "a", null, {}], "nothing": null, "long": "%s", "map": %s,
                  "action": "\\"; \\u0000", "id2": 1e400, "flag": [true, false, null] }""".formatted("{\"d\":".repeat(40) + "1" + "}".repeat(40), "x".repeat(3000), wide),
                "{ \"id\": 7, \"mixed\": {}, \"a b\": null }");

        assertThat(event(proposal, 1).at("/data/aB").asText()).isEqualTo("c");
        assertThat(event(proposal, 1).at("/data/flag").toString()).isEqualTo("[true,false]");
        assertThat(contract(proposal, "event").at("/properties/map").has("properties"))
                .isFalse();
    }

    /** Fields of any kind under names that mean something, in any mixture. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void passesWhateverTheShape(long seed) {
        var random = new Random(seed);
        var bodies =
                Stream.generate(() -> object(random, 3)).limit(1 + seed % 3).toArray(String[]::new);

        assertThat(proposal(bodies).cases()).hasSize(bodies.length);
    }

    private static final List<String> SOME_NAMES = List.of(
            "id",
            "type",
            "event",
            "uuid",
            "data",
            "ticket",
            "orderNumber",
            "createdAt",
            "amount",
            "items",
            "name",
            "@x",
            "for",
            "a-b",
            "URL",
            "updated_at",
            "value");

    private static String object(Random random, int depth) {
        var names = SOME_NAMES.stream()
                .filter(name -> name.equals("id") || random.nextInt(3) > 0)
                .toList();
        return names.stream()
                .map(name -> "\"" + name + "\": " + value(random, depth))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 9)) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> Integer.toString(random.nextInt());
            case 3 -> random.nextInt(1000) + ".50";
            case 4 ->
                "\"2026-0" + (1 + random.nextInt(9)) + "-11T10:15:02" + (random.nextBoolean() ? "Z\"" : ".5+05:30\"");
            case 5 -> "\"2026-01-31\"";
            case 6 -> "\"\"";
            case 7 -> "\"order.created\"";
            case 8 -> "\"w" + random.nextInt(5) + "\"";
            case 9 -> "[" + object(random, depth - 1) + "]";
            case 10 -> "[" + value(random, 0) + ", " + value(random, 0) + "]";
            default -> object(random, depth - 1);
        };
    }

    @Test
    void refusesInWordsWhatIsNoSample() throws IOException {
        refused("line 1", "{ \"a\": ");
        refused("something else than an object", "[1, 2]");
        refused("something else than an object", "\"text\"");
        refused("not both JSON", OPENED, "<a/>");
        refused("have no field in common", "{ \"a\": 1 }", "{ \"b\": 1 }");
        refused("no value that an event could tell", "{}");
        refused("no value that an event could tell", "{ \"a\": null, \"b\": \" \" }");
        refused("DOCTYPE", "<!DOCTYPE a><a/>");
        refused("more than 1000 events", "[" + "{\"a\":1},".repeat(1000) + "{}]");
        refused("larger than 1 MiB", "{ \"a\": \"" + "x".repeat(1024 * 1024) + "\" }");
        assertThatThrownBy(() -> proposal(wanted(null, folder))).hasMessageContaining("is no file");
        assertThatThrownBy(() -> proposal(wanted("a[]", samples(OPENED).getFirst())))
                .hasMessageContaining("no business event stands at \"a[]\"");
        assertThatThrownBy(() -> proposal(wanted("x\u001b[2J", samples(OPENED).getFirst())))
                .hasMessageContaining("\"x?[2J\"");
    }

    private static Wanted wanted(@Nullable String split, Path sample) {
        return new Wanted("acme-desk", List.of(sample), Map.of(), split, null);
    }

    private void refused(String because, String... bodies) {
        assertThatThrownBy(() -> proposal(bodies))
                .as(because)
                .isInstanceOf(CannotScaffoldException.class)
                .hasMessageContaining(because);
    }

    @Test
    void refusesATypeThatIsNotThereOrWantsMoreThanThereIs() {
        assertThatThrownBy(() -> proposal(Map.of("", "order.plced.v1"), OPENED))
                .hasMessageContaining(
                        "there is no canonical type order.plced.v1; of that family there are order.acknowledged.v1, order.");
        assertThatThrownBy(() -> proposal(Map.of("", "odrer.placed.v1"), OPENED))
                .hasMessageContaining("there are the families account, acknowledgement, adoption, certification,");
        assertThatThrownBy(() -> proposal(Map.of("", "ticket.commented.v1"), OPENED))
                .hasMessageContaining("ticket.commented.v1 requires comment");
        assertThatThrownBy(() -> proposal(Map.of("", "ticket.updated.v1"), OPENED, CLOSED))
                .hasMessageContaining("ticket.created=ticket.updated.v1, ticket.closed=ticket.updated.v1");
    }
}
