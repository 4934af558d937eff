package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Expression;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rule that every connector has whose source is asked for news, before its own: what the hub hands over in the
 * source's place, {@code {"hub": "source.gap", …}}, is published as {@code source.gap.v1}.
 */
final class GapRule {

    private static final String PLACE = "the hub's own rule of gaps";
    private static final String EMITS = "source.gap.v1";

    private static final Expression WHEN = compile(".hub == \"source.gap\"");
    private static final Expression ID = compile(".poll + \" \" + .lastReadAt");
    private static final Map<String, Expression> KEYS = Map.of("poll", compile(".poll"));
    private static final Expression MAPPING = compile("""
            {
              "subject": .poll,
              "time": .lastReadAt,
              "data": { "poll": .poll, "lastReadAt": .lastReadAt, "window": .window }
            }""");

    private GapRule() {}

    /** Null where the schemas are missing that it is made of. */
    static @Nullable EventRule of(Schemas schemas) {
        var contract = schemas.find("hub/source-gap.v1");
        var canonical = schemas.find("events/" + EMITS);
        return contract == null || canonical == null
                ? null
                : new EventRule(WHEN, contract, MAPPING, EMITS, canonical, Map.of(), ID, false, null, KEYS);
    }

    static boolean isFirstOf(List<EventRule> rules) {
        return !rules.isEmpty() && rules.getFirst().when() == WHEN;
    }

    static boolean tells(JsonNode tree) {
        return WHEN.test(tree);
    }

    private static Expression compile(String source) {
        return Expression.compile(source, PLACE);
    }
}
