package io.dovetail.connector.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a connector answers deliveries, where not in the hub's own words.
 *
 * @param accepted null: in the hub's own words
 * @param duplicate null: in the hub's own words
 * @param refused by the reason's name
 */
public record Answers(@Nullable Answer accepted, @Nullable Answer duplicate, Map<String, Answer> refused) {

    /** All in the hub's own words. */
    public static final Answers NONE = new Answers(null, null, Map.of());

    /** Reads {@code answers} once it has proved valid. */
    public static Answers read(JsonNode answers) {
        var accepted = read(answers, "accepted");
        var duplicate = read(answers, "duplicate");
        var refused = new TreeMap<String, Answer>();
        answers.path("refused")
                .properties()
                .forEach(reason -> refused.put(reason.getKey(), Answer.read(reason.getValue(), Word.DETAIL)));
        return new Answers(
                accepted,
                // a vendor that waits for certain words waits for them the second time too
                duplicate == null ? accepted : duplicate,
                Collections.unmodifiableMap(refused));
    }

    private static @Nullable Answer read(JsonNode answers, String name) {
        return answers.has(name) ? Answer.read(answers.path(name), Word.ID) : null;
    }

    /** @param reason its name in {@code connector.yaml}; empty: the hub's own words */
    public Optional<Answer> refused(String reason) {
        return Optional.ofNullable(refused.get(reason));
    }
}
