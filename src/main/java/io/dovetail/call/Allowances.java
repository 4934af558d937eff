package io.dovetail.call;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What systems still allow, connector by connector, so that nobody asks until nothing is left. */
final class Allowances {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration UNSAID = Duration.ofHours(1);
    private static final Duration LONGEST_PACE = Duration.ofHours(1);

    // the last is as "Fri, 02-May-2014 14:22:13 GMT-0700 (PDT)", without what stands in brackets
    private static final List<DateTimeFormatter> FORMS = List.of(
            DateTimeFormatter.ISO_OFFSET_DATE_TIME,
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("EEE, dd-MMM-uuuu HH:mm:ss 'GMT'XX", Locale.ENGLISH));

    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<String, Left> left = new ConcurrentHashMap<>();

    /** @param until when it is of no meaning any more */
    private record Left(long requests, Instant until) {}

    Allowances(Clock clock, MeterRegistry meters) {
        this.clock = clock;
        this.meters = meters;
    }

    /** What an answer says of it. */
    void note(String connector, Request request, Answer answer) {
        var allowance = request.allowance();
        if (allowance == null) {
            return;
        }
        var said = header(answer, allowance.header());
        if (said == null || !said.strip().matches("\\d{1,15}")) {
            return;
        }
        var now = clock.instant();
        var reset = allowance.reset() == null ? null : time(header(answer, allowance.reset()));
        var until = reset == null ? now.plus(UNSAID) : reset;
        var latest = now.plus(LONGEST);
        var noted = new Left(Long.parseLong(said.strip()), until.isAfter(latest) ? latest : until);
        if (left.put(connector, noted) == null) {
            Gauge.builder("hub_calls_allowance_left", () -> requests(connector))
                    .tag("connector", connector)
                    .description("Requests that the system of a connector still allows, as it last said")
                    .register(meters);
        }
    }

    private double requests(String connector) {
        var known = left.get(connector);
        return known == null ? Double.NaN : known.requests;
    }

    /** @throws io.dovetail.event.FailedException of kind EXTERNAL when so many are not left as the request leaves to others */
    void check(String connector, Request request) {
        var allowance = request.allowance();
        var known = left.get(connector);
        if (allowance == null || known == null || known.requests > allowance.reserve()) {
            return;
        }
        var wait = Duration.between(clock.instant(), known.until);
        if (wait.isPositive()) {
            throw Verdict.usedUp(request, known.requests, known.until, wait);
        }
    }

    /** Between two askings, so that what is left lasts until there is more. */
    Duration pace(String connector) {
        var known = left.get(connector);
        if (known == null) {
            return Duration.ZERO;
        }
        var time = Duration.between(clock.instant(), known.until);
        var pace = time.isPositive() ? time.dividedBy(Math.max(1, known.requests)) : Duration.ZERO;
        return pace.compareTo(LONGEST_PACE) > 0 ? LONGEST_PACE : pace;
    }

    private static @Nullable String header(Answer answer, String name) {
        return answer.headers().get(name);
    }

    private static @Nullable Instant time(@Nullable String text) {
        var plain = text == null
                ? ""
                : text.replaceFirst("\\s*\\([^()]*\\)\\s*$", "").strip();
        for (var form : FORMS) {
            try {
                return OffsetDateTime.parse(plain, form).toInstant();
            } catch (DateTimeException e) {
                // perhaps the next
            }
        }
        return null;
    }
}
