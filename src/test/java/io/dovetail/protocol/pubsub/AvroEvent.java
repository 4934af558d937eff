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

/** An event as Salesforce writes it: each field is there, null where nothing is said of it. */
public final class AvroEvent {

    /** What its schema is called, and known by to a server. */
    public static final String ACCOUNTS = "AccountChangeEvent";

    private static final String HEADER = "ChangeEventHeader";

    private final GenericRecord record;

    private AvroEvent(String schema) {
        record = new GenericData.Record(new Schema.Parser().parse(schema(schema)));
    }

    /** A change of records, of whose fields bitmaps say which of them mean something. */
    public static AvroEvent change(String entity, String changeType, String... recordIds) {
        var event = new AvroEvent(entity + "ChangeEvent");
        var header =
                new GenericData.Record(event.record.getSchema().getField(HEADER).schema());
        header.put("entityName", entity);
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
        return event.with(HEADER, header);
    }

    /** One that somebody has published, and that has no header. */
    public static AvroEvent platform(String type, long created) {
        return new AvroEvent(type).with("CreatedDate", created).with("CreatedById", "005bm000004HdqVAAS");
    }

    public static String schema(String name) {
        try (var json = AvroEvent.class.getResourceAsStream(name + ".avsc")) {
            return new String(json.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the header. */
    public AvroEvent says(String name, Object value) {
        ((GenericRecord) record.get(HEADER)).put(name, value);
        return this;
    }

    public AvroEvent with(String name, Object value) {
        record.put(name, value);
        return this;
    }

    /** A compound field, of which the parts that are not named are null. */
    public AvroEvent with(String name, Map<String, String> parts) {
        var inner = new GenericData.Record(
                record.getSchema().getField(name).schema().getTypes().get(1));
        parts.forEach(inner::put);
        record.put(name, inner);
        return this;
    }

    /** The name of its schema. */
    public String schema() {
        return record.getSchema().getName();
    }

    public byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
