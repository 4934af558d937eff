package io.dovetail.hostile;

import java.util.EnumSet;
import java.util.Set;

/** How a delivery may end. What ends otherwise is a surprise. */
enum Ending {
    /** Not taken, and nothing of it is stored. */
    REFUSED,
    /** Taken, and said again in the hub's words. */
    ACCEPTED,
    PARKED,
    IGNORED,
    /** Known before: the same delivery, or the same event. */
    DUPLICATE,
    /** Waits behind a parked event of the same key. */
    HELD;

    static final Set<Ending> REFUSAL = EnumSet.of(REFUSED);
    static final Set<Ending> ACCEPTANCE = EnumSet.of(ACCEPTED);
    /** Well-formed, so that it is taken, whatever its contract says. */
    static final Set<Ending> TAKEN = EnumSet.of(ACCEPTED, PARKED, IGNORED);
    /** Taken, and perhaps not the first of its id or key. */
    static final Set<Ending> TAKEN_AGAIN = EnumSet.of(ACCEPTED, PARKED, IGNORED, DUPLICATE, HELD);
    /** Nobody can say, as long as it ends in one of these. */
    static final Set<Ending> ANY = EnumSet.allOf(Ending.class);

    static Ending of(String state) {
        return switch (state) {
            case "published" -> ACCEPTED;
            case "parked" -> PARKED;
            case "ignored" -> IGNORED;
            case "duplicate" -> DUPLICATE;
            case "held" -> HELD;
            default -> throw new IllegalArgumentException("no ending: " + state);
        };
    }
}
