package io.dovetail.connector.verify;

/** Something about {@code verify} that a schema cannot say. The message is for the person who wrote it. */
public final class UnsoundException extends IllegalArgumentException {

    private final String property;
    private final String message;

    UnsoundException(String property, String message) {
        super(message);
        this.property = property;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** The property of {@code verify} that is meant. */
    public String property() {
        return property;
    }
}
