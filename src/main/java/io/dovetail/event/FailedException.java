package io.dovetail.event;

/** Carries a {@link Failure} out of the step in which it happened. */
public final class FailedException extends RuntimeException {

    private final transient Failure failure;

    public FailedException(Failure failure) {
        this(failure, null);
    }

    public FailedException(Failure failure, @org.jspecify.annotations.Nullable Throwable cause) {
        // a failure is data, met thousands of times when a partner breaks its contract: no stack trace
        super(failure.message(), cause, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
