package io.dovetail.intake;

/** A delivery that is not taken, and why; nothing of it is stored. The message is for the sender. */
public final class RefusedException extends Exception {

    /** Each names the HTTP status that means the same. */
    public enum Reason {
        UNKNOWN_CONNECTOR(404, "No such connector"),
        UNAUTHENTICATED(401, "Not authenticated"),
        TOO_LARGE(413, "Too large"),
        MEDIA_TYPE(415, "Unsupported media type"),
        MALFORMED(400, "Malformed"),
        CONFLICT(409, "Conflict"),
        BUSY(503, "Busy"),
        NO_SPACE(503, "Unavailable"),
        UNAVAILABLE(503, "Unavailable");

        private final int status;
        private final String title;

        Reason(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public int status() {
            return status;
        }

        public String title() {
            return title;
        }
    }

    private final Reason reason;
    private final String message;

    public RefusedException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Reason reason() {
        return reason;
    }
}
