package io.dovetail.ledger;

/** The database refuses what was asked, and would again: a value it cannot hold, or a bug. Nothing was written. */
public final class BrokenStatementException extends RuntimeException {

    BrokenStatementException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
