package io.dovetail.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} out of the step in which it happened. */
public final class FailedException extends RuntimeException {

    private final transient Failure failure;
    private final transient @Nullable Duration notBefore;

    public FailedException(Failure failure) {
        this(failure, null);
    }

    public FailedException(Failure failure, @Nullable Throwable cause) {
        this(failure, cause, null);
    }

    private FailedException(Failure failure, @Nullable Throwable cause, @Nullable Duration notBefore) {
        // a failure is data, met thousands of times when a partner breaks its contract: no stack trace
        super(failure.message(), cause, false, false);
        this.failure = failure;
        this.notBefore = notBefore;
    }

    /** @param notBefore how long the other side wants to be left alone; null where it did not say */
    public static FailedException notBefore(Failure failure, @Nullable Duration notBefore) {
        return new FailedException(failure, null, notBefore);
    }

    public Failure failure() {
        return failure;
    }

    /** How long to wait at least before the next attempt; null where nobody said. */
    public @Nullable Duration notBefore() {
        return notBefore;
    }
}
