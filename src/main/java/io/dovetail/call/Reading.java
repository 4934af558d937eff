package io.dovetail.call;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the body of an answer is read.
 *
 * @param signedBy the secret whose keys (a JWKS) must have signed it, a token then; null: it is not signed
 * @param keptFor how long it may be given again without asking
 * @param passing codes of errors that pass by themselves, wherever an answer names one, whatever its status
 */
public record Reading(@Nullable String signedBy, Duration keptFor, Set<String> passing) {

    /** As it is, and asked for each time. */
    public static final Reading PLAIN = new Reading(null, Duration.ZERO, Set.of());
}
