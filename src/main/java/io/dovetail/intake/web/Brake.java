package io.dovetail.intake.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Keeps a 429 back for a moment. Whoever is told to wait and sends again at once would otherwise be refused tens of
 * thousands of times a second, and take from everybody else the processors that the limit was to keep for them.
 */
final class Brake {

    private final Duration moment;
    private final Semaphore places;

    Brake() {
        // each keeps a connection, of which the hub has a thousand
        this(Duration.ofMillis(250), 256);
    }

    /** @param places how many are kept waiting at most */
    Brake(Duration moment, int places) {
        this.moment = moment;
        this.places = new Semaphore(places);
    }

    /** Lets a moment pass, unless as many as may be are kept waiting already. */
    void press() {
        if (!places.tryAcquire()) {
            return;
        }
        try {
            Thread.sleep(moment);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }
}
