package io.dovetail.call;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What another system answered.
 *
 * @param contentType as it stood there, null without one
 * @param retryAfter as it stood there, null without one
 * @param csrfToken {@code X-CSRF-Token} as it stood there, null without one
 * @param cookies {@code Set-Cookie}, as they stood there
 * @param headers all of them, whatever letters they are asked for in
 * @param body no more of it than {@link #MAX_BYTES}
 * @param cut whether there was more
 */
public record Answer(
        int status,
        @Nullable String contentType,
        @Nullable String retryAfter,
        @Nullable String csrfToken,
        List<String> cookies,
        Map<String, String> headers,
        byte[] body,
        boolean cut) {

    /** Of a body; what is larger is no answer to a look-up. */
    public static final int MAX_BYTES = 1 << 20;

    /** One that begins no session. */
    public Answer(int status, @Nullable String contentType, @Nullable String retryAfter, byte[] body, boolean cut) {
        this(status, contentType, retryAfter, null, List.of(), body, cut);
    }

    /** One of whose other headers nothing is told. */
    public Answer(
            int status,
            @Nullable String contentType,
            @Nullable String retryAfter,
            @Nullable String csrfToken,
            List<String> cookies,
            byte[] body,
            boolean cut) {
        this(status, contentType, retryAfter, csrfToken, cookies, Map.of(), body, cut);
    }
}
