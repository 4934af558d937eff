package io.dovetail.cli;

/** A command cannot do what it is asked; the message tells the person why and what to do. */
final class NotDoneException extends RuntimeException {

    NotDoneException(String message) {
        super(message, null, false, false);
    }
}
