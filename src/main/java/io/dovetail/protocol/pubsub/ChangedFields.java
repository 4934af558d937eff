package io.dovetail.protocol.pubsub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a change event says of its fields. In Avro each field is there, null where nothing is said of it, and only bitmaps
 * in its header tell which were changed, and which were emptied: {@code 0x400800}, a bit for each field from the right, or
 * {@code 4-0x02} for those of the record in the fifth field.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/guide/event-deserialization-considerations.html">
 *     Event deserialization considerations</a>
 */
final class ChangedFields {

    private static final String HEADER = "ChangeEventHeader";
    private static final List<String> BITMAPS = List.of("changedFields", "nulledFields", "diffFields");
    private static final Pattern BITMAP = Pattern.compile("(?:(\\d{1,5})-)?0x([0-9A-Fa-f]{1,2000})");

    private ChangedFields() {}

    /** The record as a tree, with names in place of bitmaps, and without the fields of which nothing is said. */
    static ObjectNode told(GenericRecord record) {
        var tree = AvroTree.of(record);
        var said = new HashSet<String>();
        if (tree.get(HEADER) instanceof ObjectNode header) {
            for (var field : BITMAPS) {
                if (header.path(field).isArray()) {
                    var names = new ArrayList<String>();
                    header.path(field).forEach(bitmap -> names.addAll(names(record.getSchema(), bitmap.asText())));
                    var list = header.putArray(field);
                    names.forEach(list::add);
                    said.addAll(names);
                }
            }
        }
        prune(tree, "", said);
        return tree;
    }

    /** The names for which a bitmap stands; what is none stands for itself. */
    static List<String> names(Schema schema, String bitmap) {
        var found = BITMAP.matcher(bitmap);
        if (!found.matches()) {
            return List.of(bitmap);
        }
        var bits = new BigInteger(found.group(2), 16);
        if (found.group(1) == null) {
            return names(schema, "", bits, bitmap);
        }
        var parent = field(schema, Integer.parseInt(found.group(1)), bitmap);
        var inner = inner(parent.schema());
        if (inner == null) {
            throw new IllegalArgumentException(
                    "the bitmap " + bitmap + " is of " + parent.name() + ", which has no fields");
        }
        return names(inner, parent.name() + ".", bits, bitmap);
    }

    private static List<String> names(Schema schema, String prefix, BigInteger bits, String bitmap) {
        var names = new ArrayList<String>();
        for (var i = 0; i < bits.bitLength(); i++) {
            if (bits.testBit(i)) {
                names.add(prefix + field(schema, i, bitmap).name());
            }
        }
        return names;
    }

    private static Schema.Field field(Schema schema, int number, String bitmap) {
        if (number >= schema.getFields().size()) {
            throw new IllegalArgumentException("the bitmap " + bitmap + " is of more fields than there are");
        }
        return schema.getFields().get(number);
    }

    private static @Nullable Schema inner(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> schema;
            case UNION ->
                schema.getTypes().stream()
                        .filter(one -> one.getType() == Schema.Type.RECORD)
                        .findFirst()
                        .orElse(null);
            default -> null;
        };
    }

    private static void prune(ObjectNode tree, String prefix, Set<String> said) {
        var fields = tree.properties().iterator();
        while (fields.hasNext()) {
            var field = fields.next();
            var name = prefix + field.getKey();
            if (field.getValue().isNull() && !said.contains(name)) {
                fields.remove();
            } else if (prefix.isEmpty() && field.getValue() instanceof ObjectNode inner && !name.equals(HEADER)) {
                prune(inner, name + ".", said);
                if (inner.isEmpty()) {
                    fields.remove();
                }
            }
        }
    }
}
