package io.dovetail;

/** The hub does not start; the message tells a person why and what to do, and is all they need to see. */
final class CannotStartException extends RuntimeException {

    CannotStartException(String message) {
        super(message);
    }
}
