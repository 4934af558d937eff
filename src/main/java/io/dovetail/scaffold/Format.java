package io.dovetail.scaffold;

import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Formats of texts that JSON Schema knows, each at least as strict as the hub's validator. */
enum Format {
    DATE_TIME(
            "date-time",
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)",
            Format::isMoment),
    DATE("date", "\\d{4}-\\d\\d-\\d\\d", Format::isDay),
    UUID("uuid", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text -> true),
    EMAIL(
            "email",
            "[A-Za-z0-9][A-Za-z0-9_+-]*(\\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]{1,60}(\\.[A-Za-z0-9-]{1,60})*\\.[A-Za-z]{2,20}",
            Format::isShort),
    URI("uri", "https?://[A-Za-z0-9][!-~]*", Format::isAddress);

    private static final int LONGEST = 250;

    /** As JSON Schema names it. */
    final String word;

    private final Pattern form;
    private final Predicate<String> further;

    Format(String word, String form, Predicate<String> further) {
        this.word = word;
        this.form = Pattern.compile(form);
        this.further = further;
    }

    static Optional<Format> named(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word.equals(word))
                .findFirst();
    }

    boolean fits(String text) {
        return text.length() <= 2000 && form.matcher(text).matches() && further.test(text);
    }

    private static boolean isShort(String text) {
        return text.length() <= LONGEST;
    }

    private static boolean isMoment(String text) {
        try {
            return OffsetDateTime.parse(text)
                    .toInstant()
                    .isAfter(java.time.Instant.EPOCH.minusSeconds(60_000_000_000L));
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDay(String text) {
        try {
            return LocalDate.parse(text).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isAddress(String text) {
        try {
            return new URI(text).getHost() != null;
        } catch (java.net.URISyntaxException e) {
            return false;
        }
    }
}
