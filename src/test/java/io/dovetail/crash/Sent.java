package io.dovetail.crash;

/** What became of an offer, as its sender saw it. */
final class Sent {

    enum Outcome {
        /** Not answered, or by 5xx: it may be stored or not. */
        UNKNOWN,
        /** Answered 2xx. */
        ACCEPTED,
        /** Answered 4xx. */
        REFUSED
    }

    final Offer offer;
    volatile Outcome outcome = Outcome.UNKNOWN;
    /** The last status, 0 when there was none. */
    volatile int status;
    /** How many attempts got no answer or a 5xx. */
    volatile int unanswered;

    Sent(Offer offer) {
        this.offer = offer;
    }

    @Override
    public String toString() {
        return "%s %d after %d unanswered: %s".formatted(outcome, status, unanswered, offer);
    }
}
