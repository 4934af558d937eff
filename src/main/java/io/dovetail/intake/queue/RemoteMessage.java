package io.dovetail.intake.queue;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
        private final MessageDigest digest;
        private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long size;

        /** @param maxBytes that are kept */
        Builder(int maxBytes) {
            this.maxBytes = maxBytes;
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("each Java has it", e);
            }
        }

        void add(ByteBuf piece) {
            size += piece.readableBytes();
            digest.update(piece.nioBuffer());
            if (size > maxBytes) {
                bytes = null;
            }
            var kept = bytes;
            if (kept != null) {
                try {
                    piece.readBytes(kept, piece.readableBytes());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        RemoteMessage build() {
            var kept = bytes;
            return new RemoteMessage(
                    kept == null ? null : kept.toByteArray(),
                    size,
                    HexFormat.of().formatHex(digest.digest()));
        }
    }
}
