package io.dovetail.protocol.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;

/** A change event of accounts as Salesforce writes it: each field is there, and bitmaps say which of them mean something. */
public final class AccountChange {

    /** What a server knows the schema by. */
    public static final String SCHEMA_ID = "pwfQNmq5iEDzrZ6Cl0EGvA";

    private static final Schema SCHEMA = new Schema.Parser().parse(schema());

    private final GenericRecord record = new GenericData.Record(SCHEMA);
    private final GenericRecord header =
            new GenericData.Record(SCHEMA.getField("ChangeEventHeader").schema());

    public AccountChange(String changeType, String... recordIds) {
        header.put("entityName", "Account");
        header.put("recordIds", List.of(recordIds));
        header.put(
                "changeType",
                new GenericData.EnumSymbol(
                        header.getSchema().getField("changeType").schema(), changeType));
        header.put("changeOrigin", "com/salesforce/api/soap/67.0;client=SfdcInternalAPI/");
        header.put("transactionKey", "0002343d-9d90-e395-ed20-cf416ba652ad");
        header.put("sequenceNumber", 1);
        header.put("commitTimestamp", 1_779_096_000_000L);
        header.put("commitNumber", 10_585_193_272_713L);
        header.put("commitUser", "005bm000004HdqVAAS");
        for (var bitmaps : List.of("nulledFields", "diffFields", "changedFields")) {
            header.put(bitmaps, List.of());
        }
        record.put("ChangeEventHeader", header);
    }

    public static String schema() {
        try (var json = AccountChange.class.getResourceAsStream("AccountChangeEvent.avsc")) {
            return new String(json.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the header. */
    public AccountChange says(String name, Object value) {
        header.put(name, value);
        return this;
    }

    public AccountChange with(String name, Object value) {
        record.put(name, value);
        return this;
    }

    /** A compound field, of which the parts that are not named are null. */
    public AccountChange with(String name, Map<String, String> parts) {
        var inner =
                new GenericData.Record(SCHEMA.getField(name).schema().getTypes().get(1));
        parts.forEach(inner::put);
        record.put(name, inner);
        return this;
    }

    public byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(SCHEMA).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
