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

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        Tree.of(root(), "partner-api");
        trial = Trial.in(directory.resolve("hub"));
        trial.hub.setting("HUB_ROOT", root().toString()).killPoints().start();
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
                "translate-in-camel",
                "translate-before-commit",
                "translate-after-commit",
                "relay-before-acknowledgement",
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

    @ParameterizedTest
    @ValueSource(
            strings = {"decide-before-commit", "replay-after-commit", "release-after-claim", "release-before-commit"})
    void survivesWhileAReplayedEventAndThoseBehindItGo(String point) throws Exception {
        survivesADecision(point, Kind.REPAIRED);
    }

    /** What goes before and after is what it is with a replay: {@code book} and a release ask not how an event ended. */
    @Test
    void survivesWhileAnEventIsDiscardedAndThoseBehindItGo() throws Exception {
        survivesADecision("discard-after-commit", Kind.DISCARDED);
    }

    private void survivesADecision(String point, Kind broken) throws Exception {
        n++;
        trial.send("C-3", n, broken);
        for (var behind = 0; behind < 3; behind++) {
            trial.send("C-3", ++n, Kind.EXPIRING);
        }
        trial.quiet();
        var letter = trial.operator.deadLetters().getFirst();
        trial.hub.arm(point);
        ordering(() -> trial.operator.decide(letter, trial.offer(letter)));
        dieAndRecover();

        assertThat(trial.settle()).isEmpty();
    }

    /** What waits behind a parked event goes on without it although nobody lived to wake its worker. */
    @Test
    void survivesWhileAParkedEventIsSkipped() throws Exception {
        trial.send("C-8", ++n, Kind.DISCARDED);
        trial.send("C-8", ++n, Kind.EXPIRING);
        trial.quiet();
        var letter = trial.operator.deadLetters().getFirst();
        trial.hub.arm("skip-after-commit");
        ordering(() -> trial.operator.skip(letter));
        dieAndRecover();

        trial.arrived();
        assertThat(trial.consumer.events()).anyMatch(event -> event.key().equals("C-8"));
        assertThat(trial.operator.deadLetters()).extracting(Operator.Letter::id).containsExactly(letter.id());
        assertThat(trial.operator.discard(letter)).isEqualTo(200);
        assertThat(trial.settle()).isEmpty();
    }

    /** An approval counts or does not: it can be given again in the one case, and goes on by itself in the other. */
    @Test
    void survivesWhileAnEditIsApproved() throws Exception {
        trial.hub.kill();
        Files.writeString(trial.hub.data().resolve("secrets/operators"), trial.operator.approver());
        trial.hub.setting("HUB_REPAIR_APPROVE", "partner-api").start();
        trial.send("C-9", ++n, Kind.REPAIRED);
        trial.send("C-9", ++n, Kind.EXPIRING);
        trial.quiet();
        var letter = trial.operator.deadLetters().getFirst();
        assertThat(trial.operator.decide(letter, trial.offer(letter))).isEqualTo(202);
        trial.hub.arm("approve-before-commit");
        ordering(() -> trial.operator.approve(letter));
        dieAndRecover();
        assertThat(trial.operator.deadLetters()).hasSize(1);

        trial.hub.setting("HUB_REPAIR_APPROVE", "").arm("approve-after-commit");
        ordering(() -> trial.operator.approve(letter));
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
        trial.hub.awaitExit(DEATH);
        trial.hub.disarm();
        // it goes on as soon as it is there again
        trial.hub.arm("republish-after-mark");
        trial.hub.launch();
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
    @ParameterizedTest
    @ValueSource(strings = {"audit-before-commit", "audit-before-head", "audit-in-head", "audit-after-head"})
    void survivesWhileItWritesTheAudit(String point) throws Exception {
        trial.hub.arm(point);
        var forged = trial.sending("C-6", 0, Kind.FORGED);
        dieAndRecover();
        forged.join();

        assertThat(trial.settle()).isEmpty();
    }

    /** It dies with events in hand, and again at each step of taking them up, before one start brings it through. */
    @Test
    void survivesWhileItRecovers() throws Exception {
        trial.hub.arm("translate-in-camel");
        var sending = List.of(trial.sending("C-4", ++n, Kind.EXPIRING), trial.sending("C-5", n, Kind.EXPIRING));
        trial.hub.awaitExit(DEATH);
        for (var point : List.of("recovery-after-takeover", "recovery-at-suspect", "relay-before-acknowledgement")) {
            trial.hub.disarm();
            trial.hub.arm(point);
            trial.hub.launch();
            trial.hub.awaitExit(DEATH);
        }
        trial.hub.disarm();
        trial.hub.start();
        sending.forEach(CompletableFuture::join);

        assertThat(trial.settle()).isEmpty();
    }

    /** The partners' connector asks for every certificate, so that each event is put aside and comes back. */
    @Test
    void survivesWhileItAsksAnotherSystem() throws Exception {
        var root = directory.resolve("asking");
        try (var register = AskedSystem.start();
                var asking = Trial.in(directory.resolve("asked"))) {
            register.does(AskedSystem.json(200, "{}"));
            AskingPartners.addTo(Tree.of(root, "partner-api"), register.url());
            asking.hub
                    .killPoints()
                    .setting("HUB_ROOT", root.toAbsolutePath().toString())
                    .start();
            asking.consumer.start();
            asking.send("C-1", 1, Kind.EXPIRING);
            for (var point : List.of("ask-before-commit", "ask-before-request", "ask-after-answer")) {
                asking.hub.arm(point);
                var one = asking.sending("C-1", ++n, Kind.EXPIRING);
                var other = asking.sending("C-2", n, Kind.REPAIRED);
                asking.hub.awaitExit(DEATH);
                asking.hub.disarm();
                asking.hub.start();
                one.join();
                other.join();
            }

            assertThat(asking.settle()).isEmpty();
            assertThat(register.seen()).hasSizeGreaterThan(6);
        }
    }

    @Test
    void survivesWhileItMigrates() throws Exception {
        var data = directory.resolve("new").toAbsolutePath();
        Template.get().copyWithoutDatabase(data);
        var hub = new HubProcess(data).killPoints();
        try (var fresh = Trial.of(hub, new Subscriber(hub).start())) {
            for (var point : List.of("migration-in-script", "migration-before-grants")) {
                hub.arm(point);
                hub.launch();
                hub.awaitExit(DEATH);
                hub.disarm();
            }
            hub.start();
            fresh.send("C-1", 1, Kind.EXPIRING);

            assertThat(fresh.settle()).isEmpty();
        }
    }

    /** What an operator wanted "as then" is said so after the kill, though another version is live by now. */
    @Test
    void survivesBetweenAReplayAsThenAndItsTurn() throws Exception {
        trial.send("C-11", ++n, Kind.REPAIRED);
        trial.send("C-11", ++n, Kind.EXPIRING);
        trial.quiet();
        var letter = trial.operator.deadLetters().getFirst();
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
}
