package io.dovetail.intake;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** UUID version 7 (RFC 9562, section 5.7): rising with time, so that the newest rows of an index lie side by side. */
final class DeliveryIds {

    private DeliveryIds() {}

    static UUID next(Clock clock) {
        var random = ThreadLocalRandom.current();
        return new UUID(
                clock.millis() << 16 | 0x7000 | random.nextInt(0x1000),
                random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
    }

    /** When it was made, to the millisecond. */
    static Instant time(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }
}
