package io.dovetail.ledger;

import io.dovetail.event.Failure;
import java.util.List;
import java.util.UUID;

/** What became of a claimed event at its turn. */
public sealed interface Outcome {

    Claimed claimed();

    /** Translated: the rows go to the outbox, the first is the event. */
    record Translated(Claimed claimed, UUID id, List<OutboxRow> rows) implements Outcome {}

    /** Means nothing, by rule. */
    record Ignored(Claimed claimed, String reason) implements Outcome {}

    /** The same event, with the same content, was published before. */
    record Duplicate(Claimed claimed) implements Outcome {}

    /** Cannot go on; holds its key. */
    record Parked(Claimed claimed, Failure failure) implements Outcome {}

    /** Waits behind a parked event of its key. */
    record Held(Claimed claimed) implements Outcome {}

    /** Begun and not ended: comes again, with one attempt more. */
    record Again(Claimed claimed) implements Outcome {}
}
