package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.intake.AcceptQueue.Waiting;
import io.dovetail.ledger.Acceptance;
import io.dovetail.ledger.NewDelivery;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AcceptQueueTest {

    private static final Duration PATIENCE = Duration.ofHours(1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 2); // nanoTime may overflow
    private final AcceptQueue queue = new AcceptQueue(3, 1, now::get);

    private Waiting of(String connector, String id) {
        return of(connector, id, Duration.ZERO);
    }

    private Waiting of(String connector, String id, Duration patience) {
        return new Waiting(
                new NewDelivery(
                        UUID.randomUUID(),
                        connector,
                        "default",
                        id,
                        true,
                        "application/json",
                        new byte[0],
                        new byte[0],
                        "",
                        List.of()),
                now.getAndIncrement(),
                patience);
    }

    private List<String> take(int limit) throws InterruptedException {
        var taken = queue.take(limit);
        queue.done(taken);
        return ids(taken);
    }

    private static List<String> ids(List<Waiting> taken) {
        return taken.stream().map(w -> w.delivery().sourceId()).toList();
    }

    @Test
    void takesOneOfEachConnectorByTurns() throws InterruptedException {
        for (var id : List.of("a1", "a2", "a3", "b1", "c1", "c2")) {
            assertThat(queue.offer(of(id.substring(0, 1), id))).isTrue();
        }
        assertThat(take(4)).containsExactly("a1", "b1", "c1", "a2");
        queue.offer(of("b", "b2"));
        assertThat(take(10)).containsExactly("c2", "a3", "b2");
    }

    @Test
    void neverGivesTwoWritersTheSameConnector() throws InterruptedException {
        var shared = new AcceptQueue(3, 2, now::get);
        for (var id : List.of("a1", "a2", "b1")) {
            shared.offer(of(id.substring(0, 1), id));
        }
        var flood = shared.take(1);
        assertThat(ids(flood)).containsExactly("a1");
        // the other writer is free for whoever else comes, though more of the first has waited for longer
        assertThat(ids(shared.take(10))).containsExactly("b1");
        shared.offer(of("a", "a3"));
        shared.offer(of("c", "c1"));
        assertThat(ids(shared.take(10))).containsExactly("c1");
        shared.done(flood);
        assertThat(ids(shared.take(10))).containsExactly("a2", "a3");
    }

    @Test
    void leavesTheOtherWriterItsShareOfTheConnectors() throws InterruptedException {
        var shared = new AcceptQueue(3, 2, now::get);
        for (var id : List.of("a1", "b1", "c1", "a2", "b2")) {
            shared.offer(of(id.substring(0, 1), id));
        }
        assertThat(ids(shared.take(10))).containsExactly("a1", "b1", "a2", "b2");
        assertThat(ids(shared.take(10))).containsExactly("c1");
    }

    @Test
    void isFullForOneConnectorAndOpenForOthers() throws InterruptedException {
        for (var n = 1; n <= 3; n++) {
            assertThat(queue.offer(of("a", "a" + n))).isTrue();
        }
        assertThat(queue.offer(of("a", "a4"))).isFalse();
        assertThat(queue.offer(of("b", "b1"))).isTrue();
        take(1);
        assertThat(queue.offer(of("a", "a5"))).isTrue();
    }

    @Test
    void neverHandsOutWhatHasWaitedTooLong() throws InterruptedException {
        var first = of("a", "a1");
        var second = of("a", "a2");
        var other = of("b", "b1");
        queue.offer(first);
        queue.offer(second);
        queue.offer(other);
        queue.expire(now.get() - 2);
        assertThat(first.answer()).isCompletedExceptionally();
        assertThat(second.answer()).isNotDone();
        assertThat(take(10)).containsExactly("a2", "b1");
    }

    @Test
    void hasRoomAgainWhereEverybodyWaitedTooLong() throws InterruptedException {
        for (var n = 1; n <= 3; n++) {
            queue.offer(of("a", "a" + n));
        }
        queue.expire(now.get());
        assertThat(queue.offer(of("a", "a4"))).isTrue();
        assertThat(queue.offer(of("b", "b1"))).isTrue();
        assertThat(queue.offer(of("a", "a5"))).isTrue();
        assertThat(take(10)).containsExactly("a4", "b1", "a5");
    }

    @Test
    void answersWhoeverWaitsForATransactionThatTakesTooLong() throws InterruptedException {
        var waiting = of("a", "a1");
        queue.offer(waiting);
        var taken = queue.take(1).getFirst();
        assertThat(taken.expire(now.get())).isTrue();
        assertThat(waiting.answer()).isCompletedExceptionally();
        // the transaction's late end changes nothing of what was answered
        assertThat(taken.answer().complete(new Acceptance.Accepted(UUID.randomUUID())))
                .isFalse();
    }

    @Test
    void waitsForTheFirst() throws Exception {
        var taken = taking(queue);
        assertThat(taken).isNotDone();
        queue.offer(of("a", "a1"));
        assertThat(taken.get(10, TimeUnit.SECONDS)).containsExactly("a1");
    }

    private static CompletableFuture<List<String>> taking(AcceptQueue queue) {
        var taken = new CompletableFuture<List<String>>();
        Thread.ofVirtual().start(() -> {
            try {
                taken.complete(ids(queue.take(5)));
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        return taken;
    }

    @Test
    void letsThePatientWaitForCompany() throws InterruptedException {
        queue.offer(of("a", "a1", PATIENCE));
        queue.offer(of("a", "a2", PATIENCE));
        queue.offer(of("b", "b1"));
        assertThat(take(10)).containsExactly("b1");
        // who is in a hurry takes them along, in order
        queue.offer(of("a", "a3"));
        assertThat(take(10)).containsExactly("a1", "a2", "a3");
    }

    @Test
    void takesThePatientTogetherOnceTheFirstHasWaitedForLongEnough() throws InterruptedException {
        queue.offer(of("a", "a1", PATIENCE));
        now.addAndGet(PATIENCE.toNanos() / 2);
        queue.offer(of("a", "a2", PATIENCE));
        queue.offer(of("b", "b1"));
        assertThat(take(10)).containsExactly("b1");
        now.addAndGet(PATIENCE.toNanos() / 2);
        assertThat(take(10)).containsExactly("a1", "a2");
    }

    @Test
    void hasCompanyEnoughWithEight() throws InterruptedException {
        var large = new AcceptQueue(10, 1, now::get);
        for (var n = 1; n <= 8; n++) {
            large.offer(of("a", "a" + n, PATIENCE));
        }
        assertThat(large.take(10)).hasSize(8);
    }

    @Test
    void waitsForAsLongAsThePatientDo() throws Exception {
        var soon = new AcceptQueue(3, 2, System::nanoTime);
        var takers = Stream.generate(() -> taking(soon)).limit(2).toList();
        soon.offer(new Waiting(of("a", "a1").delivery(), System.nanoTime(), Duration.ofMillis(100)));
        soon.offer(new Waiting(of("b", "b1").delivery(), System.nanoTime(), Duration.ZERO));
        // though nobody wakes the second
        for (var taker : takers) {
            assertThat(taker.get(10, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void letsThePatientWaitWhoCameWhileOthersOfTheirConnectorWereStored() throws InterruptedException {
        queue.offer(of("a", "a1"));
        var stored = queue.take(10);
        queue.offer(of("a", "a2", PATIENCE));
        queue.done(stored);
        queue.offer(of("b", "b1"));
        assertThat(take(10)).containsExactly("b1");
        queue.offer(of("a", "a3"));
        assertThat(take(10)).containsExactly("a2", "a3");
    }

    @Test
    void forgetsThePatientWhoWaitedTooLong() throws InterruptedException {
        var patient = of("a", "a1", PATIENCE);
        queue.offer(patient);
        queue.expire(now.get());
        assertThat(patient.answer()).isCompletedExceptionally();
        queue.offer(of("a", "a2"));
        assertThat(take(10)).containsExactly("a2");
    }

    @Test
    void forsakesWhatIsBehindOneThatWasNotStored() {
        var first = of("a", "a1");
        var second = new Waiting(first.delivery(), now.get(), first);
        var third = new Waiting(first.delivery(), now.get(), second);
        assertThat(first.isForsaken()).isFalse();
        assertThat(second.isForsaken()).isFalse();

        first.answer().completeExceptionally(new IllegalStateException("the database is away"));
        assertThat(second.isForsaken()).isTrue();
        assertThat(second.answer()).isCompletedExceptionally();
        assertThat(third.isForsaken()).isTrue();
    }

    @Test
    void doesNotForsakeWhatIsBehindOneThatWasStored() {
        var first = of("a", "a1");
        first.answer().complete(new Acceptance.Accepted(first.delivery().id()));
        assertThat(new Waiting(first.delivery(), now.get(), first).isForsaken()).isFalse();
    }
}
