package io.dovetail.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.SchemaBundle;
import io.dovetail.event.CloudEvents;
import io.dovetail.relay.Addresses;
import java.util.Map;
import java.util.TreeMap;

/** What the hub publishes, as an <a href="https://www.asyncapi.com/docs/reference/specification/v3.0.0">AsyncAPI</a> 3. */
final class AsyncApi {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TRIGGER = "triggers/trigger.v1";
    private static final String TELEMETRY = "telemetry/telemetry.v1";
    private static final Map<String, String> CHANNELS = new TreeMap<>(Map.of(
            Addresses.EVENTS, "Canonical events: what happened, in one language, whichever system it comes from.",
            Addresses.TRIGGERS, "Workflows to be set off, with how soon and whether a person must approve.",
            Addresses.TELEMETRY, "How each event ended. Holds no business data; the newest few are kept.",
            Addresses.DEAD_LETTERS,
                    "Notices of events that are parked. Hold no business data; the newest few are kept."));

    private final Configuration configuration;
    private final Language language;
    private final SchemaBundle bundle;
    private final ObjectNode messages = NODES.objectNode();
    private final ObjectNode channels = NODES.objectNode();

    private AsyncApi(Configuration configuration, Language language) {
        this.configuration = configuration;
        this.language = language;
        this.bundle = language.bundle();
    }

    static ObjectNode of(Configuration configuration, Language language) {
        return new AsyncApi(configuration, language).write();
    }

    private ObjectNode write() {
        CHANNELS.forEach((address, description) -> channels.putObject(name(address))
                .put("address", address)
                .put("title", address)
                .put("description", description));
        language.words().forEach(this::event);
        language.workflows().stream().map(Workflow::name).distinct().sorted().forEach(this::trigger);
        telemetry("dovetail.event.ended.v1", "An event ended, other than by being parked.", Addresses.TELEMETRY);
        telemetry("dovetail.event.parked.v1", "An event is parked.", Addresses.TELEMETRY, Addresses.DEAD_LETTERS);

        var document = NODES.objectNode().put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", "Dovetail: what the hub publishes")
                .put("version", configuration.hash())
                .put(
                        "description",
                        "CloudEvents 1.0.2 in the structured JSON form. The version is the hash of the connectors,"
                                + " schemas and routes that this was made from.");
        document.put("defaultContentType", CloudEvents.MEDIA_TYPE);
        broker(document.putObject("servers").putObject("bus"));
        document.set("channels", channels);
        var operations = document.putObject("operations");
        CHANNELS.forEach((address, description) -> operations
                .putObject("publish-" + name(address))
                .put("action", "send")
                .put("summary", description)
                .putObject("channel")
                .put("$ref", "#/channels/" + name(address)));
        var components = document.putObject("components");
        var schemas = bundle.components();
        schemas.set("cloudevent", envelope());
        components.set("schemas", schemas);
        components.set("messages", messages);
        components
                .putObject("securitySchemes")
                .putObject("consumer")
                .put("type", "plain")
                .put("description", "SASL PLAIN: the consumer's name, and its secret bus.<consumer>.");
        return document;
    }

    private static void broker(ObjectNode server) {
        server.put("host", "{host}:{port}")
                .put("protocol", "amqp")
                .put("protocolVersion", "1.0")
                .put("description", "A consumer reads its own queue of an address: hub.events::<consumer>.");
        server.putObject("variables").putObject("host").put("default", "localhost");
        ((ObjectNode) server.path("variables")).putObject("port").put("default", "5672");
        server.putArray("security").addObject().put("$ref", "#/components/securitySchemes/consumer");
    }

    private void event(Word word) {
        var message = message(word.type(), word.title(), word.description(), word.schemaName());
        message.putArray("tags").addObject().put("name", word.family());
        var emitters = message.putArray("x-connectors");
        word.sayings().forEach(saying -> emitters.add(saying.connector().name()));
        message.putArray("examples").addObject().set("payload", example(word));
        put(message, word.type(), Addresses.EVENTS);
    }

    private static JsonNode example(Word word) {
        var example = NODES.objectNode()
                .put("specversion", "1.0")
                .put("id", "0e3ad2b7-6d6b-5a84-9c39-2f6d1f1f8c11")
                .put(
                        "source",
                        "/connectors/"
                                + (word.sayings().isEmpty()
                                        ? "example"
                                        : word.sayings().getFirst().connector().name())
                                + "/default")
                .put("type", word.type())
                .put("time", "2026-05-18T09:15:00Z")
                .put("datacontenttype", "application/json")
                .put("dataschema", "/schemas/" + word.schemaName());
        return example.set("data", word.example());
    }

    private void trigger(String workflow) {
        var type = "trigger." + workflow + ".v1";
        var message = message(type, "Trigger of " + workflow, "The workflow " + workflow + " is to begin.", TRIGGER);
        var own = (ObjectNode) message.at("/payload/allOf/1/properties/data");
        var schema = own.deepCopy();
        own.removeAll();
        own.putArray("allOf").add(schema);
        own.putObject("properties").putObject("workflow").put("const", workflow);
        message.putArray("tags").addObject().put("name", "trigger");
        put(message, type, Addresses.TRIGGERS);
    }

    private void telemetry(String type, String description, String... addresses) {
        var message = message(type, type, description, TELEMETRY);
        message.putArray("tags").addObject().put("name", "telemetry");
        for (var address : addresses) {
            put(message, type, address);
        }
    }

    private ObjectNode message(String type, String title, String description, String schema) {
        var message = NODES.objectNode()
                .put("name", type)
                .put("title", title)
                .put("summary", description)
                .put("contentType", CloudEvents.MEDIA_TYPE);
        var parts = message.putObject("payload").putArray("allOf");
        parts.addObject().put("$ref", "#/components/schemas/cloudevent");
        var own = parts.addObject().put("type", "object");
        own.putArray("required").add("data");
        var properties = own.putObject("properties");
        properties.putObject("type").put("const", type);
        properties.putObject("dataschema").put("const", "/schemas/" + schema);
        properties.set("data", bundle.reference(schema));
        return message;
    }

    private void put(ObjectNode message, String type, String address) {
        messages.set(type, message);
        channels.withObjectProperty(name(address))
                .withObjectProperty("messages")
                .putObject(type)
                .put("$ref", "#/components/messages/" + type);
    }

    /** {@code hub.events} is the channel {@code events}. */
    private static String name(String address) {
        return address.substring(address.indexOf('.') + 1);
    }

    /** The attributes around the data, as the trigger's schema has them for the event that it tells of. */
    private JsonNode envelope() {
        var trigger = bundle.resolved(bundle.reference(TRIGGER));
        var envelope = (ObjectNode) trigger.at("/properties/event").deepCopy();
        envelope.put("title", "CloudEvent").put("description", "What stands around the data of every message.");
        envelope.remove("additionalProperties");
        ((ObjectNode) envelope.path("properties")).remove("data");
        var required = NODES.arrayNode();
        envelope.path("required").forEach(name -> {
            if (!name.asText().equals("data")) {
                required.add(name);
            }
        });
        envelope.set("required", required);
        return envelope;
    }
}
