package io.dovetail.ledger;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.event.Lineage;
import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.ProposedEdits.Edit;
import io.dovetail.ledger.ProposedEdits.Listed;
import io.dovetail.ledger.ReplayPlans.Choice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An edit waits for a second operator, and is always one of what the event says now. */
@ExtendWith(SharedDatabase.class)
class ProposedEditsTest {

    private static final Actor ALICE = new Actor("alice", "repairer");
    private static final Actor BOB = new Actor("bob", "approver");

    private final Days clock = new Days();
    private Store store;
    private ProposedEdits proposals;
    private Inbox inbox;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database, 1, clock, connector -> History.STANDARD);
        proposals = store.proposals;
        inbox = store.inbox();
    }

    /** Accepts an event, or takes one that goes its way, and parks it. */
    private DeadLetter park(int number) {
        store.accept("k", number);
        return parkAgain();
    }

    private DeadLetter parkAgain() {
        inbox.turn(turn(claim(inbox).events().stream().map(Store::parked).toArray(Outcome[]::new)), Set.of(), false, 0);
        return store.deadLetters.list(null, null, 0, 100).getLast();
    }

    private static Edit edit(String text) {
        return new Edit("{\"text\": \"" + text + "\"}", "{\"places\": [], \"more\": 0}", Store.utf8(text), null);
    }

    private UUID propose(DeadLetter letter, String text) {
        clock.pass(Duration.ofSeconds(1));
        return proposals.propose(letter, ALICE, "as agreed", edit(text)).orElseThrow();
    }

    private List<Listed> waiting() {
        return proposals.list(null, 0, 100);
    }

    private List<String> steps(String event) {
        return store.found(event).getFirst().steps().stream()
                .map(step -> step.step() + " by " + step.actor())
                .toList();
    }

    private List<String> audited() {
        return new AuditLog(store.transactions)
                .page(null, 0, 100).stream()
                        .map(row -> row.action() + " by " + row.actor() + " (" + row.role() + "): " + row.reason())
                        .toList();
    }

    private void booksAgree() {
        assertThat(store.page().difference()).isZero();
        assertThat(store.verification.verify().agrees()).isTrue();
    }

    @Test
    void leavesTheEventParkedUntilSomebodyElseApprovesIt() {
        var letter = park(1);
        var proposal = propose(letter, "{}");
        var detail = store.deadLetters.find(letter.id()).orElseThrow();
        assertThat(detail.body()).isEqualTo(Store.utf8("k:1"));
        assertThat(detail.proposal().id()).isEqualTo(proposal);
        assertThat(detail.proposal().edit().body()).isEqualTo(Store.utf8("{}"));
        assertThat(waiting())
                .containsExactly(new Listed(
                        letter.seq(),
                        letter.id(),
                        "shop",
                        "order.placed.v1",
                        "k",
                        proposal,
                        clock.instant(),
                        "alice",
                        "as agreed"));
        assertThat(proposals.waiting()).containsExactly(Map.entry("shop", 1L));
        assertThat(claim(inbox).events()).isEmpty();
        booksAgree();

        clock.pass(Duration.ofSeconds(1));
        assertThat(proposals.approve(letter, proposal, BOB, null)).contains(0);
        assertThat(waiting()).isEmpty();
        assertThat(proposals.waiting()).isEmpty();
        var claimed = claim(inbox).events().getFirst();
        assertThat(claimed.body()).isEqualTo(Store.utf8("{}"));
        assertThat(claimed.part()).isTrue();
        assertThat(claimed.lineage()).isEqualTo(new Lineage(List.of("alice"), List.of("bob")));
        assertThat(inbox.delivered(claimed.delivery())).isEqualTo(Store.utf8("k:1"));
        booksAgree();

        inbox.turn(turn(Store.translated(claimed)), Set.of(), false, 0);
        store.outbox.told(store.outbox.next(10), 10);
        assertThat(steps("k:1")).containsExactly("parked by hub", "proposed by alice", "approved by bob");
        assertThat(store.found("k:1").getFirst().steps().getLast().proposedBy()).isEqualTo("alice");
        assertThat(audited())
                .containsExactly("propose by alice (repairer): as agreed", "approve by bob (approver): as agreed");
        booksAgree();
    }

    @Test
    void letsNobodyApproveHisOwn() {
        var letter = park(1);
        var proposal = propose(letter, "{}");
        // whatever his role is by now
        assertThat(proposals.approve(letter, proposal, new Actor("alice", "approver"), null))
                .isEmpty();
        assertThat(waiting()).hasSize(1);
        assertThat(store.state("k:1")).isEqualTo("parked");
        assertThat(audited()).hasSize(1);
    }

    /** Between the look and the word, the author has put another one in its place. */
    @Test
    void letsNobodyApproveWhatHeHasNotSeen() {
        var letter = park(1);
        var seen = propose(letter, "12.50");
        var other = propose(letter, "12500");
        assertThat(proposals.approve(letter, seen, BOB, null)).isEmpty();
        assertThat(waiting()).extracting(Listed::proposal).containsExactly(other);
        assertThat(steps("k:1")).containsExactly("parked by hub", "proposed by alice", "proposed by alice");
    }

    @Test
    void keepsTheEventParkedWhenItIsRefused() {
        var letter = park(1);
        var proposal = propose(letter, "{}");
        clock.pass(Duration.ofSeconds(1));
        assertThat(proposals.refuse(letter, BOB, "not what they said")).isTrue();
        assertThat(proposals.refuse(letter, BOB, "again")).isFalse();
        assertThat(proposals.approve(letter, proposal, BOB, null)).isEmpty();
        assertThat(store.state("k:1")).isEqualTo("parked");
        assertThat(steps("k:1")).containsExactly("parked by hub", "proposed by alice", "refused by bob");
        assertThat(audited())
                .containsExactly(
                        "propose by alice (repairer): as agreed", "refuse by bob (approver): not what they said");
        booksAgree();
    }

    /** Whoever decides on the event otherwise takes the proposal with it, also when the event is parked again. */
    @Test
    void forgetsWhatWasProposedForWhatTheEventWasBefore() {
        var letter = park(1);
        var proposal = propose(letter, "{}");
        store.deadLetters.replay(letter, BOB, "once more", null, null, null, null);
        assertThat(waiting()).isEmpty();
        assertThat(proposals.propose(letter, ALICE, "too late", edit("{}"))).isEmpty();
        var again = parkAgain();
        assertThat(again.seq()).isEqualTo(letter.seq());
        assertThat(store.deadLetters.find(again.id()).orElseThrow().proposal()).isNull();
        assertThat(proposals.approve(again, proposal, BOB, null)).isEmpty();

        propose(again, "{}");
        var plans = new ReplayPlans(store.transactions);
        var all = new Choice(null, null, null, null, null);
        var plan =
                plans.make(UUID.randomUUID(), BOB, "all of them", all, 100, 0).plan();
        plans.step(plan, plans.next(plan, 10), Set.of(), 0);
        assertThat(waiting()).isEmpty();

        propose(parkAgain(), "{}");
        store.deadLetters.discard(again, BOB, "no use");
        assertThat(waiting()).isEmpty();
        booksAgree();
    }

    @Test
    void leavesNothingBehindWhenItsDayIsRemoved() {
        var letter = park(1);
        propose(letter, "{}");
        var retention = new Retention(store.transactions, Map.of("standard", Duration.ofDays(1)));
        clock.pass(5);
        assertThat(retention.remove()).extracting(Retention.Removed::open).containsExactly(true);
        assertThat(waiting()).hasSize(1);
        store.deadLetters.discard(letter, BOB, "no use");
        store.outbox.told(store.outbox.next(10), 10);
        assertThat(retention.remove()).extracting(Retention.Removed::open).containsExactly(false);
        assertThat(rows()).isZero();
        booksAgree();
    }

    private long rows() {
        return store.transactions.query(connection -> {
            try (var select = connection.prepareStatement("select count(*) from proposed_edit")) {
                var row = select.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Test
    void tellsWhoHadAHandInItTheLastOneLast() {
        var letter = park(1);
        store.deadLetters.replay(letter, ALICE, "mended", Store.utf8("1"), "{}", null, null);
        letter = parkAgain();
        proposals.approve(
                letter, proposals.propose(letter, BOB, "mended", edit("2")).orElseThrow(), Store.ADMIN, null);
        letter = parkAgain();
        store.deadLetters.replay(letter, ALICE, "mended", Store.utf8("3"), "{}", null, null);
        // what is replayed as it is still says what they made of it; and as after a restart
        letter = parkAgain();
        store.deadLetters.replay(letter, new Actor("carol", "repairer"), "once more", null, null, null, null);
        assertThat(claim(new Inbox(store.transactions, 0, new Memory(store.partitions)))
                        .events())
                .extracting(Claimed::lineage)
                .containsExactly(new Lineage(List.of("bob", "alice"), List.of("admin")));
    }

    @Test
    void listsPageByPage() {
        IntStream.rangeClosed(1, 3).forEach(n -> propose(park(n), "{}"));
        var first = proposals.list("shop", 0, 2);
        assertThat(first).hasSize(2);
        assertThat(proposals.list("shop", first.getLast().seq(), 2)).hasSize(1);
        assertThat(proposals.list("other", 0, 2)).isEmpty();
    }

    /** Approved, refused, replaced and replayed at the same time: each time one of them comes first, and all agrees. */
    @Test
    void isDecidedOnOnce() {
        var letter = park(1);
        for (var round = 0; round < 20; round++) {
            var now = store.deadLetters.find(letter.id()).orElseThrow().letter();
            var proposal = propose(now, "{}");
            var approved = CompletableFuture.supplyAsync(
                    () -> proposals.approve(now, proposal, BOB, null).isPresent());
            var refused = CompletableFuture.supplyAsync(() -> proposals.refuse(now, BOB, "no"));
            var replaced = CompletableFuture.supplyAsync(
                    () -> proposals.propose(now, ALICE, "other", edit("[]")).isPresent());
            var replayed = CompletableFuture.supplyAsync(() -> store.deadLetters
                    .replay(now, BOB, "once more", null, null, null, null)
                    .isPresent());
            CompletableFuture.allOf(approved, refused, replaced, replayed).join();
            // one of them has let it go, and nothing is left of what was proposed
            assertThat(approved.join()).isNotEqualTo(replayed.join());
            assertThat(waiting()).isEmpty();
            parkAgain();
        }
        booksAgree();
    }
}
