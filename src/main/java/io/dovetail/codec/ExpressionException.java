package io.dovetail.codec;

/** An expression failed on an input. */
public final class ExpressionException extends RuntimeException {

    private final String place;

    /** @param place {@code file:line:column} */
    public ExpressionException(String place, String message) {
        super(message, null, false, false);
        this.place = place;
    }

    public String place() {
        return place;
    }
}
