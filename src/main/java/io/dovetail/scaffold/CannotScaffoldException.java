package io.dovetail.scaffold;

/** There is no connector to be made of this; the message tells the person why and what to do. Nothing is written. */
public final class CannotScaffoldException extends RuntimeException {

    CannotScaffoldException(String message) {
        super(message, null, false, false);
    }
}
