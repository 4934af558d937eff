package io.dovetail.bench;

import java.time.Instant;

/** Reads from a CloudEvent when its delivery was sent: nanoseconds of the UTC day, found without parsing all of it. */
final class SentAt {

    /** How an order's number begins in which that stands, in microseconds. */
    static final byte IN_NUMBER = 'T';

    private static final byte[] TIME = "\"time\":\"".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] NUMBER = "\"subject\":\"T".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final long DAY = 86_400_000_000_000L;

    private SentAt() {}

    static long now() {
        var now = Instant.now();
        return Math.floorMod(now.getEpochSecond(), 86_400) * 1_000_000_000L + now.getNano();
    }

    /** Of an order as {@link ErpOrders} has them, or else of an event with the time in it. */
    static long inNumberOrTime(byte[] event) {
        var at = after(NUMBER, event);
        if (at < 0) {
            return in(event);
        }
        var micros = 0L;
        for (var i = at; i < at + 11; i++) {
            micros = micros * 10 + event[i] - '0';
        }
        return notAhead(micros * 1_000);
    }

    static long in(byte[] event) {
        var at = after(TIME, event);
        if (at < 0) {
            throw new IllegalArgumentException("An event without time");
        }
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
        return notAhead(seconds * 1_000_000_000L + nanos);
    }

    private static long notAhead(long sent) {
        // sent before midnight, seen after it
        return sent > now() + DAY / 2 ? sent - DAY : sent;
    }

    private static int number(byte[] event, int at) {
        return (event[at] - '0') * 10 + event[at + 1] - '0';
    }

    /** Where what follows this text begins; -1 without it. */
    private static int after(byte[] text, byte[] event) {
        search:
        for (var i = 0; i + text.length < event.length; i++) {
            for (var j = 0; j < text.length; j++) {
                if (event[i + j] != text[j]) {
                    continue search;
                }
            }
            return i + text.length;
        }
        return -1;
    }
}
