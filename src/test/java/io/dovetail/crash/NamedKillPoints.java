package io.dovetail.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The hub dies where something is half done: at the points of kill-points.btm that a load of webhooks comes to. */
final class NamedKillPoints implements Fault {

    private static final Duration DEATH = Duration.ofMinutes(2);
    private static final String RENEWAL = "certification-renewal";

    /** Reached at a start, once it has died with an event in hand. */
    private static final Set<String> AT_START = Set.of("recovery-after-takeover", "recovery-at-suspect");

    /** Reached when a workflow's triggers, which were kept back, are let go. */
    private static final String KEPT_BACK = "kept-back-before-mark";

    static final List<String> POINTS = List.of(
            "accept-before-commit",
            "accept-after-commit",
            "accept-after-answer",
            "translate-after-claim",
            "translate-in-camel",
            "translate-before-commit",
            "translate-after-commit",
            "relay-before-acknowledgement",
            "relay-after-acknowledgement",
            "relay-after-mark",
            "decide-before-commit",
            "replay-after-commit",
            "discard-after-commit",
            "release-after-claim",
            "release-before-commit",
            "audit-before-commit",
            "audit-before-head",
            "audit-in-head",
            "audit-after-head",
            "recovery-after-takeover",
            "recovery-at-suspect",
            KEPT_BACK);

    private int next;

    @Override
    public void prepare(Trial trial) {
        trial.hub.killPoints();
    }

    @Override
    public int strike(Trial trial, Random random) throws IOException, InterruptedException {
        var point = POINTS.get(next++ % POINTS.size());
        if (AT_START.contains(point)) {
            trial.hub.arm("translate-in-camel");
            trial.hub.awaitExit(DEATH);
            trial.hub.disarm();
            trial.hub.arm(point);
            trial.hub.launch();
        } else if (point.equals(KEPT_BACK)) {
            trial.operator.pause(RENEWAL);
            trial.awaitAnswers(50);
            trial.hub.arm(point);
            resume(trial);
        } else {
            trial.hub.arm(point);
        }
        trial.hub.awaitExit(DEATH);
        trial.hub.disarm();
        trial.hub.launch();
        trial.hub.requireReady();
        return 1;
    }

    private static void resume(Trial trial) throws InterruptedException {
        try {
            trial.operator.resume(RENEWAL);
        } catch (IOException e) {
            // the hub died over it
        }
    }
}
