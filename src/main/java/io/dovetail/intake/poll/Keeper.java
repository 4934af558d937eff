package io.dovetail.intake.poll;

import io.dovetail.intake.Letter;
import io.dovetail.ledger.Cursors.Cursor;
import java.util.List;

/** What outlives one reading of a source. */
public interface Keeper {

    /** Returns when all of them are stored, in their order, however long it takes. */
    void store(List<Letter> letters) throws InterruptedException;

    /** Returns when that is stored, however long it takes. */
    void keep(Cursor cursor) throws InterruptedException;
}
