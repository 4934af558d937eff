package io.dovetail.connector;

/** A delivery whose business events cannot be told apart; the message says why. */
public final class UnsplittableException extends Exception {

    UnsplittableException(String message) {
        super(message);
    }
}
