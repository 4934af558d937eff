package io.dovetail.crash;

import java.io.IOException;
import java.time.Duration;

/** An operator who decides on dead letters while the load goes on, of half of the keys, and verifies the books. */
final class Tending implements AutoCloseable {

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
        while (!stopping) {
            try {
                for (var letter : trial.operator.deadLetters()) {
                    var offer = trial.offer(letter);
                    if (offer != null && Generator.isTended(offer.key())) {
                        trial.operator.decide(letter, offer);
                    }
                }
                trial.verify();
                Thread.sleep(Duration.ofMillis(100));
            } catch (IOException e) {
                // the hub is gone: what was decided shows when it is back
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Ends after what it does now: whether a decision was taken is not to be left open by an interrupt. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(Duration.ofSeconds(60));
    }
}
