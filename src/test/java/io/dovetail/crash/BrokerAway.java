package io.dovetail.crash;

import java.time.Duration;
import java.util.Random;

/** The broker stops and cannot be started for a while: what is accepted meanwhile waits, and is told afterwards. */
final class BrokerAway implements Fault {

    private final Duration away;

    BrokerAway(Duration away) {
        this.away = away;
    }

    @Override
    public void prepare(Trial trial) {
        trial.hub.rules("broker-away");
    }

    @Override
    public int strike(Trial trial, Random random) throws InterruptedException {
        trial.hub.arm("broker-away");
        var accepted = trial.partners.accepted();
        Thread.sleep(away);
        if (trial.partners.accepted() == accepted) {
            throw new AssertionError("Nothing was accepted while the broker was away for " + away);
        }
        var arrived = trial.consumer.events().size();
        trial.hub.disarm();
        trial.await("the broker comes back", () -> trial.consumer.events().size() > arrived);
        return 1;
    }
}
