package io.dovetail.ledger;

import java.util.Locale;

/**
 * How rows can contradict each other. Every transaction of the ledger leaves them without any of these, so that a
 * snapshot which shows one proves a bug or a hand in the database.
 */
enum Flaw {
    EVENT_MISSING("a delivery does not have all the events that it was accepted with"),
    EVENT_TOO_MANY("a delivery has more events than it was accepted with"),
    EVENT_ASTRAY("an event's delivery is not there, or is of another connector or sender"),
    STATE_UNFOUNDED("an event's state does not go with its other columns"),
    STEPS_LEAD_ELSEWHERE("an event is not where its steps (parked, replayed, discarded) have brought it"),
    STEP_WITHOUT_EVENT("an event is not there, and was parked, replayed or discarded"),
    OUTBOX_INCOMPLETE("an event is translated or published, and not all that it says is in the outbox"),
    OUTBOX_TOO_MUCH("the outbox has what an event says that is neither translated nor published, or is not there"),
    PUBLISHED_UNKNOWN("an event went to the outbox, and a resend of it would be published again"),
    PUBLISHED_NEVER("a resend would be dropped as a duplicate of an event that never went to the outbox"),
    DUPLICATE_OF_NOTHING("an event ended as a duplicate, and nothing was published under its id"),
    HELD_BY_NOTHING("an event is held, and nothing holds its key: it would wait for ever"),
    HOLD_FOR_NOTHING("a key is held for an event that is not there, or that has found its end with nothing behind it"),
    DELIVERY_UNKNOWN("a delivery is stored, and a resend of it would be stored again"),
    DELIVERY_MISSING("a delivery is not there, and senders were told, or would be told, that it is stored");

    /** What it is, as a person reads it. */
    final String says;

    Flaw(String says) {
        this.says = says;
    }

    /** {@code event-missing}. */
    String check() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
