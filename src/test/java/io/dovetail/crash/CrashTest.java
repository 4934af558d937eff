package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Kills a hub under load with {@code kill -9} at random moments, while it works, while it starts and while it recovers,
 * and finds nothing lost, unknown or doubled, every key in order and the books balanced.
 *
 * <p>{@code ./hub test -Dtest=CrashTest -Dcrash.kills=300} kills as often as one likes; {@code -Dcrash.seed=N} repeats
 * the moments of a run, whose seed is in its report and in the message of its failure.
 */
@Isolated
class CrashTest {

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void keepsItsPromisesHoweverOftenItIsKilled() throws Exception {
        var kills = Integer.getInteger("crash.kills", 15);
        var seed = Long.getLong("crash.seed", System.nanoTime());
        System.out.printf("%d kills, -Dcrash.seed=%d%n", kills, seed);
        var random = new Random(seed);
        try (var trial = Trial.in(directory)) {
            trial.hub.start();
            trial.consumer.start();
            trial.partners.start(seed);
            try (var tending = Tending.of(trial)) {
                for (var kill = 0; kill < kills; kill++) {
                    live(trial, random);
                    trial.hub.kill();
                    trial.hub.launch();
                    if (random.nextInt(5) == 0) {
                        // again, before it has recovered
                        trial.hub.awaitReadyFor(Duration.ofMillis(random.nextInt(3_000)));
                        trial.hub.kill();
                        trial.hub.launch();
                        kill++;
                    }
                    assertThat(trial.hub.awaitReady()).as(trial.hub::output).isTrue();
                }
                live(trial, random);
            }
            var violations = trial.settle();
            System.out.printf(
                    "%d deliveries, %d unanswered attempts, %d events came, %d of them again%n",
                    trial.partners.ledger().size(),
                    trial.partners.unanswered(),
                    trial.consumer.events().size(),
                    trial.consumer.events().size()
                            - trial.consumer.events().stream()
                                    .map(Arrival::id)
                                    .distinct()
                                    .count());
            if (!violations.isEmpty()) {
                trial.partners.write(Path.of("target", "crash-" + seed + ".ledger"));
            }
            assertThat(violations).as("-Dcrash.seed=%d", seed).isEmpty();
        }
    }

    /** Waits for a random number of answers, so that a kill finds the hub at work however slow the machine is. */
    private static void live(Trial trial, Random random) throws IOException, InterruptedException {
        var until = trial.partners.answered() + 1 + (int) (-Math.log(1 - random.nextDouble()) * 150);
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (trial.partners.answered() < until) {
            assertThat(System.nanoTime()).as("the load goes on").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1, 20));
        }
    }
}
