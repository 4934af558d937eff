package io.dovetail.call;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a route takes for an answer, how it is read, and what of it is wanted.
 *
 * @param statuses those that are an answer
 * @param absent where a refusal (4xx) of JSON holds one of these texts as a value, it is an answer too: that there is
 *     nothing, as 404 may be
 * @param passing codes of errors that pass by themselves, wherever an answer names one, whatever its status
 * @param headers those of the answer that are wanted; then its tree is {@code {"headers": …, "body": …}}
 * @param comeAgain the header in which the system says when to come again after 429, if not {@code Retry-After}; null: in
 *     no other
 * @param signedBy the secret whose keys (a JWKS) must have signed it, a token then; null: it is not signed
 * @param keptFor how long it may be given again without asking
 */
public record Reading(
        Statuses statuses,
        Set<String> absent,
        Set<String> passing,
        List<String> headers,
        @Nullable String comeAgain,
        @Nullable String signedBy,
        Duration keptFor) {

    /** The body as it is, asked for each time. */
    public static Reading of(Statuses statuses) {
        return new Reading(statuses, Set.of(), Set.of(), List.of(), null, null, Duration.ZERO);
    }
}
