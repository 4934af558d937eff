package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.crash.Offer.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that end the process or never end themselves: they are parked, and cost nobody else more than a little time. */
class PoisonTest {

    private static final int ATTEMPTS = 3;

    @TempDir
    Path directory;

    @Test
    void parksWhatEndedTheHubThreeTimesAndNothingElse() throws Exception {
        try (var trial = Trial.in(directory)) {
            trial.hub.rules("poison").start();
            trial.consumer.start();
            var neighbours = IntStream.range(0, 8)
                    .mapToObj(i -> trial.sending("C-" + i, 1, Kind.EXPIRING))
                    .toList();
            var deadly = trial.sending("P", 1, Kind.DEADLY);
            var deaths = 0;
            // the first death finds it in a batch; then it is tried alone
            while (deaths <= ATTEMPTS && diesOf(trial, deaths)) {
                deaths++;
                trial.hub.launch();
            }
            assertThat(trial.hub.awaitReady()).as(trial.hub::output).isTrue();
            deadly.join();
            neighbours.forEach(CompletableFuture::join);
            trial.send("P", 2, Kind.EXPIRING);
            trial.arrived();

            assertThat(deaths).isEqualTo(1 + ATTEMPTS);
            assertThat(trial.operator.deadLetters())
                    .extracting(Operator.Letter::kind, Operator.Letter::key)
                    .containsExactly(org.assertj.core.api.Assertions.tuple("POISON", "P"));
            assertThat(trial.consumer.events()).extracting(Arrival::key).doesNotContain("P");
            trial.hub.kill();
            trial.hub.rules("").start();
            assertThat(trial.settle()).isEmpty();
        }
    }

    @Test
    void parksWhatHangsAndGoesOn() throws Exception {
        try (var trial = Trial.in(directory)) {
            trial.hub
                    .setting("HUB_FLOW_DEADLINE", "1s")
                    .setting("HUB_FLOW_PARTITIONS", "1")
                    .rules("poison")
                    .start();
            trial.consumer.start();
            trial.send("P", 1, Kind.ENDLESS);
            for (var key : List.of("C-1", "C-2")) {
                trial.send(key, 1, Kind.EXPIRING);
            }
            trial.send("P", 2, Kind.EXPIRING);
            trial.arrived();

            assertThat(trial.operator.deadLetters())
                    .extracting(Operator.Letter::kind, Operator.Letter::rule)
                    .containsExactly(org.assertj.core.api.Assertions.tuple("POISON", "deadline"));
            assertThat(trial.consumer.events())
                    .extracting(Arrival::key)
                    .contains("C-1", "C-2")
                    .doesNotContain("P");
            trial.hub.kill();
            trial.hub.rules("").start();
            assertThat(trial.settle()).isEmpty();
        }
    }

    /** Whether the hub, which is starting or runs, ends by itself before it has come to rest. */
    private static boolean diesOf(Trial trial, int deaths) {
        if (deaths == ATTEMPTS + 1) {
            return false;
        }
        trial.hub.awaitReady();
        trial.hub.awaitExit(java.time.Duration.ofSeconds(60));
        return true;
    }
}
