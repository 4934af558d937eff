package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a connector's route asks other systems.
 *
 * @param deadline of one attempt as a whole, however many requests it makes
 * @param atOnce how many events may ask at the same time
 */
public record Calls(Duration deadline, int atOnce) {

    private static final Pattern DEADLINE = Pattern.compile("([1-9]\\d{0,4})(ms|s)");

    /** Null when there is none; the schema has seen to the rest. */
    static @Nullable Calls read(JsonNode calls) {
        if (!calls.isObject()) {
            return null;
        }
        var deadline = DEADLINE.matcher(calls.path("deadline").asText("5s"));
        if (!deadline.matches()) {
            return null;
        }
        var number = Long.parseLong(deadline.group(1));
        return new Calls(
                deadline.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number),
                calls.path("atOnce").asInt(8));
    }
}
