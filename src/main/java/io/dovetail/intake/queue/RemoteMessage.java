package io.dovetail.intake.queue;

import io.dovetail.event.Digests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A message as another broker sent it.
 *
 * @param bytes of its sections (AMQP 1.0, 3.2); null: there were too many to keep
 * @param size of them
 * @param sha256 of them, in hexadecimal
 */
record RemoteMessage(byte @Nullable [] bytes, long size, String sha256) {

    /** In bytes, of what is in memory. */
    long kept() {
        return bytes == null ? 0 : size;
    }

    /** Takes it in pieces. */
    static final class Builder {

        private final int maxBytes;
        private final MessageDigest digest = Digests.of("SHA-256");
        private @Nullable ByteBuf bytes = Unpooled.buffer();
        private long size;

        /** @param maxBytes that are kept */
        Builder(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        void add(ByteBuf piece) {
            size += piece.readableBytes();
            digest.update(piece.nioBuffer());
            if (size > maxBytes) {
                bytes = null;
            }
            var kept = bytes;
            if (kept != null) {
                kept.writeBytes(piece);
            }
        }

        RemoteMessage build() {
            var kept = bytes;
            return new RemoteMessage(
                    kept == null ? null : ByteBufUtil.getBytes(kept),
                    size,
                    HexFormat.of().formatHex(digest.digest()));
        }
    }
}
