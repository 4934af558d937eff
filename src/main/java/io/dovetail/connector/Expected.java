package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.event.Event;
import io.dovetail.event.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How one business event of a sample must end: one entry of {@code events.json}. */
public sealed interface Expected {

    /** Ignored by rule, with a reason that holds this piece. */
    record Ignored(String piece) implements Expected {}

    /** The same as one that came before it in the delivery, under this id of the source. */
    record Duplicate(String id) implements Expected {}

    /** Parked, for a reason that holds this piece. */
    record Parked(String piece) implements Expected {}

    /** Waits for another system, which was asked in vain, for a reason that holds this piece. */
    record Waiting(String piece) implements Expected {}

    /**
     * Said, as this canonical event with exactly these triggers.
     *
     * @param id the source's id; null: not compared
     * @param key the ordering key; null: there is none
     * @param keys business keys; null: not compared
     */
    record Said(
            String type,
            @Nullable String subject,
            Instant time,
            @Nullable String id,
            @Nullable String key,
            @Nullable Map<String, String> keys,
            JsonNode data,
            List<Start> triggers)
            implements Expected {

        /** Where what came out differs from what was expected, each in a sentence; empty when it does not. */
        public List<String> differences(Part part, Event event, List<Trigger> actual, Instant acceptedAt) {
            var found = new ArrayList<String>();
            differ(found, "type", type, event.type());
            differ(found, "subject", subject, event.subject());
            differ(found, "time", time, event.time());
            differ(found, "key", key, event.key());
            if (id != null) {
                differ(found, "id", id, part.id());
            }
            if (keys != null) {
                differ(found, "keys", keys, part.keys());
            }
            TreeDifference.find(data, event.data(), "data", found);
            var starts = actual.stream().map(t -> Start.of(t, acceptedAt)).toList();
            differ(found, "the number of triggers", triggers.size(), starts.size());
            for (var expected : triggers) {
                starts.stream()
                        .filter(start -> start.workflow().equals(expected.workflow()))
                        .findFirst()
                        .ifPresentOrElse(
                                start -> expected.differ(start, found),
                                () -> found.add("the trigger of " + expected.workflow() + " is missing"));
            }
            return found;
        }
    }

    /**
     * A trigger.
     *
     * @param priority in lower case
     * @param due from acceptance
     * @param approval why a person must approve; null: nobody has to
     * @param policy the route that decided; null: not compared
     */
    record Start(
            String workflow,
            String priority,
            Duration due,
            @Nullable String approval,
            @Nullable String policy) {

        static Start of(Trigger trigger, Instant acceptedAt) {
            return new Start(
                    trigger.workflow(),
                    trigger.priority().name().toLowerCase(Locale.ROOT),
                    Duration.between(acceptedAt, trigger.due()),
                    trigger.approval(),
                    trigger.policy());
        }

        private void differ(Start actual, List<String> found) {
            var name = "trigger " + workflow + ": ";
            Expected.differ(found, name + "priority", priority, actual.priority);
            Expected.differ(found, name + "due", due, actual.due);
            Expected.differ(found, name + "approval", approval, actual.approval);
            if (policy != null) {
                Expected.differ(found, name + "policy", policy, actual.policy);
            }
        }
    }

    private static void differ(List<String> found, String what, @Nullable Object expected, @Nullable Object actual) {
        if (!Objects.equals(expected, actual)) {
            found.add(what + " is " + actual + ", expected " + expected);
        }
    }
}
