package io.dovetail.intake.queue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.intake.Letter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that is read of another broker's message (AMQP 1.0, 3.2): its body's bytes, content type, id and trace. What was said
 * of anything else makes no difference, and no library remembers it.
 */
final class RemoteContent {

    private static final int MAX_VALUES = 65_536;
    private static final int MAX_TRACE = 256;
    private static final int CONTENT_TYPE = 6; // its place among the properties, of which the id is the first (3.2.4)

    private static final ByteBuf TRACEPARENT = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("traceparent", UTF_8));

    // types by the code of their short form (1.6), whose size has one byte; that of the long form has four
    private static final int LONG_FORM = 0x10;
    private static final Set<Integer> BINARY = Set.of(0xa0);
    private static final Set<Integer> TEXT = Set.of(0xa1);
    private static final Set<Integer> TEXT_OR_BINARY = Set.of(0xa0, 0xa1);
    private static final Set<Integer> SYMBOL = Set.of(0xa3);
    private static final Set<Integer> LIST = Set.of(0xc0);
    private static final Set<Integer> MAP = Set.of(0xc1);

    private static final int HEADER = 0x70;
    private static final int PROPERTIES = 0x73;
    private static final int APPLICATION_PROPERTIES = 0x74;
    private static final int DATA = 0x75;
    private static final int SEQUENCE = 0x76;
    private static final int VALUE = 0x77;
    private static final int FOOTER = 0x78;

    private static final Map<String, Integer> SECTIONS = Map.of(
            "amqp:header:list",
            HEADER,
            "amqp:delivery-annotations:map",
            0x71,
            "amqp:message-annotations:map",
            0x72,
            "amqp:properties:list",
            PROPERTIES,
            "amqp:application-properties:map",
            APPLICATION_PROPERTIES,
            "amqp:data:binary",
            DATA,
            "amqp:amqp-sequence:list",
            SEQUENCE,
            "amqp:amqp-value:*",
            VALUE,
            "amqp:footer:map",
            FOOTER);

    private final AmqpValues values = whatever();
    private final List<ByteBuf> body = new ArrayList<>();
    private boolean isStructure;
    private String type = "";
    private @Nullable String id;
    private @Nullable String trace;

    private RemoteContent() {}

    /** @throws AmqpValues.Fault when it is no message, or has more values, or deeper ones, than a message may have */
    static RemoteContent of(byte[] message) throws AmqpValues.Fault {
        var content = new RemoteContent();
        content.read(Unpooled.wrappedBuffer(message));
        return content;
    }

    /** As its sender wrote it; empty: none. */
    String type() {
        return type;
    }

    /** Null: none, or one that is no id here. */
    @Nullable
    String id() {
        return id;
    }

    @Nullable
    String trace() {
        return trace;
    }

    /** The sections of data one after the other, or one value of text or bytes; null: something else. */
    byte @Nullable [] body() {
        return isStructure
                ? null
                : ByteBufUtil.getBytes(Unpooled.wrappedUnmodifiableBuffer(body.toArray(ByteBuf[]::new)));
    }

    /** Nothing of what it reads is remembered. */
    private static AmqpValues whatever() {
        return new AmqpValues(name -> true, MAX_VALUES, Long.MAX_VALUE);
    }

    private void read(ByteBuf message) throws AmqpValues.Fault {
        while (message.isReadable()) {
            var section = next(values, message);
            take(section(section), section);
        }
    }

    /** The bytes of one value. */
    private static ByteBuf next(AmqpValues values, ByteBuf bytes) throws AmqpValues.Fault {
        var start = bytes.readerIndex();
        if (!values.read(bytes)) {
            throw new AmqpValues.Fault("It ends too early.");
        }
        return bytes.slice(start, bytes.readerIndex() - start);
    }

    /** Reads what says which it is (1.2), and leaves its value. */
    private static int section(ByteBuf bytes) throws AmqpValues.Fault {
        var section = 0L;
        if (bytes.readByte() == 0) {
            var descriptor = next(whatever(), bytes);
            var name = symbol(descriptor);
            section = name != null ? SECTIONS.getOrDefault(name, 0) : unsigned(descriptor);
        }
        if (section < HEADER || section > FOOTER) {
            throw new AmqpValues.Fault("There is something in it that is no section (3.2).");
        }
        return (int) section;
    }

    private void take(int section, ByteBuf value) throws AmqpValues.Fault {
        switch (section) {
            case PROPERTIES -> properties(new Elements(value, LIST));
            case APPLICATION_PROPERTIES -> application(new Elements(value, MAP));
            case DATA -> add(bytes(value, BINARY));
            case SEQUENCE -> isStructure = true;
            case VALUE -> {
                // there is one, and no data beside it (3.2)
                isStructure |= !body.isEmpty();
                add(bytes(value, TEXT_OR_BINARY));
            }
            default -> {
                // what a broker wants to know of it
            }
        }
    }

    private void add(@Nullable ByteBuf bytes) {
        if (bytes == null) {
            isStructure = true;
        } else {
            body.add(bytes);
        }
    }

    private void properties(Elements properties) throws AmqpValues.Fault {
        for (var place = 0; place <= CONTENT_TYPE && properties.left > 0; place++) {
            var value = properties.next();
            if (place == 0) {
                id = id(value);
            } else if (place == CONTENT_TYPE) {
                var name = symbol(value);
                type = name == null ? "" : name;
            }
        }
    }

    private void application(Elements properties) throws AmqpValues.Fault {
        while (properties.left > 1) {
            var key = bytes(properties.next(), TEXT);
            var value = bytes(properties.next(), TEXT);
            if (TRACEPARENT.equals(key) && value != null && value.readableBytes() <= MAX_TRACE) {
                trace = value.toString(UTF_8);
            }
        }
    }

    /** What is in a list or a map (1.6.22, 1.6.23); of anything else, nothing. */
    private static final class Elements {

        private final AmqpValues values = whatever();
        private final ByteBuf bytes;
        private long left;

        private Elements(ByteBuf holder, Set<Integer> types) {
            bytes = holder;
            switch (sizeBytes(holder.readUnsignedByte(), types)) {
                case Byte.BYTES -> left = holder.skipBytes(Byte.BYTES).readUnsignedByte();
                case Integer.BYTES -> left = holder.skipBytes(Integer.BYTES).readUnsignedInt();
                default -> left = 0;
            }
        }

        private ByteBuf next() throws AmqpValues.Fault {
            left--;
            return RemoteContent.next(values, bytes);
        }
    }

    /** Of a value of such a type (1.6); null: it is of another one. */
    private static @Nullable ByteBuf bytes(ByteBuf value, Set<Integer> types) {
        var head = 1 + sizeBytes(value.getUnsignedByte(value.readerIndex()), types);
        return head == 1 ? null : value.slice(value.readerIndex() + head, value.readableBytes() - head);
    }

    /** 0: it is of another type. */
    private static int sizeBytes(int code, Set<Integer> types) {
        return types.contains(code) ? Byte.BYTES : types.contains(code - LONG_FORM) ? Integer.BYTES : 0;
    }

    private static @Nullable String symbol(ByteBuf value) {
        var bytes = bytes(value, SYMBOL);
        return bytes == null ? null : bytes.toString(ISO_8859_1);
    }

    /** An unsigned long; of another type: 0. */
    private static long unsigned(ByteBuf value) {
        var at = value.readerIndex();
        return switch (value.getUnsignedByte(at)) {
            case 0x53 -> value.getUnsignedByte(at + 1);
            case 0x80 -> value.getLong(at + 1);
            default -> 0;
        };
    }

    /** Some brokers let pass what is of a type that no id has (3.2.11 to 3.2.14). */
    private static @Nullable String id(ByteBuf value) {
        var at = value.readerIndex();
        var code = value.getUnsignedByte(at);
        var id = switch (code) {
            case 0x44, 0x53, 0x80 -> Long.toUnsignedString(unsigned(value));
            case 0x98 -> new UUID(value.getLong(at + 1), value.getLong(at + 1 + Long.BYTES)).toString();
            default -> {
                var bytes = bytes(value, TEXT_OR_BINARY);
                yield bytes == null || bytes.readableBytes() > Letter.MAX_ID
                        ? ""
                        : sizeBytes(code, BINARY) > 0 ? ByteBufUtil.hexDump(bytes) : bytes.toString(UTF_8);
            }
        };
        return id.length() > Letter.MAX_ID || !id.matches("[!-~]+") ? null : id;
    }
}
