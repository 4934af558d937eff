package io.dovetail.ledger;

import io.dovetail.ledger.AuditVerdict.Problem;
import io.dovetail.ledger.AuditVerdict.What;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a row does not follow from the one before. Each guess is proven by a hash that fits only if it is true; what
 * cannot be proven is called a change.
 */
final class AuditMisfit {

    private static final int MOST_REMOVED = 10_000;

    private final AuditRow misfit;
    private final String previous;

    private AuditMisfit(AuditRow misfit, String previous) {
        this.misfit = misfit;
        this.previous = previous;
    }

    /** @param rest the rows behind the one that does not follow */
    static Problem explained(AuditWalk walk, AuditLog.Rows rest) throws SQLException {
        var misfit = java.util.Objects.requireNonNull(walk.misfit());
        var n = misfit.n();
        // it followed from the row before the last one, until somebody put the last one between
        if (n > 1 && misfit.at(n - 1).follows(walk.beforeLast())) {
            return inserted(n - 1);
        }
        var found = new AuditMisfit(misfit, walk.lastHash()).among(rest);
        return found != null ? found : changed(n, n > 1 && !walk.isLastVouchedFor());
    }

    private @Nullable Problem among(AuditLog.Rows rest) throws SQLException {
        var before = misfit;
        for (var row = rest.next(); row != null; row = rest.next()) {
            if (before == misfit && row.n() == misfit.n() + 1) {
                var found = fromNext(row);
                if (found != null) {
                    return found;
                }
            }
            var there = row.at(misfit.n()).hashAfter(previous);
            if (there.equals(row.hash()) || there.equals(misfit.hash())) {
                return elsewhere(row, before, there.equals(row.hash()));
            }
            before = row;
        }
        return null;
    }

    private @Nullable Problem fromNext(AuditRow next) {
        if (next.follows(misfit.hashAfter(previous))) {
            return new Problem(
                    What.CHANGED,
                    misfit.n(),
                    misfit.n(),
                    "The hash of row " + misfit.n() + " was changed; what else is in it is right.");
        }
        for (var removed = 1; removed <= MOST_REMOVED; removed++) {
            if (next.at(next.n() + removed).follows(misfit.hash())) {
                var hole = AuditWalk.missing(misfit.n(), misfit.n() + removed - 1);
                return new Problem(
                        hole.what(),
                        hole.n(),
                        hole.to(),
                        hole.message() + " Those behind were given other numbers to hide it.");
            }
        }
        return null;
    }

    /**
     * @param row belongs where the misfit is
     * @param before the row in front of it
     * @param broughtItsHash whether the hash came along, or stayed at its place
     */
    private Problem elsewhere(AuditRow row, AuditRow before, boolean broughtItsHash) {
        var inFront = before != misfit ? before.hash() : broughtItsHash ? row.hash() : misfit.hash();
        var back = misfit.at(row.n()).hashAfter(inFront);
        if (row.n() == misfit.n() + 1 && !back.equals(broughtItsHash ? misfit.hash() : row.hash())) {
            return inserted(misfit.n());
        }
        return new Problem(
                What.SWAPPED, misfit.n(), row.n(), "Rows " + misfit.n() + " and " + row.n() + " are swapped.");
    }

    private static Problem inserted(long n) {
        return new Problem(
                What.INSERTED, n, n, "Row " + n + " was put in between; those behind were given other numbers.");
    }

    private static Problem changed(long n, boolean orTheOneBefore) {
        return new Problem(
                What.CHANGED,
                n,
                n,
                "Row " + n + " does not fit its hash: it was changed, or never written by the hub"
                        + (orTheOneBefore ? ", or row " + (n - 1) + " was changed together with its hash." : "."));
    }
}
