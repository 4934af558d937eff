package io.dovetail.catalogue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.EventRule;
import io.dovetail.connector.SchemaBundle;
import io.dovetail.connector.answer.Answer;
import io.dovetail.intake.RefusedException.Reason;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the hub accepts, as OpenAPI 3.1: the door of each connector, its proof, its media and its answers. */
final class OpenApi {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String PROBLEM = "application/problem+json";
    private static final Set<Reason> OF_HANDSHAKES =
            EnumSet.of(Reason.BAD_HANDSHAKE, Reason.UNWANTED_HANDSHAKE, Reason.UNKNOWN_CONNECTOR);

    private final Configuration configuration;
    private final SchemaBundle bundle;
    private final ObjectNode schemes = NODES.objectNode();

    private OpenApi(Configuration configuration) {
        this.configuration = configuration;
        this.bundle = new SchemaBundle(configuration.schemas());
    }

    static ObjectNode of(Configuration configuration) {
        return new OpenApi(configuration).write();
    }

    private ObjectNode write() {
        var document = NODES.objectNode().put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Dovetail: what the hub accepts")
                .put("version", configuration.hash())
                .put(
                        "description",
                        "Deliveries of other systems. A 2xx is given only after the bytes are durably stored; a delivery"
                                + " that is proved and well-formed but breaks its contract is accepted too, and parked"
                                + " for an operator. The version is the hash of the connectors, schemas and routes that"
                                + " this was made from.");
        var paths = document.putObject("paths");
        configuration.connectors().values().forEach(connector -> door(paths, connector));
        var components = document.putObject("components");
        var schemas = bundle.components();
        schemas.set("Receipt", receipt());
        schemas.set("Problem", problem());
        components.set("schemas", schemas);
        components.set("securitySchemes", schemes);
        return document;
    }

    private void door(ObjectNode paths, Connector connector) {
        var webhook = connector.webhook();
        var address = "/in/" + connector.name() + (webhook.verify().isInAddress() ? "/{token}" : "");
        var door = paths.putObject(address);
        var post = door.putObject("post")
                .put("operationId", "deliver-" + connector.name())
                .put("summary", connector.title())
                .put("description", description(connector));
        post.putArray("tags").add(connector.kind());
        var proofs = Proofs.of(connector, schemes);
        proofs.write(post);
        if (webhook.deliveryIdHeader() != null && !proofs.holds(webhook.deliveryIdHeader())) {
            Proofs.parameter(
                    post,
                    webhook.deliveryIdHeader(),
                    "The sender's id of the delivery, the same whenever it is sent again.");
        }
        var body = post.putObject("requestBody").put("required", true);
        var content = body.putObject("content");
        for (var media : webhook.media().stream().sorted().toList()) {
            content.putObject(media).set("schema", body(connector, media));
        }
        answers(post.putObject("responses"), connector);
        for (var handshake : webhook.handshakes()) {
            var method = handshake.method().toLowerCase(Locale.ROOT);
            if (!door.has(method)) {
                var knock = door.putObject(method)
                        .put("operationId", method + "-" + connector.name())
                        .put("summary", "Handshake: the challenge is in " + handshake.place());
                knock.putArray("tags").add(connector.kind());
                if (webhook.verify().isInAddress()) {
                    Proofs.token(knock);
                }
                answer(knock.putObject("responses"), "The vendor's answer.", handshake.answer());
            }
        }
    }

    private static String description(Connector connector) {
        var webhook = connector.webhook();
        var kinds = connector.events().stream()
                .map(EventRule::emits)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return "Proof: " + webhook.verify().words() + ". At most " + webhook.maxBytes() + " bytes. "
                + (connector.split().equals("none")
                        ? "One business event a delivery. "
                        : "The business events are at " + connector.split() + ". ")
                + "What comes of it: " + kinds + ".";
    }

