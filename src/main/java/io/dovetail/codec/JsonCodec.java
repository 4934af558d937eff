package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;

/** JSON (RFC 8259), UTF-8 only; decimals are exact. */
public final class JsonCodec implements Codec {

    @Override
    public JsonNode read(byte[] raw) throws MalformedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public OptionalInt line(byte[] raw, String pointer) {
        throw new UnsupportedOperationException();
    }
}
