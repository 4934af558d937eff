package io.dovetail.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the body of an answer is read.
 *
 * @param signedBy the secret whose keys (a JWKS) must have signed it, a token then; null: it is not signed
 * @param keptFor how long it may be given again without asking
 */
public record Reading(@Nullable String signedBy, Duration keptFor) {

    /** As it is, and asked for each time. */
    public static final Reading PLAIN = new Reading(null, Duration.ZERO);
}
