package io.dovetail.ledger;

import org.jspecify.annotations.Nullable;

/**
 * Who did something.
 *
 * @param role an operator's; null for all others: the hub itself, a sender, somebody unknown
 */
public record Actor(String name, @Nullable String role) {

    /** Whoever it was has not proved who he is. */
    public static final Actor UNKNOWN = new Actor("?", null);

    public static Actor of(String name) {
        return new Actor(name, null);
    }
}
