package io.dovetail.call;

import org.jspecify.annotations.Nullable;

/**
 * What another system answered.
 *
 * @param contentType as it stood there, null without one
 * @param retryAfter as it stood there, null without one
 * @param body no more of it than {@link #MAX_BYTES}
 * @param cut whether there was more
 */
public record Answer(
        int status, @Nullable String contentType, @Nullable String retryAfter, byte[] body, boolean cut) {

    /** Of a body; what is larger is no answer to a look-up. */
    public static final int MAX_BYTES = 1 << 20;
}
