package io.dovetail.intake.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BrakeTest {

    private final Brake brake = new Brake(Duration.ofDays(1), 1, new Random(1));

    private Thread presses() {
        return Thread.ofVirtual().start(brake::press);
    }

    private static void isKeptWaiting(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void keepsNobodyWaitingBeyondItsPlaces() throws InterruptedException {
        var first = presses();
        isKeptWaiting(first);
        assertThat(presses().join(Duration.ofSeconds(10))).isTrue();
        first.interrupt();
        assertThat(first.join(Duration.ofSeconds(10))).isTrue();
        // and its place is free again
        var third = presses();
        isKeptWaiting(third);
        third.interrupt();
    }

    @Test
    void sendsThoseHomeOneByOneWhoCameTogether() {
        var second = new Brake(Duration.ofSeconds(1), 64, new Random(1));
        var waits = Stream.generate(second::next).limit(64).toList();
        assertThat(waits)
                .doesNotHaveDuplicates()
                .allMatch(wait -> wait.toMillis() >= 500 && wait.toMillis() <= 1500)
                .anyMatch(wait -> wait.toMillis() < 600)
                .anyMatch(wait -> wait.toMillis() > 1400);
    }
}
