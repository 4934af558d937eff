package io.dovetail.crash;

import io.dovetail.crash.Offer.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A hub that breaks a promise in one way: the checker must say so, or its silence about the real hub is worth nothing.
 * The real hub is spoiled by rules from outside; it has no switch for any of this.
 *
 * @param name as its rules are called
 * @param what it does wrong
 * @param breaks what must be found
 */
record Control(String name, String what, Violation.Kind breaks, Provocation provocation) {

    /** What brings the fault to light; the trial's hub runs, or has not been started. */
    interface Provocation {
        Set<Violation> provoke(Trial trial, String rules) throws Exception;
    }

    /** How keys begin of which a consumer rejects the second event, each time it comes. */
    private static final String REJECTED = "R-";

    static final List<Control> ALL = List.of(
            new Control(
                    "answer-before-commit",
                    "answers before the commit",
                    Violation.Kind.LOST,
                    Control::answerBeforeCommit),
            new Control(
                    "forgetful-broker",
                    "has a broker that forgets what it confirmed",
                    Violation.Kind.LOST,
                    Control::forget),
            new Control(
                    "mark-before-acknowledgement",
                    "marks events before the bus has acknowledged them",
                    Violation.Kind.LOST,
                    Control::markFirst),
            new Control("two-workers", "lets two workers share a partition", Violation.Kind.ORDER, Control::twoWorkers),
            new Control(
                    "no-dead-letter-address",
                    "throws away what a consumer rejects too often",
                    Violation.Kind.LOST,
                    Control::reject));

    /** Its hub is in a virtual machine, where there can be one. */
    static final Control UNSYNCED = new Control(
            "unsynced-disk",
            "has a database and a broker that do not wait for the disk",
            Violation.Kind.LOST,
            Control::losePower);

    /** Tells every program that what it wrote is on the disk. */
    private static final Path LIAR = Path.of("/usr/lib/x86_64-linux-gnu/libeatmydata.so");

    /** Why {@link #UNSYNCED} cannot be tried here; null when it can. */
    static @Nullable String whyNoPowerLoss() {
        var whyNot = Guest.whyNot();
        return whyNot == null && !Files.exists(LIAR)
                ? "libeatmydata is not installed (Debian: apt install libeatmydata1)"
                : whyNot;
    }

    /** What the checker finds with a hub of its own. */
    Set<Violation> run(Path directory) throws Exception {
        try (var trial = trial(directory)) {
            return provoke(trial);
        }
    }

    /** For any of these, one after the other: a trial whose hub does nothing wrong. */
    static Trial trial(Path directory) {
        return Trial.in(directory, arrival -> arrival.key().startsWith(REJECTED) && arrival.n() == 2);
    }

    /** What the checker finds that it has not found before; the hub runs then, and does nothing wrong any more. */
    Set<Violation> provoke(Trial trial) throws Exception {
        var before = trial.found();
        var found = new LinkedHashSet<>(provocation.provoke(trial, name));
        found.removeAll(before);
        return found;
    }

    /** What the checker finds when a hub that does nothing wrong is provoked in the same way. */
    Set<Violation> provokeUnspoiled(Trial trial) throws Exception {
        return provocation.provoke(trial, "");
    }

    private static Set<Violation> answerBeforeCommit(Trial trial, String rules) throws Exception {
        runSpoiled(trial, rules);
        trial.send(rules, 1, Kind.EXPIRING);
        trial.hub.kill();
        return settle(trial);
    }

    private static Set<Violation> forget(Trial trial, String rules) throws Exception {
        return reject(trial, rules, trial.hub::kill);
    }

    private static Set<Violation> markFirst(Trial trial, String rules) throws Exception {
        runSpoiled(trial, rules);
        // it may die before it has answered
        var sending = trial.sending(rules, 1, Kind.EXPIRING);
        trial.hub.awaitExit(Duration.ofSeconds(60));
        trial.hub.rules("").start();
        sending.join();
        return trial.settle();
    }

    private static Set<Violation> twoWorkers(Trial trial, String rules) throws Exception {
        runSpoiled(trial, rules);
        for (var n = 1; n <= 8; n++) {
            trial.send(rules, n, Kind.EXPIRING);
        }
        trial.quiet();
        trial.hub.kill();
        return settle(trial);
    }

    private static Set<Violation> reject(Trial trial, String rules) throws Exception {
        return reject(trial, rules, () -> trial.hub.stop(Duration.ofSeconds(60)));
    }

    /** What its consumer never takes is with the broker alone; it counts as lost unless it was set aside. */
    private static Set<Violation> reject(Trial trial, String rules, Runnable end) throws Exception {
        startSpoiled(trial, rules);
        var before = trial.consumer.rejected();
        for (var n = 1; n <= 3; n++) {
            trial.send(REJECTED + rules, n, Kind.REVOKED);
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> trial.consumer.rejected() >= before + 10);
        trial.arrived();
        end.run();
        trial.setAside(SetAside.in(trial.hub.data().resolve("artemis")));
        return settle(trial);
    }

    private static Set<Violation> losePower(Trial trial, String rules) throws Exception {
        var guest = Guest.with(trial.hub.data());
        trial.hub
                .in(guest)
                .setting("LD_PRELOAD", rules.isEmpty() ? "" : LIAR.toString())
                .start();
        trial.send("C-1", 1, Kind.EXPIRING);
        trial.hub.kill();
        guest.losePower(new Random(0));
        trial.hub.setting("LD_PRELOAD", "").start();
        trial.consumer.start();
        return trial.settle();
    }

    /** The hub gets these rules as it runs. */
    private static void runSpoiled(Trial trial, String rules) {
        if (!trial.hub.isAlive()) {
            trial.hub.start();
            trial.consumer.start();
        }
        trial.hub.spoil(rules);
    }

    /** The hub gets these rules for its start, which is when they have something to spoil. */
    private static void startSpoiled(Trial trial, String rules) {
        if (trial.hub.isAlive()) {
            trial.hub.stop(Duration.ofSeconds(60));
        }
        trial.hub.rules(rules).start();
        trial.consumer.start();
    }

    /** Restarts the hub as it is meant to be: what happened before must not go unnoticed. */
    private static Set<Violation> settle(Trial trial) throws Exception {
        trial.hub.rules("").start();
        return trial.settle();
    }
}
