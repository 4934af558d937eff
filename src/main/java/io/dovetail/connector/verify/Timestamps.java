package io.dovetail.connector.verify;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a sender writes when it sent. */
enum Timestamps {
    SECONDS,
    MILLIS,
    ISO8601;

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,14}");
    // the longest that a sender writes has nine digits of a second and an offset
    private static final int MAX_ISO = 40;

    static Timestamps of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Whether it is a time of this form, off by no more than that to either side. */
    boolean isNow(String text, Duration tolerance, Clock clock) {
        return parse(text)
                .map(sent -> Duration.between(sent, clock.instant()).abs().compareTo(tolerance) <= 0)
                .orElse(false);
    }

    private Optional<Instant> parse(String text) {
        if (this == ISO8601 ? text.length() > MAX_ISO : !NUMBER.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    switch (this) {
                        case SECONDS -> Instant.ofEpochSecond(Long.parseLong(text));
                        case MILLIS -> Instant.ofEpochMilli(Long.parseLong(text));
                        case ISO8601 -> OffsetDateTime.parse(text).toInstant();
                    });
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    String write(Instant at) {
        return switch (this) {
            case SECONDS -> Long.toString(at.getEpochSecond());
            case MILLIS -> Long.toString(at.toEpochMilli());
            case ISO8601 -> at.truncatedTo(ChronoUnit.SECONDS).toString();
        };
    }
}
