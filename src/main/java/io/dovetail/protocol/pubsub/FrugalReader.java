package io.dovetail.protocol.pubsub;

import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.ResolvingDecoder;

/**
 * Reads one event, and makes no more of it than its bytes can mean. In Avro a null takes no byte, so that a few may say that
 * a million of them follow, in each of a million lists.
 */
final class FrugalReader extends GenericDatumReader<GenericRecord> {

    /** A field that is there takes a byte; around it are its union, its record and that one's union. */
    private static final long VALUES_PER_BYTE = 4;

    private static final long VALUES = 1_000;

    private static final GenericData DATA = new GenericData();

    static {
        // the fast reader asks nobody
        DATA.setFastReaderEnabled(false);
    }

    private long left;

    FrugalReader(Schema schema, int bytes) {
        super(schema, schema, DATA);
        this.left = VALUES + VALUES_PER_BYTE * bytes;
    }

    /** Of each value, that of a list too. */
    @Override
    protected Object readWithoutConversion(Object old, Schema expected, ResolvingDecoder in) throws IOException {
        left--;
        check(0);
        return super.readWithoutConversion(old, expected, in);
    }

    @Override
    protected Object newArray(Object old, int size, Schema schema) {
        check(size);
        return super.newArray(old, size, schema);
    }

    @Override
    protected Object newMap(Object old, int size) {
        check(size);
        return super.newMap(old, size);
    }

    /** Room is made for as many before one of them is read. */
    private void check(int size) {
        if (left < size) {
            throw new AvroRuntimeException("it has more values than its bytes can mean");
        }
    }
}
