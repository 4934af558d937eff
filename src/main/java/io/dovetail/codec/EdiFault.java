package io.dovetail.codec;

/**
 * What is wrong with an envelope, and where.
 *
 * @param at the segment that shows it
 * @param element the place of the element in that segment that is wrong, from 1; 0: none is
 * @param what without its place
 */
record EdiFault(Kind kind, EdiSegment at, int element, String what) {

    enum Kind {
        /** The trailer counts wrongly. */
        COUNT,
        /** The trailer names another envelope than the header. */
        CONTROL,
        /** The trailer is missing. */
        UNENDED,
        /** The header has no control number. */
        UNNAMED,
        /** Something stands where it may not, or cannot be read. */
        STRUCTURE
    }

    String sentence() {
        return "At " + at.place() + ": " + what + ".";
    }
}
