package io.dovetail.relay;

import org.jspecify.annotations.Nullable;

/** The bus does not start, or did not confirm what was sent to it; the message says why, for a person. */
public final class BusException extends RuntimeException {

    public BusException(String message) {
        this(message, null);
    }

    public BusException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
