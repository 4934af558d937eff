package io.dovetail.bench;

import java.time.Instant;

/** Reads from a CloudEvent when its delivery was sent: nanoseconds of the UTC day, found without parsing all of it. */
final class SentAt {

    private static final byte[] TIME = "\"time\":\"".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final long DAY = 86_400_000_000_000L;

    private SentAt() {}

    static long now() {
        var now = Instant.now();
        return Math.floorMod(now.getEpochSecond(), 86_400) * 1_000_000_000L + now.getNano();
    }

    static long in(byte[] event) {
        var at = after(event);
        // 2026-03-11T09:15:02.250123Z
        var seconds = number(event, at + 11) * 3_600L + number(event, at + 14) * 60L + number(event, at + 17);
        var nanos = 0L;
        var unit = 100_000_000L;
        if (event[at + 19] == '.') {
            for (var i = at + 20; event[i] >= '0' && event[i] <= '9'; i++) {
                nanos += (event[i] - '0') * unit;
                unit /= 10;
            }
        }
        var sent = seconds * 1_000_000_000L + nanos;
        // sent before midnight, seen after it
        return sent > now() + DAY / 2 ? sent - DAY : sent;
    }

    private static int number(byte[] event, int at) {
        return (event[at] - '0') * 10 + event[at + 1] - '0';
    }

    private static int after(byte[] event) {
        search:
        for (var i = 0; i + TIME.length < event.length; i++) {
            for (var j = 0; j < TIME.length; j++) {
                if (event[i + j] != TIME[j]) {
                    continue search;
                }
            }
            return i + TIME.length;
        }
        throw new IllegalArgumentException("An event without time");
    }
}
