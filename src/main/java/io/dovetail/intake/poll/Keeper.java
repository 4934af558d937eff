package io.dovetail.intake.poll;

import io.dovetail.intake.Letter;
import io.dovetail.intake.RefusedException;
import io.dovetail.ledger.Cursors.Cursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What outlives one reading of a source. */
public interface Keeper {

    /** Returns when all of them are stored, in their order, however long it takes. */
    void store(List<Letter> letters) throws InterruptedException;

    /**
     * Why a body is not taken from a sender, in a word; null: it proves by itself that it is his.
     *
     * @throws RefusedException when that cannot be told now
     */
    default @Nullable String objection(String sender, byte[] body) throws RefusedException {
        return "unauthenticated";
    }

    /** Returns when that is stored, however long it takes. */
    void keep(Cursor cursor) throws InterruptedException;
}
