package io.dovetail.ledger;

/** Another hub has taken over this database: this one must not write again, and stops. */
public final class FencedException extends RuntimeException {

    FencedException(long mine) {
        super("Another hub runs on this database since epoch " + mine
                + " was overtaken. This process writes nothing more and stops; keep one hub for one database.");
    }
}
