package io.dovetail.ledger.postgres;

import org.jspecify.annotations.Nullable;

/** The hub cannot start here; the message says what is wrong, where, and what to do, and is meant for a person. */
public final class CannotStartException extends RuntimeException {

    public CannotStartException(String message) {
        this(message, null);
    }

    public CannotStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
