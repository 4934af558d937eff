package io.dovetail.operate;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** Somebody who said who he is, and is not let in. */
final class LoginRefusedException extends AuthenticationException {

    enum Why {
        WRONG,
        /** Was wrong too often before, so that this was not looked at. */
        TOO_OFTEN
    }

    private final Why why;
    private final String name;
    private final transient Duration retryAfter;

    /** @param name of the operator whose password it should have been; empty when there is none of the name given */
    LoginRefusedException(Why why, String name, Duration retryAfter) {
        super(why.name());
        this.why = why;
        this.name = name;
        this.retryAfter = retryAfter;
    }

    Why why() {
        return why;
    }

    String name() {
        return name;
    }

    /** In whole seconds, one at least. */
    long retryAfterSeconds() {
        return Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    }
}
