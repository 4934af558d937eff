package io.dovetail.ledger;

/** The database cannot be reached or did not answer: nothing is known to be stored, try again later. */
public final class UnavailableException extends RuntimeException {

    UnavailableException(Throwable cause) {
        super("The database is away: " + cause.getMessage(), cause);
    }
}
