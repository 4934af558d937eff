package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dovetail.crash.Offer.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events that end the process or never end themselves: they are parked, and cost nobody else more than a little time. One
 * hub meets them all; once it is healed, what is parked goes on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoisonTest {

    private static final int ATTEMPTS = 3;

    private Trial trial;

    @BeforeAll
    void start(@TempDir Path directory) {
        trial = Trial.in(directory);
        trial.hub
                .setting("HUB_FLOW_DEADLINE", "3s")
                .setting("HUB_FLOW_PARTITIONS", "1")
                .poisoned()
                .start();
        trial.consumer.start();
    }

    @AfterAll
    void stop() {
        trial.close();
    }

    @BeforeEach
    void poison() {
        trial.hub.disarm();
        trial.hub.arm("poison");
    }

    @Test
    void parksWhatEndedTheHubThreeTimesAndNothingElse() throws Exception {
        var neighbours = IntStream.range(0, 8)
                .mapToObj(i -> trial.sending("C-" + i, 1, Kind.EXPIRING))
                .toList();
        var deadly = trial.sending("P", 1, Kind.DEADLY);
        var deaths = 0;
        // the first death finds it in a batch; then it is tried alone
        while (deaths <= ATTEMPTS) {
            trial.hub.awaitReady();
            trial.hub.awaitExit(Duration.ofSeconds(60));
            deaths++;
            trial.hub.launch();
        }
        assertThat(trial.hub.awaitReady()).as(trial.hub::output).isTrue();
        deadly.join();
        neighbours.forEach(CompletableFuture::join);
        trial.send("P", 2, Kind.EXPIRING);
        trial.arrived();

        assertThat(trial.operator.deadLetters())
                .extracting(Operator.Letter::kind, Operator.Letter::key)
                .containsExactly(tuple("POISON", "P"));
        assertThat(trial.consumer.events()).extracting(Arrival::key).doesNotContain("P");
        trial.hub.disarm();
        assertThat(trial.settle()).isEmpty();
    }

    @Test
    void parksWhatHangsAndGoesOn() throws Exception {
        trial.send("H", 1, Kind.ENDLESS);
        for (var key : List.of("H-1", "H-2")) {
            trial.send(key, 1, Kind.EXPIRING);
        }
        trial.send("H", 2, Kind.EXPIRING);
        trial.arrived();

        assertThat(trial.operator.deadLetters())
                .extracting(Operator.Letter::kind, Operator.Letter::rule)
                .containsExactly(tuple("POISON", "deadline"));
        assertThat(trial.consumer.events())
                .extracting(Arrival::key)
                .contains("H-1", "H-2")
                .doesNotContain("H");
        trial.hub.disarm();
        assertThat(trial.settle()).isEmpty();
    }
}
