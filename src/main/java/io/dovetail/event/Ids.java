package io.dovetail.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Names that are the same whenever they are computed again: UUID version 5 (RFC 9562, section 5.5), so that a resend, a
 * crash or a replay never gives one business event two ids.
 */
public final class Ids {

    /** The name space of all ids of Dovetail. */
    private static final UUID NAMESPACE = UUID.fromString("4f1bd9a2-7c5e-5b6e-9d0b-0f6a3c9e2d41");

    private Ids() {}

    /** The id of the event that {@code sender} of {@code connector} calls {@code sourceId}. */
    public static UUID event(String connector, String sender, String sourceId) {
        return uuid5("event", connector, sender, sourceId);
    }

    /** The id of the run of {@code workflow} that an event asks for. */
    public static UUID trigger(UUID event, String workflow) {
        return uuid5("trigger", event.toString(), workflow);
    }

    /** The id of an event whose published content was changed on purpose for the {@code revision}th time. */
    public static UUID revised(UUID first, int revision) {
        return uuid5("revision", first.toString(), Integer.toString(revision));
    }

    private static UUID uuid5(String... parts) {
        var sha1 = Digests.of("SHA-1");
        sha1.update(ByteBuffer.allocate(16)
                .putLong(NAMESPACE.getMostSignificantBits())
                .putLong(NAMESPACE.getLeastSignificantBits())
                .flip());
        for (var part : parts) {
            var bytes = part.getBytes(StandardCharsets.UTF_8);
            // lengths, so that ("a", "bc") and ("ab", "c") differ whatever characters a sender chooses
            sha1.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            sha1.update(bytes);
        }
        var hash = ByteBuffer.wrap(sha1.digest());
        return new UUID(hash.getLong() & ~0xF000L | 0x5000L, hash.getLong() & ~(3L << 62) | 2L << 62);
    }
}
