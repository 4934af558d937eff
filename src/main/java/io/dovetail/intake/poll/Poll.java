package io.dovetail.intake.poll;

import io.dovetail.intake.Letter;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a route asks its source, as its beginning says.
 *
 * @param id of the route: {@code <connector>}, or {@code <connector>.<what>} where a connector has several
 * @param sender in whose name the items are; whoever answers at the route's address is taken for him
 * @param every how long after the source's end it is asked again
 * @param overlap how far behind its end it is read again, for what the source shows late; zero: not at all
 * @param window for how long the source can tell; null: for ever
 * @param begin how far back the first asking begins
 * @param deadline of one page, however many requests it takes
 * @param most how many items it is asked for at a time; null: its route knows
 * @param hurry how soon it is asked, and at most how often, when its system sends something by itself; null: no sooner
 */
public record Poll(
        String id,
        String sender,
        Duration every,
        Duration overlap,
        @Nullable Duration window,
        Duration begin,
        Duration deadline,
        @Nullable Integer most,
        @Nullable Duration hurry) {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAGE = Duration.ofMinutes(5);

    /** @throws IllegalArgumentException naming the parameter that is wrong and what it should be */
    public static Poll of(String id, Map<String, String> parameters) {
        var sender = parameters.getOrDefault("sender", "default");
        if (!sender.matches("[A-Za-z0-9_-]{1,40}")) {
            throw new IllegalArgumentException(
                    "sender is named with letters, digits, hyphens and underscores, not \"" + sender + "\"");
        }
        var poll = new Poll(
                id,
                sender,
                duration(parameters, "every", "PT1M"),
                duration(parameters, "overlap", "PT0S"),
                optional(parameters, "window"),
                duration(parameters, "begin", "PT0S"),
                duration(parameters, "deadline", "PT30S"),
                most(parameters.getOrDefault("most", "")),
                optional(parameters, "hurry"));
        if (poll.every.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("every is a second or more, as PT1M");
        }
        if (poll.window != null && poll.window.compareTo(poll.overlap.plus(poll.every)) <= 0) {
            throw new IllegalArgumentException("window, for how long the source can tell, is longer than overlap and"
                    + " every together, or each asking would come too late");
        }
        if (poll.deadline.compareTo(LEAST) < 0 || poll.deadline.compareTo(LONGEST_PAGE) > 0) {
            throw new IllegalArgumentException("deadline is a second to five minutes, as PT30S");
        }
        if (poll.hurry != null && poll.hurry.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("hurry is a second or more, as PT5S");
        }
        return poll;
    }

    private static @Nullable Integer most(String text) {
        if (!text.matches("([1-9]\\d{0,3}|10000)?")) {
            throw new IllegalArgumentException("most is a number from 1 to 10000, as 100, not \"" + text + "\"");
        }
        return text.isEmpty() ? null : Integer.valueOf(text);
    }

    private static @Nullable Duration optional(Map<String, String> parameters, String name) {
        return parameters.getOrDefault(name, "").isBlank() ? null : duration(parameters, name, "");
    }

    private static Duration duration(Map<String, String> parameters, String name, String preset) {
        var text = parameters.getOrDefault(name, preset);
        try {
            var duration = Duration.parse(text);
            if (!duration.isNegative() && duration.toDays() <= 36_500) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // said below, with what it should be
        }
        throw new IllegalArgumentException(name + " is a duration such as PT5M or P30D, not \"" + text + "\"");
    }

    public String connector() {
        return id.split("\\.", 2)[0];
    }

    boolean overlaps() {
        return overlap.isPositive();
    }

    Letter letter(byte[] body) {
        return letter("application/json", body);
    }

    /** Of a body that is the sender's own, of the connector's own media type. */
    Letter text(byte[] body) {
        return letter(null, body);
    }

    private Letter letter(@Nullable String type, byte[] body) {
        // without an id of its own: its bytes are what it is known by when it is read again
        return new Letter(sender, null, false, type, body, null);
    }
}
