package io.dovetail.crash;

import java.util.Random;

/** PostgreSQL's server dies, or one of its processes, which ends all others; the hub lives on and brings it back. */
final class DatabaseCrash implements Fault {

    @Override
    public int strike(Trial trial, Random random) throws InterruptedException {
        var server = trial.hub.postgres().orElseThrow(() -> new AssertionError("No PostgreSQL works for the hub"));
        var of = server.children().toList();
        var victim = random.nextBoolean() || of.isEmpty() ? server : of.get(random.nextInt(of.size()));
        HubProcess.signal(victim.pid(), "KILL");
        trial.awaitAnswers(20);
        return 1;
    }
}
