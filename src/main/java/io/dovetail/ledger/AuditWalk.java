package io.dovetail.ledger;

import io.dovetail.ledger.AuditVerdict.Problem;
import io.dovetail.ledger.AuditVerdict.What;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Goes along the chain from its beginning to the first row that is not as it must be. */
final class AuditWalk {

    private final TreeMap<Long, List<AuditHead>> heads = new TreeMap<>();
    private String beforeLast = AuditRow.BEGINNING;
    private @Nullable AuditRow last;
    private long seen;
    private int agreed;
    private @Nullable AuditRow misfit;
    private @Nullable Problem problem;

    /** @param seen what the chain must agree with */
    AuditWalk(List<AuditHead> seen) {
        seen.forEach(
                head -> heads.computeIfAbsent(head.n(), n -> new ArrayList<>()).add(head));
    }

    /** Whether this row follows; otherwise the walk is over. */
    boolean goesOnWith(AuditRow row) {
        var expected = lastN() + 1;
        if (row.n() != expected) {
            problem = missing(expected, row.n() - 1);
            return false;
        }
        if (!row.follows(lastHash())) {
            misfit = row;
            return false;
        }
        beforeLast = lastHash();
        last = row;
        return agrees(row);
    }

    private boolean agrees(AuditRow row) {
        for (var head : heads.getOrDefault(row.n(), List.of())) {
            if (!head.hash().equals(row.hash())) {
                problem = new Problem(
                        What.REPLACED,
                        seen + 1,
                        row.n(),
                        "%s: not what there was at %s, although all hashes fit. The table was written anew."
                                .formatted(rows(seen + 1, row.n()), head.at()));
                return false;
            }
            agreed++;
            seen = row.n();
        }
        return true;
    }

    static Problem missing(long first, long last) {
        return new Problem(
                What.MISSING, first, last, rows(first, last) + (first == last ? " is" : " are") + " missing.");
    }

    private static String rows(long first, long last) {
        return first == last ? "Row " + first : "Rows " + first + " to " + last;
    }

    /** When there are no more rows. */
    AuditVerdict verdict() {
        if (problem == null && !heads.isEmpty() && heads.lastKey() > lastN()) {
            var head = heads.lastEntry().getValue().getLast();
            problem = new Problem(
                    What.CUT,
                    lastN() + 1,
                    head.n(),
                    "The end is cut off: at %s there were %d rows, and the last one now is %d."
                            .formatted(head.at(), head.n(), lastN()));
        }
        return verdict(problem);
    }

    AuditVerdict verdict(@Nullable Problem found) {
        return new AuditVerdict(lastN(), lastHash(), agreed, found);
    }

    /** The row that does not follow from the last one; null when that is not what ended the walk. */
    @Nullable
    AuditRow misfit() {
        return misfit;
    }

    long lastN() {
        return last == null ? 0 : last.n();
    }

    String lastHash() {
        return last == null ? AuditRow.BEGINNING : last.hash();
    }

    /** The hash that the last row follows. */
    String beforeLast() {
        return beforeLast;
    }

    /** Whether an earlier head vouches for the last row. */
    boolean isLastVouchedFor() {
        return seen == lastN();
    }
}
