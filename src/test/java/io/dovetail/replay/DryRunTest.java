package io.dovetail.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.Outcome;
import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.Selection;
import io.dovetail.ledger.Selection.State;
import io.dovetail.ledger.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events that must not be tried, or that do not come to an end. */
@ExtendWith(io.dovetail.ledger.SharedDatabase.class)
class DryRunTest {

    private static final Choice ALL = new Choice(null, null, null, null, null);

    private Store store;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database);
    }

    private void park(int count, Function<Claimed, Outcome> why) {
        for (var n = 0; n < count; n++) {
            store.accept("key " + UUID.randomUUID(), 1);
        }
        var outcomes = Store.claim(store.inbox()).events().stream().map(why).toList();
        store.inbox().turn(Store.turn(outcomes, Map.of()), Set.of(), false, 0);
    }

    private DryRun dryRun(DryRun.Rehearsal rehearsal) {
        return new DryRun(new Selection(store.transactions), rehearsal, Duration.ofMillis(200));
    }

    private static Outcome.Parked poison(Claimed claimed) {
        return new Outcome.Parked(claimed, Failure.of(FailureKind.POISON, "hub", "attempts", "It ended the hub."));
    }

    @Test
    void neverTriesWhatMayEndTheHub() throws InterruptedException {
        park(2, DryRunTest::poison);
        var report = dryRun((claimed, published) -> {
                    throw new AssertionError("it was tried");
                })
                .run(ALL, State.PARKED, 100, 1)
                .orElseThrow();
        assertThat(report.groups()).singleElement().satisfies(group -> {
            assertThat(group.difference()).contains("not tried");
            assertThat(group.count()).isEqualTo(2);
            assertThat(group.samples()).hasSize(1);
        });
    }

    @Test
    void goesThroughAllPagesInTheOrderAccepted() throws InterruptedException {
        park(250, Store::parked);
        var seqs = new ArrayList<Long>();
        var report = dryRun((claimed, published) -> {
                    seqs.add(claimed.seq());
                    return new Outcome.Ignored(claimed, "of " + claimed.seq() % 2);
                })
                .run(ALL, State.PARKED, 1000, 0)
                .orElseThrow();
        assertThat(report.tried()).isEqualTo(250);
        assertThat(report.complete()).isTrue();
        assertThat(report.groups()).extracting(DryRun.Group::count).containsExactly(125L, 125L);
        assertThat(seqs).isSorted().doesNotHaveDuplicates().hasSize(250);
    }

    @Test
    void saysThatAnotherSystemWouldBeAsked() throws InterruptedException {
        park(1, Store::parked);
        var failure = Failure.of(FailureKind.EXTERNAL, "GET https://crm", "not asked", "Nobody is asked.");
        var report = dryRun((claimed, published) -> Outcome.Waiting.inVain(claimed, Store.NOW, failure))
                .run(ALL, State.PARKED, 10, 1)
                .orElseThrow();
        assertThat(report.groups().getFirst().difference()).contains("asks another system", "GET https://crm");
    }

    @Test
    void endsWithAnEventThatHangs() throws InterruptedException {
        park(3, Store::parked);
        var never = new CountDownLatch(1);
        var report = dryRun((claimed, published) -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new Outcome.Duplicate(claimed);
                })
                .run(ALL, State.PARKED, 10, 1)
                .orElseThrow();
        assertThat(report.tried()).isEqualTo(1);
        assertThat(report.complete()).isFalse();
        assertThat(report.groups().getFirst().difference()).startsWith("takes longer than");
    }
}
