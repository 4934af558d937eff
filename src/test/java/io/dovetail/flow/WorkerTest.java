package io.dovetail.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.call.Caller;
import io.dovetail.call.Callers;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Part;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.event.Event;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import io.dovetail.ledger.Days;
import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.History;
import io.dovetail.ledger.Inbox;
import io.dovetail.ledger.NewDelivery;
import io.dovetail.ledger.Outbox;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.Translator;
import io.dovetail.trigger.Policies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules of held keys, duplicates, attempts and poison, on a real ledger and a translator that fails when it is told to. */
@ExtendWith(SharedDatabase.class)
class WorkerTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Shop shop = new Shop();
    private final Configuration old = new Shop()
            .change("connectors/shop/connector.yaml", "title: A shop", "title: An older shop")
            .configuration();
    private final AtomicInteger away = new AtomicInteger();
    private final AtomicInteger loads = new AtomicInteger();
    private final KeptVersions kept = new KeptVersions(hash -> {
        loads.incrementAndGet();
        if (away.getAndDecrement() > 0) {
            throw Store.unavailable();
        }
        return old(hash);
    });
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CountDownLatch unblocked = new CountDownLatch(1);
    private final List<UUID> judged = new CopyOnWriteArrayList<>();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger decided = new AtomicInteger();
    private volatile boolean mended;
    private final Days clock = new Days();
    private Store store;
    private Flow flow;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database, 1, clock, connector -> History.STANDARD);
    }

    @AfterEach
    void stop() {
        unblocked.countDown();
        if (flow != null) {
            flow.close();
        }
        kept.close();
    }

    private static Version version(Configuration configuration, Translator translator) {
        return new Version(configuration, translator, new Policies() {
            @Override
            public List<io.dovetail.event.Trigger> apply(Event event, java.time.Instant acceptedAt) {
                return List.of();
            }

            @Override
            public Set<String> workflows() {
                return Set.of();
            }

            @Override
            public void close() {}
        });
    }

    /** The version before the live one, which found nothing wrong with anything. */
    private Version old(String hash) {
        if (hash.equals("bug")) {
            throw new IllegalStateException("a bug");
        }
        if (!hash.equals(old.hash())) {
            throw new UnreadableVersionException(
                    hash, List.of(new Problem("routes/translate/default.camel.yaml", "is missing")));
        }
        return version(old, new Translator() {
            @Override
            public Translated translate(Source source, Caller caller) {
                return said(source, Shop.tree("\"as then\""));
            }

            @Override
            public void close() {}
        });
    }

    private void start(FlowSettings settings) {
        var version = version(shop.configuration(), new Obedient());
        flow = new Flow(
                new Live(version),
                kept,
                settings,
                meters,
                partition -> new Inbox(store.transactions, partition, store.memory),
                new Callers(
                        (request, within) -> {
                            throw new IOException("nobody is asked here");
                        },
                        name -> "",
                        Clock.systemUTC(),
                        meters),
                new BackOff(RandomGenerator.getDefault()),
                (connector, key) -> paused.contains(connector) || paused.contains(connector + "/" + key),
                decided::incrementAndGet,
                e -> {});
        flow.start();
    }

    private void start() {
        start(new FlowSettings(1, 500, Duration.ofMillis(50), Duration.ofSeconds(30), 3));
    }

    /** Does what the order's note says. */
    private final class Obedient implements Translator {

        @Override
        public Translated translate(Source source, Caller caller) {
            calls.incrementAndGet();
            judged.add(source.id());
            switch (mended ? "" : source.tree().at("/order/note").asText()) {
                case "ignore" -> {
                    return new Translated.Ignored("it says so");
                }
                case "broken" ->
                    throw new FailedException(Failure.of(FailureKind.CONTRACT, "/order/total", "order.v1", "No."));
                case "broken while another is decided" -> {
                    flow.released(0);
                    throw new FailedException(Failure.of(FailureKind.CONTRACT, "/order/total", "order.v1", "No."));
                }
                case "bug" -> throw new IllegalStateException("a bug");
                case "endless" -> throw new StackOverflowError();
                case "hang" -> {
                    try {
                        unblocked.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                default -> {}
            }
            return said(source, source.tree());
        }

        @Override
        public void close() {}
    }

    private static Translated said(Source source, JsonNode data) {
        return new Translated.Said(new Event(
                source.id(),
                "shop",
                source.sender(),
                "order.placed.v1",
                source.key(),
                Store.NOW,
                source.key(),
                source.traceparent(),
                0,
                null,
                source.lineage(),
                data));
    }

    /** Takes an order in as intake does. */
    private UUID accept(@Nullable String key, String id, String note) {
        return accept(key, true, id, note);
    }

    private UUID accept(@Nullable String key, boolean ordered, String id, String note) {
        var tree =
                Shop.tree("{\"kind\": \"order\", \"order\": {\"number\": \"" + id + "\", \"note\": \"" + note + "\"}}");
        var part = new Part("", tree, "order.placed.v1", id, false, key, java.util.Map.of("order", id), null);
        try {
            var body = MAPPER.writeValueAsBytes(tree);
            var hash = java.security.MessageDigest.getInstance("SHA-256").digest(body);
            var event = new NewDelivery.NewEvent(
                    Ids.event("shop", "default", id), "", null, part.emits(), id, key, ordered, hash, part.keys());
            var delivery = new NewDelivery(
                    UUID.randomUUID(),
                    "shop",
                    "default",
                    UUID.randomUUID().toString(),
                    true,
                    "application/json",
                    body,
                    hash,
                    "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
                    List.of(event));
            store.accept(delivery);
            wake();
            return event.id();
        } catch (java.io.IOException | java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void wake() {
        if (flow != null) {
            var all = new BitSet();
            all.set(0);
            flow.accepted(all);
        }
    }

    private void awaitState(String id, String state) {
        await(id + " " + state).atMost(PATIENCE).until(() -> store.state(id), state::equals);
    }

    private List<String> told() {
        return store.outbox.next(1000).stream()
                .filter(p -> p.outcome().equals("translated"))
                .map(Outbox.Pending::id)
                .map(UUID::toString)
                .toList();
    }

    private DeadLetter onlyLetter() {
        var letters = store.deadLetters.list(null, null, 0, 10);
        assertThat(letters).hasSize(1);
        return letters.getFirst();
    }

    private void replay(DeadLetter letter) {
        replay(letter, null);
    }

    private void replay(DeadLetter letter, @Nullable String asVersion) {
        store.deadLetters
                .replay(letter, Store.ADMIN, "mended", null, null, null, asVersion)
                .ifPresent(flow::released);
    }

    private @Nullable String decidedBy(String id) {
        return store.found(id).getFirst().mappingVersion();
    }

    @Test
    void holdsLaterEventsOfAParkedKeyAndNobodyElse() {
        accept("k", "1", "");
        accept("k", "2", "broken");
        accept("k", "3", "");
        accept("other", "4", "");
        start();
        awaitState("3", "held");
        awaitState("2", "parked");
        awaitState("4", "translated");
        accept("k", "5", "");
        awaitState("5", "held");
        mended = true;
        replay(onlyLetter());
        awaitState("5", "translated");
        var expected = new ArrayList<String>();
        for (var id : List.of("1", "2", "3", "4", "5")) {
            expected.add(Ids.event("shop", "default", id).toString());
        }
        assertThat(told()).isEqualTo(expected);
        // and the hold is gone
        await().atMost(PATIENCE).until(() -> store.inbox().standing().held().isEmpty());
        accept("k", "6", "");
        awaitState("6", "translated");
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void leavesWhatIsPausedAsItWasAndGoesOnInOrder() {
        accept("k", "1", "broken");
        accept("k", "2", "");
        start();
        awaitState("2", "held");
        paused.add("shop");
        mended = true;
        replay(onlyLetter());
        accept("k", "3", "");
        accept("other", "4", "");
        accept(null, "5", "");
        awaitState("1", "waiting");
        awaitState("3", "held");
        awaitState("4", "waiting");
        awaitState("5", "waiting");
        flow.close();
        accept("other", "6", "");
        start();
        awaitState("6", "held");
        assertThat(calls).as("but for the one that was parked before").hasValue(1);
        assertThat(store.page().events().inFlight()).isEqualTo(6);
        assertThat(store.verification.verify().agrees()).isTrue();
        paused.clear();
        flow.resumed();
        awaitState("3", "translated");
        awaitState("5", "translated");
        awaitState("6", "translated");
        assertThat(judged)
                .containsSubsequence(events("1", "2", "3"))
                .containsSubsequence(events("4", "6"))
                .hasSize(7);
        await().atMost(PATIENCE).until(() -> store.inbox().standing().held().isEmpty());
        assertThat(store.page().difference()).isZero();
        assertThat(store.verification.verify().agrees()).isTrue();
    }

    @Test
    void leavesAPausedKeyAloneAndGoesOnWithTheOthers() {
        paused.add("shop/k");
        accept("k", "1", "");
        accept("k", "2", "");
        accept("other", "3", "");
        start();
        awaitState("3", "translated");
        awaitState("1", "waiting");
        awaitState("2", "held");
        assertThat(store.verification.verify().agrees()).isTrue();
        paused.clear();
        clock.pass(Duration.ofSeconds(5));
        flow.resumed();
        awaitState("2", "translated");
        assertThat(judged).isEqualTo(events("3", "1", "2"));
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void saysThatSomethingIsToBeToldWhenAnOperatorDiscardsAnEvent() {
        accept("k", "1", "broken");
        start();
        awaitState("1", "parked");
        await().atMost(PATIENCE).until(() -> decided.get() > 0);
        var before = decided.get();
        store.deadLetters.discard(onlyLetter(), Store.ADMIN, "no use").ifPresent(flow::released);
        assertThat(decided).hasValueGreaterThan(before);
    }

    @Test
    void goesOnBehindADeadLetterThatIsSkippedAndTakesItLaterWithoutAnOrder() {
        accept("k", "1", "broken");
        accept("k", "2", "");
        start();
        awaitState("2", "held");
        flow.released(store.deadLetters
                .skip(onlyLetter(), Store.ADMIN, "the rest cannot wait")
                .orElseThrow());
        awaitState("2", "translated");
        await().atMost(PATIENCE).until(() -> store.inbox().standing().held().isEmpty());
        assertThat(onlyLetter().waiting()).isZero();
        assertThat(store.deadLetters.skip(onlyLetter(), Store.ADMIN, "again")).isEmpty();
        assertThat(store.verification.verify().agrees()).isTrue();
        accept("k", "3", "");
        awaitState("3", "translated");
        mended = true;
        replay(onlyLetter());
        awaitState("1", "translated");
        assertThat(store.page().difference()).isZero();
        assertThat(store.verification.verify().agrees()).isTrue();
    }

    private static List<UUID> events(String... ids) {
        return Arrays.stream(ids).map(id -> Ids.event("shop", "default", id)).toList();
    }

    @Test
    void translatesAsThenOnlyWhatIsWantedSo() {
        accept("k", "1", "broken");
        accept("k", "2", "");
        start();
        awaitState("2", "held");
        replay(onlyLetter(), old.hash());
        awaitState("2", "translated");
        assertThat(told())
                .containsExactly(
                        Ids.event("shop", "default", "1").toString(),
                        Ids.event("shop", "default", "2").toString());
        assertThat(store.outbox.next(10))
                .extracting(p -> new String(p.rows().getFirst().body(), UTF_8).contains("as then"))
                .containsExactly(true, false);
        assertThat(decidedBy("1")).isEqualTo(old.hash());
        assertThat(decidedBy("2")).isEqualTo(shop.configuration().hash());
        assertThat(loads).hasValue(1);
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void needsNoOldVersionForTheOneThatIsLive() {
        accept("k", "1", "broken");
        start();
        awaitState("1", "parked");
        mended = true;
        replay(onlyLetter(), shop.configuration().hash());
        awaitState("1", "translated");
        assertThat(loads).hasValue(0);
    }

    /** A version that this hub cannot load any more is no reason for others to wait, and no end for the event. */
    @Test
    void parksWhatCannotBeTranslatedAsThen() {
        accept("k", "1", "broken");
        accept("k", "2", "");
        start();
        awaitState("2", "held");
        replay(onlyLetter(), "gone");
        accept("other", "3", "");
        awaitState("3", "translated");
        await().atMost(PATIENCE)
                .until(() -> onlyLetter().failure().kind() == FailureKind.MAPPING
                        && store.state("2").equals("held"));
        assertThat(onlyLetter().version()).isEqualTo("gone");
        assertThat(onlyLetter().failure().message())
                .contains("gone", "routes/translate/default.camel.yaml: is missing", "another version");
        assertThat(decidedBy("3")).isEqualTo(shop.configuration().hash());
        mended = true;
        replay(onlyLetter());
        awaitState("2", "translated");
        assertThat(decidedBy("1")).isEqualTo(shop.configuration().hash());
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void triesABugOfLoadingThreeTimesWithoutHarmToOthers() {
        accept("k", "1", "broken");
        start();
        awaitState("1", "parked");
        replay(onlyLetter(), "bug");
        accept("other", "2", "");
        awaitState("2", "translated");
        awaitState("1", "parked");
        assertThat(onlyLetter().failure().kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(onlyLetter().failure().detail()).contains("a bug");
        assertThat(decidedBy("1")).isEqualTo("bug");
        assertThat(loads).hasValue(3);
    }

    /** What keeps a version from being loaded for a moment is not the event's fault. */
    @Test
    void triesAgainWhenTheLedgerIsAwayWhileAnOldVersionIsLoaded() {
        accept("k", "1", "broken");
        start();
        awaitState("1", "parked");
        away.set(1);
        replay(onlyLetter(), old.hash());
        awaitState("1", "translated");
        assertThat(decidedBy("1")).isEqualTo(old.hash());
        assertThat(loads).hasValue(2);
    }

    @Test
    void holdsBehindTheSecondWhenTheFirstIsDiscarded() {
        accept("k", "1", "broken");
        accept("k", "2", "broken");
        accept("k", "3", "");
        start();
        awaitState("3", "held");
        var first = onlyLetter();
        store.deadLetters.discard(first, Store.ADMIN, "no use").ifPresent(flow::released);
        awaitState("2", "parked");
        assertThat(store.state("3")).isEqualTo("held");
        store.deadLetters.discard(onlyLetter(), Store.ADMIN, "no use").ifPresent(flow::released);
        awaitState("3", "translated");
    }

    /** What an operator decides while a batch is in hand must not be read as if that batch had not parked anything. */
    @Test
    void holdsBehindTheSecondWhenAnOperatorDecidesMeanwhile() {
        accept("k", "1", "broken");
        accept("k", "2", "broken while another is decided");
        accept("k", "3", "");
        start();
        awaitState("3", "held");
        store.deadLetters.discard(onlyLetter(), Store.ADMIN, "no use").ifPresent(flow::released);
        awaitState("2", "parked");
        accept("other", "4", "");
        awaitState("4", "translated");
        assertThat(store.state("3")).isEqualTo("held");
    }

    @Test
    void holdsNobodyWithoutAKey() {
        accept(null, "1", "broken");
        accept(null, "2", "");
        start();
        awaitState("2", "translated");
        awaitState("1", "parked");
    }

    /** As a connector has it whose {@code order} is {@code none}. */
    @Test
    void holdsNobodyByAKeyThatOrdersNothing() {
        accept("k", false, "1", "broken");
        accept("k", false, "2", "");
        // the same key, as it was before its connector was changed, or will be after
        accept("k", "3", "");
        start();
        awaitState("1", "parked");
        awaitState("2", "translated");
        awaitState("3", "translated");
        accept("k", false, "1", "corrected");
        awaitState("1", "translated");
        assertThat(store.inbox().standing().held()).isEmpty();
        assertThat(onlyLetter().key()).isEqualTo("k");
        assertThat(onlyLetter().waiting()).isZero();
        // its correction was published under its id meanwhile
        mended = true;
        replay(onlyLetter());
        // which is no dead letter for a moment
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(onlyLetter().failure().rule()).isEqualTo("id not unique"));
        store.deadLetters.discard(onlyLetter(), Store.ADMIN, "was sent again").ifPresent(flow::released);
        assertThat(told())
                .containsExactlyInAnyOrderElementsOf(
                        events("1", "2", "3").stream().map(UUID::toString).toList());
        assertThat(store.page().difference()).isZero();
        assertThat(store.verification.verify().agrees()).isTrue();
    }

    @Test
    void tellsDuplicatesWithinABatchAndWhatOnlyLooksLikeOne() {
        accept("k", "1", "");
        accept("k", "1", "");
        accept("k", "1", "another note");
        accept("k", "2", "");
        start();
        awaitState("2", "held");
        assertThat(store.found("1")).extracting(e -> e.state()).containsExactly("translated", "duplicate", "parked");
        assertThat(onlyLetter().failure().rule()).isEqualTo("id not unique");
        assertThat(calls).hasValue(1);
        assertThat(store.page().events().duplicate()).isOne();
    }

    /** A parked event is not a published one: its resend waits behind it, and is judged when that is decided. */
    @Test
    void takesTheResendOfADiscardedOneAsTheFirst() {
        accept("k", "1", "broken");
        start();
        awaitState("1", "parked");
        accept("k", "1", "");
        awaitState("1", "held");
        store.deadLetters.discard(onlyLetter(), Store.ADMIN, "was sent again").ifPresent(flow::released);
        awaitState("1", "translated");
    }

    @Test
    void ignoresWithAReason() {
        accept("k", "1", "ignore");
        start();
        awaitState("1", "ignored");
        assertThat(store.found("1").getFirst().reason()).isEqualTo("it says so");
    }

    @Test
    void triesABugThreeTimesWithoutHarmToOthers() {
        accept("k", "1", "bug");
        accept("k", "2", "");
        accept("other", "3", "");
        accept("third", "4", "endless");
        start();
        awaitState("1", "parked");
        awaitState("4", "parked");
        awaitState("2", "held");
        awaitState("3", "translated");
        assertThat(calls).hasValue(7);
        var letter = store.deadLetters.list(null, null, 0, 1).getFirst();
        assertThat(letter.failure().kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(letter.failure().detail())
                .contains("IllegalStateException: a bug")
                .contains("WorkerTest");
        mended = true;
        replay(letter);
        awaitState("2", "translated");
    }

    @Test
    void parksWhatHangsAndRefusesItsLateResult() {
        accept("k", "1", "hang");
        accept("k", "2", "");
        accept("other", "3", "");
        start(new FlowSettings(1, 500, Duration.ofMillis(50), Duration.ofSeconds(5), 3));
        awaitState("1", "parked");
        awaitState("3", "translated");
        assertThat(onlyLetter().failure().kind()).isEqualTo(FailureKind.POISON);
        unblocked.countDown();
        awaitState("2", "held");
        assertThat(store.state("1")).isEqualTo("parked");
    }

    /** What a dead process had in hand is tried alone, counted first, and parked after three times. */
    @Test
    void countsTheAttemptsOfWhatADeadProcessHadInHand() {
        accept("k", "1", "");
        accept("other", "2", "");
        var dead = store.inbox();
        var inHand = Store.claim(dead).events();
        for (var i = 0; i < 3; i++) {
            dead.countAttempt(inHand.getFirst().seq());
        }
        start();
        awaitState("1", "parked");
        awaitState("2", "translated");
        assertThat(onlyLetter().failure().kind()).isEqualTo(FailureKind.POISON);
        assertThat(calls).hasValue(1);
    }

    @Test
    void measuresItsSteps() {
        accept("k", "1", "");
        accept("k", "2", "broken");
        start();
        awaitState("2", "parked");
        assertThat(meters.timer("hub_step_seconds", "connector", "shop", "step", "translate")
                        .count())
                .isEqualTo(2);
        assertThat(meters.timer("hub_step_seconds", "connector", "shop", "step", "trigger")
                        .count())
                .isOne();
    }
}
