package io.dovetail.operate;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** What an operator's order says, each part refused with 400 where it can be no such thing. */
final class Given {

    // those that PostgreSQL and JSON agree on
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private Given() {}

    static String reason(@Nullable String reason) {
        if (reason == null || reason.isBlank()) {
            throw refused("Say why, in \"reason\": it is kept.");
        }
        return reason;
    }

    /** A name or a key, which no database can know if it holds a NUL. */
    static @Nullable String text(String name, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw refused(name + " holds no NUL character.");
        }
        return text;
    }

    /** As {@link #text}, where it becomes an entry of an index. */
    static @Nullable String shortText(String name, @Nullable String text, int maxBytes) {
        if (text != null && text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw refused(name + " has at most " + maxBytes + " bytes.");
        }
        return text(name, text);
    }

    static @Nullable Instant instant(String name, @Nullable Instant instant) {
        if (instant != null && (instant.isBefore(EARLIEST) || instant.isAfter(LATEST))) {
            throw refused(name + " is an instant of the years 1 to 9999.");
        }
        return instant;
    }

    static int within(String name, @Nullable Integer value, int standard, int least, int most) {
        var given = value == null ? standard : value;
        if (given < least || given > most) {
            throw refused(name + " is from " + least + " to " + most + ", not " + given + ".");
        }
        return given;
    }

    private static ResponseStatusException refused(String why) {
        return new ResponseStatusException(HttpStatus.BAD_REQUEST, why);
    }
}
