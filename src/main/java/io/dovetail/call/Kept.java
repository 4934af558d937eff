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
    private final Map<Question, Answered> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Answered> eldest) {
            return size() > MOST;
        }
    };

    /** In other words, or from another asker, it is another one. */
    private record Question(
            String connector,
            String address,
            Map<String, String> headers,
            Reading reading,
            @Nullable Credentials credentials) {

        static Question of(String connector, Request request) {
            return new Question(
                    connector, request.address(), request.headers(), request.reading(), request.credentials());
        }
    }

    private record Answered(JsonNode tree, Instant until) {}

    Kept(Clock clock) {
        this.clock = clock;
    }

    /** Null where it is to be asked. */
    synchronized @Nullable JsonNode of(String connector, Request request) {
        if (!request.reading().keptFor().isPositive()) {
            return null;
        }
        var known = answers.get(Question.of(connector, request));
        // nobody writes into a tree, but a route may, into what it takes for its own
        return known != null && clock.instant().isBefore(known.until) ? known.tree.deepCopy() : null;
    }

    synchronized void keep(String connector, Request request, JsonNode tree) {
        if (request.reading().keptFor().isPositive()) {
            answers.put(
                    Question.of(connector, request),
                    new Answered(
                            tree.deepCopy(),
                            clock.instant().plus(request.reading().keptFor())));
        }
    }
}
