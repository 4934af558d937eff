package io.dovetail.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** The power of a virtual machine in which the hub is goes, at work, and each fifth time again while it recovers. */
final class PowerLoss implements Fault {

    private Guest guest;

    @Override
    public void prepare(Trial trial) throws IOException {
        guest = Guest.with(trial.hub.data());
        trial.hub.in(guest);
    }

    @Override
    public int strike(Trial trial, Random random) throws IOException {
        lose(trial, random);
        var again = random.nextInt(5) == 0;
        if (again) {
            trial.hub.awaitReadyFor(Duration.ofMillis(random.nextInt(30_000)));
            lose(trial, random);
        }
        trial.hub.requireReady();
        return again ? 2 : 1;
    }

    private void lose(Trial trial, Random random) throws IOException {
        trial.hub.kill();
        guest.losePower(random);
        trial.hub.launch();
    }
}
