package io.dovetail.intake.file;

import io.dovetail.intake.RefusedException.Reason;

/** A file that is not taken, and why: nothing of it is stored. The message is for whoever has put it there. */
final class RefusedFileException extends Exception {

    private final Reason reason;
    private final String message;

    RefusedFileException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    Reason reason() {
        return reason;
    }
}
