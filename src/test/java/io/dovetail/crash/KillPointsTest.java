package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.AskedSystem;
import io.dovetail.check.Tree;
import io.dovetail.crash.Offer.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a hub at every moment at which something is half done, on purpose: the names are those of kill-points.btm. One
 * hub dies again and again on the same data, so that each death also finds what the ones before have left.
 */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillPointsTest {

    private static final String RENEWAL = "certification-renewal";
    private static final Duration DEATH = Duration.ofSeconds(60);

    private Path directory;
    private Trial trial;
    private int n;

    /** Its first start, which makes the database, is cut off twice: all that follows happens on what became of that. */
    @BeforeAll
    void survivesWhileItMigrates(@TempDir Path temporary) throws IOException {
        directory = temporary;
        Tree.of(root(), "partner-api");
        var data = Files.createDirectories(directory.resolve("hub"))
                .resolve("data")
                .toAbsolutePath();
        Template.get().copyWithoutDatabase(data);
        var hub = new HubProcess(data).setting("HUB_ROOT", root().toString()).killPoints();
        trial = Trial.of(hub, new Subscriber(hub));
        for (var point : List.of("migration-in-script", "migration-before-grants")) {
            hub.arm(point);
            hub.launch();
            hub.awaitExit(DEATH);
            hub.disarm();
        }
        hub.start();
        trial.consumer.start();
    }

    @AfterAll
    void stop() {
        trial.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept-before-commit",
                "accept-after-commit",
                "accept-after-answer",
                "translate-after-claim",
                "translate-before-commit",
                "translate-after-commit",
                "relay-after-acknowledgement",
                "relay-after-mark"
            })
    void survivesOnTheWay(String point) throws Exception {
        var before = ++n;
        trial.send("C-1", before, Kind.EXPIRING);
        trial.hub.arm(point);
        var one = trial.sending("C-1", ++n, Kind.EXPIRING);
        var other = trial.sending("C-2", n, Kind.REPAIRED);
        dieAndRecover();
        one.join();
        other.join();
        trial.send("C-1", ++n, Kind.EXPIRING);
        trial.send("C-2", n, Kind.EXPIRING);

        assertThat(trial.settle()).isEmpty();
    }

    /** It dies before the decision counts, and then again and again while that is carried out. */
    @Test
    void survivesWhileAReplayedEventAndThoseBehindItGo() throws Exception {
        var letter = parked("C-3", Kind.REPAIRED);
        trial.hub.arm("decide-before-commit");
        ordering(() -> trial.operator.decide(letter, trial.offer(letter)));
        dieAndRecover();
        assertThat(trial.operator.deadLetters()).containsExactly(letter);

        trial.hub.arm("release-after-claim");
        ordering(() -> trial.operator.decide(letter, trial.offer(letter)));
        dieAndStartTo("release-before-commit");
        dieAndRecover();

        assertThat(trial.settle()).isEmpty();
    }

    /** What goes before and after is what it is with a replay: {@code book} and a release ask not how an event ended. */
    @Test
    void survivesWhileAnEventIsDiscardedAndThoseBehindItGo() throws Exception {
        var letter = parked("C-12", Kind.DISCARDED);
        trial.hub.arm("discard-after-commit");
        ordering(() -> trial.operator.decide(letter, trial.offer(letter)));
        dieAndRecover();

        assertThat(trial.settle()).isEmpty();
    }

    /** An event that is broken in this way, with three behind it. */
    private Operator.Letter parked(String key, Kind broken) throws Exception {
        trial.send(key, ++n, broken);
        for (var behind = 0; behind < 3; behind++) {
            trial.send(key, ++n, Kind.EXPIRING);
        }
        trial.quiet();
        return trial.operator.deadLetters().getFirst();
    }

    /**
     * What waits behind a parked event goes on without it although nobody lived to wake its worker. The hub that comes then
     * wants edits to be approved: an approval counts or does not, so that it can be given again in the one case, and goes on
     * by itself in the other.
     */
    @Test
    void survivesWhileAParkedEventIsSkippedAndTheEditOfAnotherIsApproved() throws Exception {
        var skipped = parked("C-8", Kind.DISCARDED);
        trial.hub.arm("skip-after-commit");
        ordering(() -> trial.operator.skip(skipped));
        Files.writeString(trial.hub.data().resolve("secrets/operators"), trial.operator.approver());
        trial.hub.setting("HUB_REPAIR_APPROVE", "partner-api");
        dieAndRecover();
        trial.arrived();
        assertThat(trial.consumer.events()).anyMatch(event -> event.key().equals("C-8"));
        assertThat(trial.operator.deadLetters()).extracting(Operator.Letter::id).containsExactly(skipped.id());
        assertThat(trial.operator.discard(skipped)).isEqualTo(200);

        var edited = parked("C-9", Kind.REPAIRED);
        assertThat(trial.operator.decide(edited, trial.offer(edited))).isEqualTo(202);
        trial.hub.arm("approve-before-commit");
        ordering(() -> trial.operator.approve(edited));
        dieAndRecover();
        assertThat(trial.operator.deadLetters()).hasSize(1);

        trial.hub.setting("HUB_REPAIR_APPROVE", "").arm("approve-after-commit");
        ordering(() -> trial.operator.approve(edited));
        dieAndRecover();
        trial.quiet();
        assertThat(trial.operator.deadLetters()).isEmpty();
        assertThat(trial.settle()).isEmpty();
    }

    /** What the bus was told again and nobody has marked is told once more, and nobody else is told anything. */
    @Test
    void survivesWhileItPublishesAgain() throws Exception {
        trial.send("C-10", ++n, Kind.EXPIRING);
        trial.arrived();
        trial.hub.arm("republish-before-mark");
        ordering(() -> trial.operator.republish("C-10"));
        // it goes on as soon as it is there again
        dieAndStartTo("republish-after-mark");
        dieAndRecover();
        var plan = trial.operator.get("/api/replays").at("/replays/0");
        assertThat(plan.path("what").asText()).isEqualTo("republication");
        trial.await("it ends", () -> trial.operator.hasEnded(plan.path("id").asText()));
        trial.arrived();

        assertThat(trial.consumer.events())
                .filteredOn(event -> event.key().equals("C-10"))
                .hasSizeGreaterThan(2);
        assertThat(trial.settle()).isEmpty();
    }

    /** An event is published while what it sets off is kept back, and that is told when the workflow is resumed. */
    @Test
    void survivesWhileATriggerIsKeptBackAndLetGo() throws Exception {
        assertThat(trial.operator.pause(RENEWAL)).isEqualTo(200);
        trial.hub.arm("relay-after-acknowledgement");
        var one = trial.sending("C-7", ++n, Kind.EXPIRING);
        dieAndRecover();
        one.join();
        trial.quiet();
        assertThat(trial.consumer.triggers()).noneMatch(trigger -> trigger.key().equals("C-7"));

        trial.hub.arm("kept-back-before-mark");
        ordering(() -> trial.operator.resume(RENEWAL));
        dieAndRecover();

        assertThat(trial.settle()).isEmpty();
        assertThat(trial.consumer.triggers()).anyMatch(trigger -> trigger.key().equals("C-7"));
    }

    /** Whatever is refused becomes a row, and a row a head; the walk along both is part of what settles. */
    @Test
    void survivesWhileItWritesTheAudit() throws Exception {
        trial.hub.arm("audit-before-commit");
        var forged = trial.sending("C-6", 0, Kind.FORGED);
        for (var next : List.of("audit-before-head", "audit-in-head", "audit-after-head")) {
            dieAndStartTo(next);
            // of what is told again, or of what the last one has left without a head
            trial.hub.awaitReady();
        }
        dieAndRecover();
        forged.join();

        assertThat(trial.settle()).isEmpty();
    }

    /** It dies with events in hand, and again at each step of taking them up, before one start brings it through. */
    @Test
    void survivesWhileItRecovers() throws Exception {
        trial.hub.arm("translate-in-camel");
        var sending = List.of(trial.sending("C-4", ++n, Kind.EXPIRING), trial.sending("C-5", n, Kind.REPAIRED));
        for (var next : List.of("recovery-after-takeover", "recovery-at-suspect", "relay-before-acknowledgement")) {
            dieAndStartTo(next);
        }
        dieAndRecover();
        sending.forEach(CompletableFuture::join);
        trial.send("C-4", ++n, Kind.EXPIRING);
        trial.send("C-5", n, Kind.EXPIRING);

        assertThat(trial.settle()).isEmpty();
    }

    /** For a time the partners' connector asks for every certificate, so that each event is put aside and comes back. */
    @Test
    void survivesWhileItAsksAnotherSystem() throws Exception {
        try (var register = AskedSystem.start()) {
            register.does(AskedSystem.json(200, "{}"));
            AskingPartners.addTo(new Tree(root()), register.url());
            assertThat(trial.operator.reload()).isEqualTo(200);
            for (var point : List.of("ask-before-commit", "ask-before-request", "ask-after-answer")) {
                trial.hub.arm(point);
                var one = trial.sending("C-13", ++n, Kind.EXPIRING);
                var other = trial.sending("C-14", n, Kind.REPAIRED);
                dieAndRecover();
                one.join();
                other.join();
            }

            assertThat(trial.settle()).isEmpty();
            assertThat(register.seen()).hasSizeGreaterThan(6);
            AskingPartners.takeOut(new Tree(root()));
            assertThat(trial.operator.reload()).isEqualTo(200);
        }
    }

    /** What an operator wanted "as then" is said so after the kill, though another version is live by now. */
    @Test
    void survivesBetweenAReplayAsThenAndItsTurn() throws Exception {
        var letter = parked("C-11", Kind.REPAIRED);
        var then = version(1);
        Files.writeString(root().resolve("connectors/partner-api/README.md"), "another version\n");
        assertThat(trial.operator.reload()).isEqualTo(200);
        trial.hub.arm("replay-after-commit");
        ordering(() -> trial.operator.replayAsThen(letter, trial.offer(letter)));
        dieAndRecover();
        trial.quiet();

        assertThat(version(1)).isEqualTo(then);
        assertThat(version(2)).isNotEqualTo(then);
        assertThat(trial.settle()).isEmpty();
    }

    private Path root() {
        return directory.resolve("root").toAbsolutePath();
    }

    /** Which version decided on the n-th event of the key C-11. */
    private String version(int n) throws Exception {
        return trial.operator
                .get("/api/timeline?key=C-11")
                .at("/events/" + (n - 1) + "/mappingVersion")
                .asText();
    }

    /** Gives an order over which the hub may die. */
    private static void ordering(Callable<Integer> order) throws Exception {
        try {
            order.call();
        } catch (IOException e) {
            // it did
        }
    }

    private void dieAndRecover() {
        trial.hub.awaitExit(DEATH);
        trial.hub.disarm();
        trial.hub.start();
    }

    /** What one death has left is taken up by a hub that is to die over it again. */
    private void dieAndStartTo(String next) {
        trial.hub.awaitExit(DEATH);
        trial.hub.disarm();
        trial.hub.arm(next);
        trial.hub.launch();
    }
}
