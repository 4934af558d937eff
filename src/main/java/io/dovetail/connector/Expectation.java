package io.dovetail.connector;

import io.dovetail.event.Failure;
import java.util.List;

/** What must come of a sample's delivery. */
public sealed interface Expectation {

    /** It is accepted, and each of its business events ends so, in this order ({@code events.json}). */
    record Events(List<Expected> events) implements Expectation {}

    /** It is refused at the door, for a reason that holds all these pieces ({@code refused.txt}). */
    record Refused(List<String> pieces) implements Expectation {}

    /** Its only event is parked, for a reason that holds all these pieces ({@code parked.txt}). */
    record Parked(List<String> pieces) implements Expectation {}

    /** A failure as the one text in which pieces are looked for. */
    static String reason(Failure failure) {
        return String.join(" | ", failure.message(), failure.place(), failure.rule());
    }

    /** The pieces that a reason does not hold. */
    static List<String> missing(List<String> pieces, String reason) {
        return pieces.stream().filter(piece -> !reason.contains(piece)).toList();
    }
}
