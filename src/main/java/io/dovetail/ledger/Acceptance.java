package io.dovetail.ledger;

import java.util.UUID;

/** What became of a delivery that was offered to the store. */
public sealed interface Acceptance {

    /** The id under which it is stored, or the first of its kind is. */
    UUID delivery();

    /** Stored, durably. */
    record Accepted(UUID delivery) implements Acceptance {}

    /** The same was stored before, under this id. */
    record Duplicate(UUID first) implements Acceptance {

        @Override
        public UUID delivery() {
            return first;
        }
    }

    /** The same signed id was stored before with another body; nothing was stored under it now. */
    record Conflict(UUID first) implements Acceptance {

        @Override
        public UUID delivery() {
            return first;
        }
    }
}
