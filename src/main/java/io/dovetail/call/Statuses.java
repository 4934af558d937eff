package io.dovetail.call;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** Which statuses of HTTP are an answer: {@code 200-299}, or {@code 200-299,404} where nothing found is one too. */
public record Statuses(List<Range> ranges) {

    /** Both ends are in it. */
    public record Range(int from, int to) {
        private boolean holds(int status) {
            return from <= status && status <= to;
        }
    }

    private static final Pattern FROM_TO = Pattern.compile("([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");

    /** @throws IllegalArgumentException when it is something else, or would take for an answer what says to come again */
    public static Statuses of(String text) {
        var ranges = new ArrayList<Range>();
        for (var part : text.split(",")) {
            var range = FROM_TO.matcher(part.strip());
            if (!range.matches()) {
                throw new IllegalArgumentException(
                        "okStatusCodeRange is a list of statuses as 200-299,404, not " + text);
            }
            var from = Integer.parseInt(range.group(1));
            var to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
            ranges.add(new Range(from, to));
        }
        IntPredicate isAnswer = status -> status / 100 == 2 || status == 404 || status == 410;
        if (ranges.stream().anyMatch(r -> r.from > r.to || !isAnswer.test(r.from) || !isAnswer.test(r.to))) {
            throw new IllegalArgumentException(
                    "okStatusCodeRange may hold 200 to 299, 404 and 410: what else an answer says is for the hub to judge");
        }
        return new Statuses(List.copyOf(ranges));
    }

    boolean hold(int status) {
        return ranges.stream().anyMatch(range -> range.holds(status));
    }
}
