package io.dovetail.protocol.pubsub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.salesforce.eventbus.protobuf.ProducerEvent;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * An event as a tree: {@code {id, type, payload}}, {@code type} being the name of its Avro record. One that cannot be read
 * is handed over as it came, {@code {id, schemaId, unreadable, bytes}}: it must neither be passed over nor keep others back.
 */
final class EventReader {

    private static final int MOST_SCHEMAS = 500;
    private static final int LONGEST = 8 << 20;

    static {
        // a few bytes may say that billions follow, and Avro makes room for them before it looks
        for (var limit : new String[] {"bytes", "string", "collectionItems"}) {
            System.setProperty("org.apache.avro.limits." + limit + ".maxLength", String.valueOf(LONGEST));
        }
    }

    private final Map<String, Schema> schemas = new HashMap<>();

    private static final class UnreadableException extends Exception {
        UnreadableException(String message) {
            super(message);
        }
    }

    /** @param source gives a schema's JSON by its id; null: there is none */
    ObjectNode read(ProducerEvent event, UnaryOperator<@Nullable String> source) {
        var tree = JsonNodeFactory.instance.objectNode().put("id", event.getId());
        try {
            var schema = schema(event.getSchemaId(), source);
            var payload = payload(schema, event.getPayload().toByteArray());
            tree.put("type", schema.getName());
            tree.set("payload", payload);
        } catch (UnreadableException e) {
            tree.put("schemaId", event.getSchemaId());
            tree.put("unreadable", e.getMessage());
            tree.put(
                    "bytes",
                    Base64.getEncoder().encodeToString(event.getPayload().toByteArray()));
        }
        return tree;
    }

    private Schema schema(String id, UnaryOperator<@Nullable String> source) throws UnreadableException {
        var known = schemas.get(id);
        if (known != null) {
            return known;
        }
        var json = source.apply(id);
        if (json == null) {
            throw new UnreadableException("the server has no schema of that id");
        }
        try {
            var schema = new Schema.Parser().parse(json);
            if (schema.getType() != Schema.Type.RECORD) {
                throw new UnreadableException("its schema is no record");
            }
            if (schemas.size() >= MOST_SCHEMAS) {
                schemas.clear();
            }
            schemas.put(id, schema);
            return schema;
        } catch (RuntimeException | StackOverflowError e) {
            throw new UnreadableException("its schema is none: " + words(e));
        }
    }

    private static ObjectNode payload(Schema schema, byte[] bytes) throws UnreadableException {
        try {
            var reader = new FrugalReader(schema, bytes.length);
            var decoder = DecoderFactory.get().binaryDecoder(bytes, null);
            var record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new UnreadableException("there is more than its schema says");
            }
            return ChangedFields.told(record);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new UnreadableException("it is not as its schema says: " + words(e));
        }
    }

    private static String words(Throwable reason) {
        var text = String.valueOf(reason.getMessage()).replaceAll("\\s+", " ");
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
