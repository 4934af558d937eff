package io.dovetail.crash;

/** A promise that was not kept. */
record Violation(Kind kind, String what) {

    enum Kind {
        /** Accepted, and neither delivered nor kept anywhere. */
        LOST,
        /** Delivered, and never offered, or offered by somebody unproven, or with other content. */
        INVENTED,
        /** More than one effect after deduplication by id. */
        DOUBLED,
        /** An earlier one of its key came after a later one. */
        ORDER,
        /** Delivered although an earlier one of its key was parked. */
        HELD,
        /** Parked although nothing is wrong with it. */
        PARKED,
        /** The hub's counts are not what its partners counted. */
        BOOKS,
        /** The audit does not follow from its beginning, or not from what was seen of it. */
        AUDIT,
        /** An answer that the delivery did not deserve. */
        ANSWER,
        /** Accepted although nobody had proved who sent it. */
        STRANGER,
        /** The hub did not come back, or came to no end; what it would have said is not known. */
        STUCK
    }

    @Override
    public String toString() {
        return kind + ": " + what;
    }
}
