package io.dovetail.ledger;

import java.time.Instant;

/**
 * How far the audit was at a time: what stands in a file outside the database, where a later change cannot reach.
 *
 * @param n the last row, and so how many there were
 * @param hash its hash, which covers all rows up to it
 */
public record AuditHead(long n, String hash, Instant at) {

    public AuditHead {
        if (n < 1 || !hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("no head of an audit: row " + n);
        }
    }
}
