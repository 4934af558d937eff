package io.dovetail.intake.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * Keeps a 429 back for a moment. Whoever is told to wait and sends again at once would otherwise be refused tens of
 * thousands of times a second, and take from everybody else the processors that the limit was to keep for them.
 */
final class Brake {

    private final Duration moment;
    private final Semaphore places;
    private final RandomGenerator random;

    Brake(RandomGenerator random) {
        // each keeps a connection, of which the hub has a thousand
        this(Duration.ofMillis(250), 256, random);
    }

    /**
     * @param moment how long on average
     * @param places how many are kept waiting at most
     * @param random by how much somebody waits longer or less long than others: who is refused together would else come
     *     again together, and be in everybody's way at once
     */
    Brake(Duration moment, int places, RandomGenerator random) {
        this.moment = moment;
        this.places = new Semaphore(places);
        this.random = random;
    }

    /** Lets a moment pass, unless as many as may be are kept waiting already. */
    void press() {
        if (!places.tryAcquire()) {
            return;
        }
        try {
            Thread.sleep(next());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    /** How long the next one waits: half of the moment to half as long again. */
    Duration next() {
        return Duration.ofNanos((long) (moment.toNanos() * (0.5 + random.nextDouble())));
    }
}
