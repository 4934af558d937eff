package io.dovetail.crash;

import java.io.IOException;
import java.time.Duration;

/**
 * An operator who decides on dead letters while the load goes on, of half of the keys, looks at the books, and has them
 * verified for a small part of the time: that reads the whole ledger.
 */
final class Tending implements AutoCloseable {

    private static final int VERIFIES_ONE_IN = 8;

    private final Trial trial;
    private final Thread thread;
    private volatile boolean stopping;

    private Tending(Trial trial) {
        this.trial = trial;
        this.thread = Thread.ofPlatform().name("operator").daemon().start(this::run);
    }

    static Tending of(Trial trial) {
        return new Tending(trial);
    }

    private void run() {
        var next = System.nanoTime();
        while (!stopping) {
            try {
                trial.book();
                for (var letter : trial.operator.deadLetters()) {
                    var offer = trial.offer(letter);
                    if (offer != null && offer.kind().isBroken() && Generator.isTended(offer.key())) {
                        trial.operator.decide(letter, offer);
                    }
                }
                if (System.nanoTime() >= next) {
                    var begun = System.nanoTime();
                    trial.verify();
                    next = System.nanoTime() + (VERIFIES_ONE_IN - 1) * (System.nanoTime() - begun);
                }
                Thread.sleep(Duration.ofMillis(100));
            } catch (IOException e) {
                // the hub is gone: what was decided shows when it is back
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    /** Ends after what it does now: whether a decision was taken is not to be left open by an interrupt. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(Duration.ofSeconds(60));
    }
}
