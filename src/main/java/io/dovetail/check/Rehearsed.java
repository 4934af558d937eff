package io.dovetail.check;

import io.dovetail.connector.EventRule;
import io.dovetail.connector.Part;
import io.dovetail.event.Event;
import io.dovetail.event.Failure;
import io.dovetail.event.Trigger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a hub would make of a delivery whose sender is known. */
public sealed interface Rehearsed {

    /** Nothing would be stored; the reason is what the sender is told. */
    record Refused(String reason) implements Rehearsed {}

    /** @param events the fate of each business event, in the order of the delivery; at least one */
    record Accepted(List<Fate> events) implements Rehearsed {}

    /** What becomes of one business event. */
    sealed interface Fate {

        Part part();

        /** The entry of {@code events:} that matches it; null when there is none. */
        @Nullable
        EventRule rule();
    }

    /** @param triggers in the order of their policies' ids */
    record Said(Part part, @Nullable EventRule rule, Event event, List<Trigger> triggers) implements Fate {}

    record Ignored(Part part, @Nullable EventRule rule, String reason) implements Fate {}

    /** The same, under the same id, came before it in the delivery. */
    record Duplicate(Part part, @Nullable EventRule rule) implements Fate {}

    /** It would be tried again, for as long as it takes. */
    record Waiting(Part part, @Nullable EventRule rule, Failure failure) implements Fate {}

    /** @param failure placed in the delivery, as a dead letter would be */
    record Parked(Part part, @Nullable EventRule rule, Failure failure) implements Fate {}
}
