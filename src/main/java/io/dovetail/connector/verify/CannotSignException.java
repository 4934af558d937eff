package io.dovetail.connector.verify;

/** There is no key to sign with, or it has another form. The message says what is wanted and never holds the key. */
public final class CannotSignException extends RuntimeException {

    private final String message;

    CannotSignException(String message) {
        super(message);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
