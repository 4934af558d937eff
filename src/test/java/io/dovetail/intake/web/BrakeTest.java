package io.dovetail.intake.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BrakeTest {

    private static final Duration PACE = Duration.ofMillis(20);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final Brake brake = new Brake(PACE, Duration.ofMillis(100), 1, 1, now::get, new Random(1));

    private void passes(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void letsThoseGoOneByOneWhoCameTogether() {
        assertThat(Stream.generate(() -> brake.next("erp").toMillis()).limit(6))
                .containsExactly(0L, 20L, 40L, 60L, 80L, 100L);
        passes(PACE.multipliedBy(2));
        assertThat(brake.next("erp").toMillis()).isEqualTo(80);
    }

    @Test
    void keepsNobodyBackForAnotherConnectorsFlood() {
        Stream.generate(() -> brake.next("erp")).limit(100).forEach(wait -> {});
        assertThat(brake.next("crm")).isZero();
    }

    @Test
    void keepsNobodyBackWhoIsRefusedNowAndThen() {
        for (var n = 0; n < 10; n++) {
            assertThat(brake.next("erp")).isZero();
            passes(PACE);
        }
    }

    @Test
    void keepsEachOfACrowdForAnotherTimeButNeverLongerThanItsVendorWaits() {
        Stream.generate(() -> brake.next("erp")).limit(6).forEach(wait -> {});
        var waits = Stream.generate(() -> brake.next("erp")).limit(64).toList();
        assertThat(waits)
                .doesNotHaveDuplicates()
                .allMatch(wait -> wait.toMillis() >= 50 && wait.toMillis() <= 100)
                .anyMatch(wait -> wait.toMillis() < 60)
                .anyMatch(wait -> wait.toMillis() > 90);
        // and there are turns again as soon as those before have gone
        passes(PACE);
        assertThat(brake.next("erp").toMillis()).isEqualTo(100);
    }

    @Test
    void keepsNobodyWaitingBeyondItsPlaces() throws InterruptedException {
        var slow = new Brake(Duration.ofDays(1), Duration.ofDays(2), 2, 1, now::get, new Random(1));
        // the first of a connector waits for nobody
        List.of("erp", "crm", "plm").forEach(slow::press);
        var second = waiting(slow, "erp");
        slow.press("erp");
        // one connector's crowd leaves places to others, and no more wait than may in all
        var other = waiting(slow, "crm");
        slow.press("plm");
        second.interrupt();
        assertThat(second.join(Duration.ofSeconds(10))).isTrue();
        // and its place is free again
        waiting(slow, "erp").interrupt();
        other.interrupt();
    }

    private static Thread waiting(Brake brake, String connector) {
        var thread = Thread.ofVirtual().start(() -> brake.press(connector));
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }
}
