package io.dovetail.codec;

/** A pattern that reads a text so often that it would take minutes or days. */
public final class SlowPatternException extends Exception {

    private final int length;

    SlowPatternException(int length) {
        super(null, null, false, false);
        this.length = length;
    }

    @Override
    public String getMessage() {
        return "A pattern takes too long on a text of " + length
                + " characters: make the pattern simpler, if such a text is meant to be there.";
    }
}
