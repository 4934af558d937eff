package io.dovetail.crash;

import java.time.Duration;

/**
 * How partners send.
 *
 * @param partners how many send at the same time
 * @param keys how many keys each of them has, of which the first gets half of all
 * @param unforeseen whether some content is of a kind that a mapping does not know yet
 * @param patience how long a delivery may go without an answer that settles it
 */
record Load(int partners, int keys, boolean unforeseen, Duration patience) {

    /** As much as a hub under test takes beside other tests. */
    static final Load LIGHT = new Load(6, 8, false, Duration.ofSeconds(90));
}
