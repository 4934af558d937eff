package io.dovetail.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;

/** Which of a load's orders have come out, found in their events without parsing these. */
final class Numbers {

    // a letter, the run and a hyphen, then ten digits: as Deliveries writes them
    private static final byte[] BEFORE = "\"subject\":\"O".getBytes(StandardCharsets.US_ASCII);
    private static final int RUN = 9;

    private final long all;
    private final BitSet seen = new BitSet();
    private long told;
    private volatile long different;

    /** @param all how many there are, from 0 on */
    Numbers(long all) {
        this.all = all;
    }

    synchronized void add(byte[] event) {
        var number = in(event);
        told++;
        if (!seen.get(number)) {
            seen.set(number);
            different++;
        }
    }

    synchronized long again() {
        return told - different;
    }

    long missing() {
        return all - different;
    }

    /** Waits until all are there, or none has come for a while. */
    void awaitAll(Duration patience) throws InterruptedException {
        var last = different;
        var since = System.nanoTime();
        while (different < all && System.nanoTime() - since < patience.toNanos()) {
            Thread.sleep(20);
            if (different != last) {
                last = different;
                since = System.nanoTime();
            }
        }
    }

    private static int in(byte[] event) {
        search:
        for (var i = 0; i + BEFORE.length + RUN + 10 < event.length; i++) {
            for (var j = 0; j < BEFORE.length; j++) {
                if (event[i + j] != BEFORE[j]) {
                    continue search;
                }
            }
            var number = 0;
            for (var at = i + BEFORE.length + RUN; event[at] >= '0' && event[at] <= '9'; at++) {
                number = number * 10 + event[at] - '0';
            }
            return number;
        }
        throw new IllegalArgumentException("An event that is no order of this load");
    }
}
