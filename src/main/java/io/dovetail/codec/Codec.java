package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns raw bytes into one tree. Implementations are immutable and safe for many threads. */
public sealed interface Codec permits EdiCodec, JsonCodec, JwtCodec, MultipartCodec, XmlCodec {

    /**
     * Parses strictly: well-formed, one document, no duplicate keys, no document type, depth at most 64.
     *
     * @throws MalformedException saying what is wrong, with line and column
     */
    JsonNode read(byte[] raw) throws MalformedException;

    /** About how many bytes of memory the tree takes that {@link #read} gives; rather more than it is than less. */
    long treeSize(byte[] raw);

    /** The same of what was read before it was stored: what it has proved of itself then is not asked again. */
    default JsonNode readStored(byte[] raw) throws MalformedException {
        return read(raw);
    }

    /** The same of what a person has typed. */
    default JsonNode read(String text) throws MalformedException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The line (from 1) on which the node at {@code pointer} (a JSON pointer into the whole tree that {@link #read}
     * gives) begins in the raw bytes; the nearest existing ancestor's line when the node is missing; empty where it
     * cannot be told. Slow: it reads the bytes again, for failures only.
     */
    OptionalInt line(byte[] raw, String pointer);

    /** That line in the words of the format, as {@code line 7}; empty where it cannot be told. */
    default String place(byte[] raw, String pointer) {
        var line = line(raw, pointer);
        return line.isPresent() ? "line " + line.getAsInt() : "";
    }

    /** What speaks against an event's part of the tree before any rule is asked; null: nothing. */
    default @Nullable Objection objection(JsonNode part) {
        return null;
    }

    /**
     * What the protocol wants to be answered to a delivery that is stored; null: nothing of its own.
     *
     * @param tree the very one that {@link #read(byte[])} gave
     * @param objections to its parts, each with a pointer into the tree
     */
    default @Nullable Acknowledgement acknowledge(JsonNode tree, Supplier<List<Objection>> objections, Instant at) {
        return null;
    }

    /** What it wants to be answered to one that cannot be read; null: nothing of its own. */
    default @Nullable Acknowledgement refuse(byte[] raw, Instant at) {
        return null;
    }

    /**
     * The bytes that {@link #read} would read as this tree, which is that of these bytes with other values.
     *
     * @throws MalformedException as {@link #read}
     */
    default byte[] rewrite(byte[] raw, JsonNode tree) throws MalformedException {
        throw new UnsupportedOperationException("nothing is put into what is no JSON");
    }

    /** Whether {@link #redact} can be asked for. */
    default boolean redacts() {
        return false;
    }

    /**
     * The same document with {@value FieldPath#REDACTED} in the place of what the paths lead to; the same bytes where
     * that is nothing.
     *
     * @throws MalformedException as {@link #read}
     */
    default byte[] redact(byte[] raw, List<FieldPath> paths) throws MalformedException {
        throw new UnsupportedOperationException("what is signed as a whole cannot be overwritten");
    }
}
