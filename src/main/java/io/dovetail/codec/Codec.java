package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;

/** Turns raw bytes into one tree. Implementations are immutable and safe for many threads. */
public sealed interface Codec permits JsonCodec, JwtCodec, XmlCodec {

    /**
     * Parses strictly: well-formed, one document, no duplicate keys, no document type, depth at most 64.
     *
     * @throws MalformedException saying what is wrong, with line and column
     */
    JsonNode read(byte[] raw) throws MalformedException;

    /**
     * The line (from 1) on which the node at {@code pointer} (a JSON pointer into the whole tree that {@link #read}
     * gives) begins in the raw bytes; the nearest existing ancestor's line when the node is missing; empty where it
     * cannot be told. Slow: it reads the bytes again, for failures only.
     */
    OptionalInt line(byte[] raw, String pointer);
}
