package io.dovetail.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What a walk along the audit found.
 *
 * @param rows how many follow each other from the beginning
 * @param hash of the last of them
 * @param heads with how many earlier heads they agree
 * @param problem the first; null when there is none
 */
public record AuditVerdict(
        long rows, String hash, int heads, @Nullable Problem problem) {

    public enum What {
        /** Its content is another. */
        CHANGED,
        /** It is not there any more. */
        MISSING,
        /** It was not there before. */
        INSERTED,
        /** It and another one have changed places. */
        SWAPPED,
        /** The last rows are not there any more. */
        CUT,
        /** Rows that agree among themselves are others than those that were there. */
        REPLACED
    }

    /**
     * @param n the first row that is concerned
     * @param to the last or the other one
     */
    public record Problem(What what, long n, long to, String message) {}
}
