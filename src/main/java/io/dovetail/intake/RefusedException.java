package io.dovetail.intake;

import io.dovetail.codec.Acknowledgement;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A delivery that is not taken, and why; nothing of it is stored. The message is for the sender. */
public final class RefusedException extends Exception {

    /** Each names the HTTP status that means the same. */
    public enum Reason {
        UNKNOWN_CONNECTOR(404, "No such connector"),
        UNAUTHENTICATED(401, "Not authenticated"),
        TOO_LARGE(413, "Too large"),
        MEDIA_TYPE(415, "Unsupported media type"),
        MALFORMED(400, "Malformed"),
        BAD_HANDSHAKE(400, "Bad handshake"),
        UNWANTED_HANDSHAKE(403, "Not allowed"),
        CONFLICT(409, "Conflict"),
        TOO_OFTEN(429, "Too many requests"),
        TOO_MANY_AT_ONCE(429, "Too many requests"),
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

        /** Whether the same delivery may be taken a while later. */
        public boolean isPassing() {
            return status == 503 || status == 429;
        }

        /** Whether the sender has done more than the connector's limits allow. */
        public boolean isOverLimit() {
            return status == 429;
        }

        public String title() {
            return title;
        }

        /** Its name in addresses and in {@code connector.yaml}, as {@code too-large}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** As metrics and the audit have it, as {@code too_large}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Duration LATER = Duration.ofSeconds(5);

    private final Reason reason;
    private final String message;
    private final Duration retryAfter;
    private final @Nullable String sender;
    private final @Nullable String about;
    private final @Nullable Acknowledgement acknowledgement;

    public RefusedException(Reason reason, String message) {
        this(reason, message, LATER);
    }

    /** @param retryAfter when the same may be taken, where the reason passes with time */
    RefusedException(Reason reason, String message, Duration retryAfter) {
        this(reason, message, retryAfter, null, null, null);
    }

    private RefusedException(
            Reason reason,
            String message,
            Duration retryAfter,
            @Nullable String sender,
            @Nullable String about,
            @Nullable Acknowledgement acknowledgement) {
        super(message, null, false, false);
        this.reason = reason;
        this.message = message;
        this.retryAfter = retryAfter;
        this.sender = sender;
        this.about = about;
        this.acknowledgement = acknowledgement;
    }

    /** In the same words for a missing, wrong and stale proof: whoever knows the secret can tell them apart. */
    static RefusedException unauthenticated() {
        return new RefusedException(Reason.UNAUTHENTICATED, "The proof of origin is missing, wrong or out of date.");
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Reason reason() {
        return reason;
    }

    /** The sender who has proved himself and is refused all the same; null when nobody has. */
    @Nullable
    String sender() {
        return sender;
    }

    RefusedException sentBy(String proven) {
        return new RefusedException(reason, message, retryAfter, proven, about, acknowledgement);
    }

    /** What helps whoever looks into it; null when there is nothing. */
    @Nullable
    String about() {
        return about;
    }

    RefusedException about(String helps) {
        return new RefusedException(reason, message, retryAfter, sender, helps, acknowledgement);
    }

    /** What its protocol wants to be answered; null: nothing of its own. */
    public @Nullable Acknowledgement acknowledgement() {
        return acknowledgement;
    }

    RefusedException with(@Nullable Acknowledgement answer) {
        return new RefusedException(reason, message, retryAfter, sender, about, answer);
    }

    /** When to send the same again, in whole seconds; of meaning where the reason passes with time. */
    public long retryAfterSeconds() {
        return Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    }
}
