package io.dovetail.crash;

import io.dovetail.crash.Offer.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** An event that ends the hub each time it is tried, or keeps its worker for ever, among all the others. */
final class Poisoning implements Fault {

    /** The first death finds it in a batch; then it is tried alone. */
    private static final int MOST_DEATHS = 4;

    private int blows;

    @Override
    public void prepare(Trial trial) {
        trial.hub.poisoned().setting("HUB_FLOW_DEADLINE", "4s");
    }

    @Override
    public int strike(Trial trial, Random random) throws InterruptedException {
        var key = "P-" + ++blows;
        var kind = blows % 2 == 0 ? Kind.ENDLESS : Kind.DEADLY;
        var sending = trial.sending(key, 1, kind);
        var deaths = 0;
        while (!isParked(trial, key)) {
            if (!trial.hub.isAlive()) {
                trial.hub.awaitExit(Duration.ZERO);
                if (++deaths > MOST_DEATHS) {
                    throw new AssertionError(key + " ended the hub " + deaths + " times and is not parked yet");
                }
                trial.hub.launch();
                trial.hub.awaitReady();
            }
            Thread.sleep(20);
        }
        sending.join();
        return 1;
    }

    private static boolean isParked(Trial trial, String key) throws InterruptedException {
        try {
            return trial.hub.address() != null
                    && trial.operator.deadLetters().stream()
                            .anyMatch(letter -> letter.key().equals(key));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void lift(Trial trial) {
        trial.hub.kill();
        trial.hub.rules("").setting("HUB_FLOW_DEADLINE", "30s").start();
    }
}
