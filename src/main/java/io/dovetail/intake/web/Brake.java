package io.dovetail.intake.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Keeps a 429 back for a moment. Whoever is told to wait and sends again at once would otherwise be refused tens of
 * thousands of times a second, and take from everybody else the processors that the limit was to keep for them.
 */
final class Brake {

    private static final Duration MOMENT = Duration.ofMillis(250);

    // each keeps a connection, of which the hub has thousands: nobody is kept waiting beyond these
    private final Semaphore places = new Semaphore(512);

    /** Lets a moment pass, where few others are kept waiting. */
    void press() {
        if (!places.tryAcquire()) {
            return;
        }
        try {
            Thread.sleep(MOMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }
}
