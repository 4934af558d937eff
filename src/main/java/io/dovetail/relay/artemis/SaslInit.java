package io.dovetail.relay.artemis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The one frame by which somebody logs in: {@code sasl-init} by PLAIN, with his name and his password (AMQP 1.0, 5.3.3.2).
 * Nothing else of a stranger is decoded. Proton remembers each symbol that it ever reads, and there is room for a hundred
 * in a frame.
 */
final class SaslInit {

    private static final int FRAME_TYPE = 1;
    private static final int HEADER_BYTES = 8;
    private static final int CODE = 0x41;
    private static final ByteBuf PLAIN = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("PLAIN", StandardCharsets.US_ASCII).asReadOnly());

    private SaslInit() {}

    /** @param frame all of it, of at least eight bytes, from its size on */
    static boolean isByPassword(ByteBuf frame) {
        if (frame.getByte(frame.readerIndex() + 4) != 2 || frame.getByte(frame.readerIndex() + 5) != FRAME_TYPE) {
            return false;
        }
        var fields = frame.slice(frame.readerIndex() + HEADER_BYTES, frame.readableBytes() - HEADER_BYTES);
        try {
            return isInit(fields) && isList(fields) && !fields.isReadable();
        } catch (IndexOutOfBoundsException e) {
            return false; // it ends before it says what it promised
        }
    }

    /** A described type by its number, small or not. */
    private static boolean isInit(ByteBuf in) {
        if (in.readByte() != 0) {
            return false;
        }
        return switch (in.readUnsignedByte()) {
            case 0x53 -> in.readByte() == CODE;
            case 0x80 -> in.readLong() == CODE;
            default -> false;
        };
    }

    private static boolean isList(ByteBuf in) {
        var code = in.readUnsignedByte();
        if (code != 0xc0 && code != 0xd0) {
            return false;
        }
        var isSmall = code == 0xc0;
        var size = isSmall ? in.readUnsignedByte() : in.readInt();
        if (size != in.readableBytes()) {
            return false;
        }
        var count = isSmall ? in.readUnsignedByte() : in.readInt();
        return (count == 2 || count == 3)
                && PLAIN.equals(bytes(in, 0xa3))
                && bytes(in, 0xa0) != null
                && (count == 2 || isNull(in) || bytes(in, 0xa1) != null);
    }

    private static boolean isNull(ByteBuf in) {
        var isNull = in.getUnsignedByte(in.readerIndex()) == 0x40;
        in.skipBytes(isNull ? 1 : 0);
        return isNull;
    }

    /** Of a type with a length of one byte, or the same with one of four; null: of another. */
    private static @Nullable ByteBuf bytes(ByteBuf in, int small) {
        var code = in.readUnsignedByte();
        if (code != small && code != small + 0x10) {
            return null;
        }
        var length = code == small ? in.readUnsignedByte() : in.readInt();
        return length < 0 ? null : in.readSlice(length);
    }
}