    /** The contract is that of one business event, read as one tree; only a JSON body that is one looks like it. */
    private ObjectNode body(Connector connector, String media) {
        if (!media.endsWith("json") || !connector.split().equals("none")) {
            var body = NODES.objectNode();
            var names = body.put(
                            "description",
                            "Each business event in it, read as a tree, must keep one of the contracts named here.")
                    .putArray("x-contracts");
            contracts(connector).forEach(contract -> {
                bundle.reference(contract);
                names.add(contract);
            });
            return body;
        }
        var contracts = contracts(connector);
        if (contracts.size() == 1) {
            return bundle.reference(contracts.iterator().next());
        }
        var any = NODES.objectNode();
        var list = any.putArray("anyOf");
        contracts.forEach(contract -> list.add(bundle.reference(contract)));
        return any;
    }

    private static Set<String> contracts(Connector connector) {
        return connector.events().stream()
                .map(rule -> rule.contract().name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void answers(ObjectNode responses, Connector connector) {
        var answers = connector.webhook().answers();
        confirmed(responses, "202", "Accepted: it is stored.", answers.accepted());
        confirmed(responses, "200", "Duplicate: it was stored before.", answers.duplicate());
        var byStatus = new TreeMap<Integer, String>();
        Arrays.stream(Reason.values())
                .filter(reason -> !OF_HANDSHAKES.contains(reason))
                .sorted(Comparator.comparing(Reason::word))
                .forEach(reason -> byStatus.merge(
                        answers.refused(reason.word()).map(Answer::status).orElse(reason.status()),
                        reason.title() + " (" + reason.word() + ")",
                        (one, other) -> one + ", " + other));
        byStatus.forEach((status, words) -> {
            var key = Integer.toString(status);
            var response = responses.has(key) ? (ObjectNode) responses.get(key) : responses.putObject(key);
            var before = response.path("description").asText();
            response.put("description", before.isEmpty() ? words + "." : before + " Or: " + words + ".");
            if (status == 429 || status == 503) {
                response.putObject("headers")
                        .putObject("Retry-After")
                        .put("description", "When to send the same again, in seconds.")
                        .putObject("schema")
                        .put("type", "integer");
            }
            if (!response.has("content")) {
                response.putObject("content")
                        .putObject(PROBLEM)
                        .putObject("schema")
                        .put("$ref", "#/components/schemas/Problem");
            }
        });
    }

    private static void confirmed(ObjectNode responses, String status, String words, @Nullable Answer answer) {
        if (answer != null) {
            answer(responses, words, answer);
        } else {
            responses
                    .putObject(status)
                    .put("description", words)
                    .putObject("content")
                    .putObject("application/json")
                    .putObject("schema")
                    .put("$ref", "#/components/schemas/Receipt");
        }
    }

    private static void answer(ObjectNode responses, String words, Answer answer) {
        var status = Integer.toString(answer.status());
        if (responses.has(status)) {
            var response = (ObjectNode) responses.get(status);
            response.put("description", response.path("description").asText() + " " + words);
            return;
        }
        var response = responses.putObject(status).put("description", words);
        if (answer.media() != null) {
            response.putObject("content")
                    .putObject(answer.media())
                    .putObject("schema")
                    .put("type", "string");
        }
    }

    private static ObjectNode receipt() {
        var receipt = NODES.objectNode().put("type", "object");
        receipt.putArray("required").add("id").add("status");
        var properties = receipt.putObject("properties");
        properties.putObject("id").put("type", "string").put("format", "uuid");
        properties.putObject("status").putArray("enum").add("accepted").add("duplicate");
        return receipt;
    }

    private static ObjectNode problem() {
        var problem = NODES.objectNode().put("type", "object").put("description", "Problem details (RFC 9457).");
        var properties = problem.putObject("properties");
        for (var name : new String[] {"type", "title", "detail"}) {
            properties.putObject(name).put("type", "string");
        }
        properties.putObject("status").put("type", "integer");
        return problem;
    }
}
