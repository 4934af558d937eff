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
    private final Brake brake = new Brake(PACE, Duration.ofMillis(100), 1, now::get, new Random(1));

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
    void leavesPlacesToOthersWhoseverCrowdsWait() throws InterruptedException {
        var slow = new Brake(Duration.ofDays(1), Duration.ofDays(2), 8, now::get, new Random(1));
        // the first of a connector waits for nobody
        List.of("erp", "crm", "plm").forEach(slow::press);
        var crowd = waiting(slow, "erp", 4);
        slow.press("erp");
        var other = waiting(slow, "crm", 2);
        slow.press("crm");
        var third = waiting(slow, "plm", 1);
        slow.press("plm");

        // and places that are given back are there for those who have fewer
        end(crowd);
        var more = waiting(slow, "plm", 2);
        slow.press("plm");
        Stream.of(other, third, more).forEach(BrakeTest::end);
        end(waiting(slow, "erp", 4));
    }

    private static List<Thread> waiting(Brake brake, String connector, int count) {
        return Stream.generate(() -> waiting(brake, connector)).limit(count).toList();
    }

    private static void end(List<Thread> waiting) {
        for (var thread : waiting) {
            thread.interrupt();
            await().until(() -> !thread.isAlive());
        }
    }

    private static Thread waiting(Brake brake, String connector) {
        var thread = Thread.ofVirtual().start(() -> brake.press(connector));
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }
}
