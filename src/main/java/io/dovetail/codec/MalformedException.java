package io.dovetail.codec;

/** The bytes are not what their media type says, or exceed its limits. The message names line and column. */
public final class MalformedException extends Exception {

    private final String message;

    public MalformedException(String message) {
        super(message, null, false, false);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
