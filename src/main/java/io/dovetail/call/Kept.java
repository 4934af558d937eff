package io.dovetail.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers that may be given again for a while: of a few questions, since each may be large. */
final class Kept {

    private static final int MOST = 32;

    private final Clock clock;

    /** The one that was used longest ago comes first. */
    private final Map<String, Answered> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answered> eldest) {
            return size() > MOST;
        }
    };

    private record Answered(JsonNode tree, Instant until) {}

    Kept(Clock clock) {
        this.clock = clock;
    }

    /** Null where it is to be asked. */
    synchronized @Nullable JsonNode of(String connector, Request request) {
        if (!request.reading().keptFor().isPositive()) {
            return null;
        }
        var known = answers.get(key(connector, request));
        // nobody writes into a tree, but a route may, into what it takes for its own
        return known != null && clock.instant().isBefore(known.until) ? known.tree.deepCopy() : null;
    }

    synchronized void keep(String connector, Request request, JsonNode tree) {
        if (request.reading().keptFor().isPositive()) {
            answers.put(
                    key(connector, request),
                    new Answered(
                            tree.deepCopy(),
                            clock.instant().plus(request.reading().keptFor())));
        }
    }

    /** Another question, or the same in other words, has another one. */
    private static String key(String connector, Request request) {
        return connector + " " + request.address() + " " + request.headers() + " " + request.reading() + " "
                + request.credentials();
    }
}
