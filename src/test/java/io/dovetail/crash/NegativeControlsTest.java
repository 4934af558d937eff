package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.crash.Offer.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hubs that break a promise, each in one way: the checker must say so, or its silence about the real hub is worth
 * nothing. The real hub is spoiled by rules from outside; it has no switch for any of this.
 */
class NegativeControlsTest {

    @TempDir
    Path directory;

    @Test
    void noticesAnAnswerBeforeTheCommit() throws Exception {
        try (var trial = Trial.in(directory)) {
            trial.hub.rules("answer-before-commit").start();
            trial.send("C-1", 1, Kind.EXPIRING);
            trial.hub.kill();

            assertFinds(trial, Violation.Kind.LOST);
        }
    }

    @Test
    void noticesABrokerThatForgets() throws Exception {
        try (var trial = Trial.in(directory)) {
            trial.hub.rules("forgetful-broker").start();
            trial.send("C-1", 1, Kind.EXPIRING);
            trial.quiet();
            trial.hub.kill();

            assertFinds(trial, Violation.Kind.LOST);
        }
    }

    @Test
    void noticesAMarkBeforeTheAcknowledgement() throws Exception {
        try (var trial = Trial.in(directory)) {
            trial.hub.rules("mark-before-acknowledgement").start();
            trial.send("C-1", 1, Kind.EXPIRING);
            trial.hub.awaitExit(Duration.ofSeconds(30));

            assertFinds(trial, Violation.Kind.LOST);
        }
    }

    @Test
    void noticesTwoWorkersOnAPartition() throws Exception {
        try (var trial = Trial.in(directory)) {
            trial.hub.rules("two-workers").start();
            for (var n = 1; n <= 8; n++) {
                trial.send("C-1", n, Kind.EXPIRING);
            }
            trial.quiet();
            trial.hub.kill();

            assertFinds(trial, Violation.Kind.ORDER);
        }
    }

    @Test
    void findsWhatAConsumerRejectedWithTheDeadLetters() throws Exception {
        assertThat(rejecting("")).isEmpty();
    }

    @Test
    void noticesABrokerWithoutADeadLetterAddress() throws Exception {
        assertThat(rejecting("no-dead-letter-address"))
                .extracting(Violation::kind)
                .contains(Violation.Kind.LOST);
    }

    private java.util.Set<Violation> rejecting(String rules) throws Exception {
        var rejected = new AtomicInteger();
        try (var trial =
                Trial.in(directory, a -> a.n() == 2 && a.key().equals("C-1") && rejected.incrementAndGet() > 0)) {
            trial.hub.rules(rules).start();
            trial.consumer.start();
            for (var n = 1; n <= 3; n++) {
                trial.send("C-1", n, Kind.REVOKED);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> rejected.get() >= 10);
            trial.arrived();
            trial.hub.stop(Duration.ofSeconds(30));
            trial.setAside(SetAside.in(trial.hub.data().resolve("artemis")));
            trial.hub.rules("").start();
            return trial.settle();
        }
    }

    /** Restarts the hub as it is meant to be, and expects that what happened before does not go unnoticed. */
    private static void assertFinds(Trial trial, Violation.Kind kind) throws Exception {
        trial.hub.rules("").start();
        trial.consumer.start();
        assertThat(trial.settle()).extracting(Violation::kind).contains(kind);
    }
}
