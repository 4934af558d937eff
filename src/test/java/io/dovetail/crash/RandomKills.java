package io.dovetail.crash;

import java.time.Duration;
import java.util.Random;

/** {@code kill -9} at any moment: at work, and each fifth time again while it starts or recovers. */
final class RandomKills implements Fault {

    @Override
    public int strike(Trial trial, Random random) {
        trial.hub.kill();
        trial.hub.launch();
        var again = random.nextInt(5) == 0;
        if (again) {
            // before it has recovered
            trial.hub.awaitReadyFor(Duration.ofMillis(random.nextInt(3_000)));
            trial.hub.kill();
            trial.hub.launch();
        }
        trial.hub.requireReady();
        return again ? 2 : 1;
    }
}
