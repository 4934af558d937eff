package io.dovetail.protocol.pubsub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** What Avro has read, as JSON has it: a union is what it holds, bytes are base64, whole numbers have no fraction. */
final class AvroTree {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private AvroTree() {}

    static ObjectNode of(IndexedRecord record) {
        var tree = JSON.objectNode();
        for (var field : record.getSchema().getFields()) {
            tree.set(field.name(), node(record.get(field.pos())));
        }
        return tree;
    }

    private static JsonNode node(@Nullable Object value) {
        return switch (value) {
            case null -> JSON.nullNode();
            case IndexedRecord record -> of(record);
            case Boolean flag -> JSON.booleanNode(flag);
            case Integer number -> JSON.numberNode(number);
            case Long number -> JSON.numberNode(number);
            case Float number -> number(Double.parseDouble(number.toString()));
            case Double number -> number(number);
            case ByteBuffer bytes -> JSON.textNode(base64(bytes));
            case GenericFixed fixed -> JSON.textNode(Base64.getEncoder().encodeToString(fixed.bytes()));
            case Collection<?> list -> {
                var array = JSON.arrayNode();
                list.forEach(element -> array.add(node(element)));
                yield array;
            }
            case Map<?, ?> map -> {
                var tree = JSON.objectNode();
                map.forEach((key, element) -> tree.set(key.toString(), node(element)));
                yield tree;
            }
            // texts and enums
            default -> JSON.textNode(value.toString());
        };
    }

    private static String base64(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }

    private static JsonNode number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return JSON.textNode(String.valueOf(value));
        }
        var exact = BigDecimal.valueOf(value).stripTrailingZeros();
        return JSON.numberNode(exact.scale() < 0 ? exact.setScale(0) : exact);
    }
}
