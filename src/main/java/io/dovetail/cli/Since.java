package io.dovetail.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as people write it: {@code 2h} ago, a day, or an instant. */
final class Since implements ITypeConverter<Instant> {

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([mhd])");

    @Override
    public Instant convert(String text) {
        var ago = AGO.matcher(text);
        try {
            if (ago.matches()) {
                var number = Long.parseLong(ago.group(1));
                return Instant.now()
                        .minus(
                                switch (ago.group(2)) {
                                    case "m" -> Duration.ofMinutes(number);
                                    case "h" -> Duration.ofHours(number);
                                    default -> Duration.ofDays(number);
                                });
            }
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "\"" + text + "\" is no time: write 30m, 2h or 7d, 2026-03-11 or 2026-03-11T10:00:00Z");
        }
    }
}
