package io.dovetail.flow;

import static io.dovetail.call.AskedSystem.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.Caller;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.codec.JsonCodec;
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
import io.dovetail.ledger.Timeline;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.Translator;
import io.dovetail.translate.camel.CamelTranslator;
import io.dovetail.trigger.camel.CamelPolicies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Events whose route asks another system, on a real ledger, real routes and a real system that misbehaves. */
@ExtendWith(SharedDatabase.class)
class AskingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** As an attempt counts as lost: its deadline, which no answer misses on a busy machine, and some seconds more. */
    private static final Duration LEASE = Duration.ofSeconds(20);

    private final Days clock = new Days();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AskedSystem crm = AskedSystem.start();
    private final Shop shop = new Shop().asks(crm.url());
    private final HttpNetwork network = new HttpNetwork();
    private final List<Flow> flows = new ArrayList<>();
    private final List<Live> lives = new ArrayList<>();
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final Map<String, Version> older = new HashMap<>();
    private final KeptVersions kept = new KeptVersions(older::get);
    private Unsteady database;
    private Store store;
    private Flow flow;
    private Live live;

    /** A database that is away when it is told to be. */
    private static final class Unsteady extends DelegatingDataSource {

        private volatile boolean away;

        Unsteady(DataSource database) {
            super(database);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (away) {
                throw new SQLException("away", "08006");
            }
            return super.getConnection();
        }
    }

    @BeforeEach
    void fresh(DataSource database) {
        this.database = new Unsteady(database);
        store = store();
        crm.does(json(200, "{\"tier\": \"gold\"}"));
    }

    private Store store() {
        return new Store(database, 1, clock, connector -> History.STANDARD);
    }

    @AfterEach
    void stop() {
        letGo.countDown();
        crm.close();
        database.away = false;
        flows.forEach(Flow::close);
        lives.forEach(Live::close);
        kept.close();
        network.close();
        // whatever happened to it
        assertThat(store.verification.verify().agrees()).isTrue();
    }

    private Version version() {
        var configuration = shop.configuration();
        var translator = new CamelTranslator(configuration);
        return new Version(
                configuration,
                new Translator() {
                    @Override
                    public Translated translate(Source source, Caller caller) {
                        var translated = translator.translate(source, caller);
                        if (source.key() != null && hanging.contains(source.key())) {
                            awaitUninterruptibly(letGo);
                        }
                        return translated;
                    }

                    @Override
                    public void close() {
                        translator.close();
                    }
                },
                new CamelPolicies(configuration));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // as a loop without end would
            }
        }
    }

    private void start() {
        start(Duration.ofSeconds(30));
    }

    private void start(Duration deadline) {
        live = new Live(version());
        var of = store;
        flow = new Flow(
                live,
                kept,
                new FlowSettings(1, 500, Duration.ofMillis(50), deadline, 3),
                meters,
                partition -> new Inbox(of.transactions, partition, of.memory),
                new Callers(network, name -> "", clock, meters),
                new BackOff(BackOffTest.LONGEST),
                (connector, key) -> paused.contains(connector),
                () -> {},
                e -> {});
        flows.add(flow);
        lives.add(live);
        flow.start();
    }

    private void stopAsking() {
        shop.files().remove("routes/translate/shop.camel.yaml");
        shop.files().remove("connectors/shop/shop-customer.kamelet.yaml");
        shop.change("connectors/shop/connector.yaml", "calls: { deadline: 15s, atOnce: 4 }\n", "");
        shop.change("connectors/shop/mappings/order.jslt", "$lookup.customer.tier", ".order.tier");
    }

    /** Takes an order in as intake does. */
    private void accept(@Nullable String key, String... numbers) {
        for (var number : numbers) {
            var body = JsonCodec.write(Shop.order(number, "1"));
            var event = new NewDelivery.NewEvent(
                    Ids.event("shop", "default", number),
                    "",
                    null,
                    "order.placed.v1",
                    number,
                    key,
                    true,
                    sha256(body),
                    Map.of("order", number));
            store.accept(new NewDelivery(
                    UUID.randomUUID(),
                    "shop",
                    "default",
                    UUID.randomUUID().toString(),
                    true,
                    "application/json",
                    body,
                    sha256(body),
                    "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
                    List.of(event)));
        }
        wake();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
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

    private void pass(Duration time) {
        clock.pass(time);
        wake();
    }

    private Timeline.Event event(String number) {
        return store.found(number).getLast();
    }

    private void awaitState(String number, String state) {
        await(number + " " + state).atMost(PATIENCE).until(() -> event(number).state(), state::equals);
    }

    private Timeline.Waiting awaitFailures(String number, int attempts) {
        return await(number + " asked in vain")
                .atMost(PATIENCE)
                .until(() -> event(number).waiting(), w -> w != null && w.attempts() == attempts);
    }

    private void awaitAsked(int requests) {
        await(requests + " requests").atMost(PATIENCE).until(() -> crm.seen().size() >= requests);
    }

    private List<String> asked() {
        return crm.seen().stream()
                .map(seen -> seen.target().replace("/customers/", ""))
                .toList();
    }

    private List<UUID> told() {
        return store.outbox.next(1000).stream()
                .filter(pending -> pending.outcome().equals("translated"))
                .map(Outbox.Pending::id)
                .toList();
    }

    private DeadLetter onlyLetter() {
        var letters = store.deadLetters.list(null, null, 0, 10);
        assertThat(letters).hasSize(1);
        return letters.getFirst();
    }

    @Test
    void publishWithWhatWasAnswered() {
        start();
        accept("k", "1", "2", "3");
        awaitState("3", "translated");
        assertThat(asked()).containsExactly("1", "2", "3");
        var rows = store.outbox.next(10).getFirst().rows();
        assertThat(new String(rows.getFirst().body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"tier\":\"gold\"");
        // and the hold is gone
        await().atMost(PATIENCE).until(() -> store.inbox().standing().held().isEmpty());
        assertThat(store.page().difference()).isZero();
        assertThat(store.page().events().parked()).isZero();
    }

    @Test
    void slowOneHoldsItsKeyAndNobodyElse() {
        crm.decides(request -> request.target().endsWith("slow") ? crm.silence() : json(200, "{\"tier\": \"gold\"}"));
        start();
        accept("slow", "slow", "behind");
        accept("other", "1", "2", "3");
        accept(null, "4", "5");
        for (var n = 10; n < 40; n++) {
            accept("key" + n, "" + n);
        }
        for (var number : List.of("3", "4", "5", "39")) {
            awaitState(number, "translated");
        }
        assertThat(event("slow").state()).isEqualTo("waiting");
        assertThat(event("behind").state()).isEqualTo("held");
        assertThat(store.page().events().inFlight()).isEqualTo(37);
    }

    @Test
    void systemThatIsDownForAWhileLosesNothingAndNoOrder() {
        crm.does(json(503, "{}"));
        start();
        var expected = new ArrayList<UUID>();
        for (var number : List.of("1", "2", "3")) {
            accept("k", number);
            expected.add(Ids.event("shop", "default", number));
        }
        accept(null, "11", "12", "13", "14", "15", "16");
        await("asked again and again").atMost(PATIENCE).until(() -> {
            pass(Duration.ofSeconds(30));
            var waiting = event("1").waiting();
            return waiting != null && waiting.attempts() >= 3;
        });
        crm.does(json(200, "{\"tier\": \"gold\"}"));
        for (var number : List.of("1", "2", "3", "11", "16")) {
            await(number).atMost(PATIENCE).until(() -> {
                pass(Duration.ofSeconds(30));
                return event(number).state().equals("translated");
            });
        }
        assertThat(told()).containsSubsequence(expected);
        assertThat(store.deadLetters.count()).isZero();
        assertThat(store.page().difference()).isZero();
        assertThat(event("1").steps())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(step -> step.step().equals("asked"));
        assertThat(event("1").waiting()).isNull();
    }

    @Test
    void systemThatDoesNotAnswerIsSpared() {
        crm.does(json(503, "{}"));
        start();
        for (var n = 1; n <= 60; n++) {
            accept("key" + n, "" + n);
        }
        await().atMost(PATIENCE)
                .until(() -> meters.find("hub_calls_circuit_open").gauge() != null
                        && meters.get("hub_calls_circuit_open").gauge().value() == 1);
        await("all put aside")
                .atMost(PATIENCE)
                .until(() -> store.found("60").getFirst().state().equals("waiting"));
        var requests = crm.seen().size();
        assertThat(requests).isLessThan(20);
        // an open circuit is no attempt
        assertThat(event("60").waiting()).isNull();
        crm.does(json(200, "{\"tier\": \"gold\"}"));
        await().atMost(PATIENCE).until(() -> {
            pass(Duration.ofSeconds(11));
            return store.page().events().inFlight() == 60
                    && store.outbox.next(100).size() == 60;
        });
        assertThat(meters.get("hub_calls_circuit_open").gauge().value()).isZero();
    }

    @Test
    void rejectionIsParkedWithTheAnswer() {
        crm.decides(request -> request.target().endsWith("1")
                ? json(422, "{\"why\": \"the account is closed\"}")
                : json(200, "{\"tier\": \"gold\"}"));
        start();
        accept("k", "1", "2");
        awaitState("1", "parked");
        awaitState("2", "held");
        var letter = onlyLetter();
        assertThat(letter.failure().kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(letter.failure().rule()).isEqualTo("status 422");
        assertThat(letter.failure().value()).isEqualTo("{\"why\": \"the account is closed\"}");
        assertThat(letter.waiting()).isOne();
        crm.does(json(200, "{\"tier\": \"gold\"}"));
        store.deadLetters
                .replay(letter, Store.ADMIN, "opened again", null, null, null, null)
                .ifPresent(flow::released);
        awaitState("2", "translated");
        assertThat(asked()).containsExactly("1", "1", "2");
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void deadlineCutsWhatHangsOrTrickles() {
        shop.change("connectors/shop/connector.yaml", "deadline: 15s", "deadline: 300ms");
        crm.decides(request -> request.target().endsWith("1") ? crm.silence() : crm.trickle());
        start();
        accept(null, "1", "2");
        for (var number : List.of("1", "2")) {
            var waiting = awaitFailures(number, 1);
            assertThat(waiting.failure().kind()).isEqualTo(FailureKind.EXTERNAL);
            assertThat(waiting.failure().message()).contains("no whole answer within");
            assertThat(waiting.nextAttemptAt()).isEqualTo(clock.instant().plusSeconds(1));
        }
        assertThat(event("1").state()).isEqualTo("waiting");
    }

    @Test
    void waitsAsLongAsTheSystemWants() {
        crm.does(json(429, "{}", "Retry-After", "600"));
        start();
        accept("k", "1");
        assertThat(awaitFailures("1", 1).nextAttemptAt())
                .isEqualTo(clock.instant().plusSeconds(601));
    }

    @Test
    void asksForNoMoreEventsAtOnceThanTheConnectorSays() {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var enough = new CountDownLatch(4);
        crm.does(exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            enough.countDown();
            enough.await();
            now.decrementAndGet();
            json(200, "{\"tier\": \"gold\"}").answer(exchange);
        });
        for (var n = 1; n <= 40; n++) {
            accept(n % 2 == 0 ? null : "key" + n, "" + n);
        }
        start();
        await().atMost(PATIENCE).until(() -> store.outbox.next(100).size() == 40);
        assertThat(most).hasValue(4);
        assertThat(crm.seen()).hasSize(40);
    }

    /** As after a kill: the next hub finds the event put aside, and takes it up when the attempt counts as lost. */
    @Test
    void takesUpWhatAnotherHubWasAskingForWhenItVanished() {
        crm.does(crm.silence());
        start();
        accept("k", "1", "2");
        awaitAsked(1);
        awaitState("2", "held");
        // raises the epoch: the first hub writes nothing from now on
        store = store();
        crm.does(json(200, "{\"tier\": \"gold\"}"));
        start();
        accept("other", "3");
        awaitState("3", "translated");
        assertThat(asked()).containsExactly("1", "3");
        pass(LEASE);
        awaitState("2", "translated");
        assertThat(asked()).containsExactly("1", "3", "1", "2");
        assertThat(store.deadLetters.count()).isZero();
        assertThat(told()).hasSize(3);
    }

    @Test
    void parksWhatEndsTheHubAgainAndAgain() throws SQLException {
        crm.does(crm.silence());
        for (var n = 1; n <= 4; n++) {
            start();
            if (n == 1) {
                accept("k", "1");
            } else {
                pass(LEASE);
            }
            awaitAsked(n);
            store = store();
        }
        start();
        pass(LEASE);
        awaitState("1", "parked");
        assertThat(onlyLetter().failure().kind()).isEqualTo(FailureKind.POISON);
        assertThat(onlyLetter().failure().message()).contains("ended 3 times while it asked");
        assertThat(crm.seen()).hasSize(4);
    }

    /** What hangs outside of a request is not the other system's fault. */
    @Test
    void parksWhatHangsInItsMapping() {
        hanging.add("k");
        start(Duration.ofSeconds(5));
        accept("k", "1", "2");
        accept("other", "3");
        awaitState("1", "parked");
        assertThat(onlyLetter().failure().kind()).isEqualTo(FailureKind.POISON);
        awaitState("3", "translated");
        letGo.countDown();
        accept("other", "4");
        awaitState("4", "translated");
        assertThat(event("1").state()).isEqualTo("parked");
        assertThat(event("2").state()).isEqualTo("held");
    }

    @Test
    void cleanStopMakesWhatItDropsDueAtOnce() {
        crm.does(crm.silence());
        start();
        accept("k", "1");
        awaitAsked(1);
        flow.close();
        crm.does(json(200, "{\"tier\": \"gold\"}"));
        store = store();
        start();
        awaitState("1", "translated");
        assertThat(crm.seen()).hasSize(2);
        assertThat(event("1").steps()).isEmpty();
    }

    @Test
    void reloadChangesNothingForWhatIsBeingAsked() {
        var answer = new CountDownLatch(1);
        crm.does(exchange -> {
            answer.await();
            json(200, "{\"tier\": \"gold\"}").answer(exchange);
        });
        start();
        accept("k", "1", "2");
        awaitAsked(1);
        var before = live.configuration().hash();
        shop.change("connectors/shop/connector.yaml", "title: A shop", "title: The shop");
        live.become(version());
        answer.countDown();
        awaitState("2", "translated");
        assertThat(event("1").mappingVersion()).isEqualTo(before);
        assertThat(event("2").mappingVersion())
                .isEqualTo(live.configuration().hash())
                .isNotEqualTo(before);
    }

    @Test
    void goesOnWithoutAskingWhenAReloadTakesTheCallsAway() {
        crm.does(json(503, "{}"));
        start();
        accept("k", "1", "2");
        awaitFailures("1", 1);
        stopAsking();
        live.become(version());
        pass(Duration.ofMinutes(1));
        awaitState("2", "translated");
        assertThat(crm.seen()).hasSize(1);
    }

    /** As the version says that asked, though the one that is live asks nobody. */
    @Test
    void asksForAReplayedEventAsTheOlderVersionDid() {
        crm.does(json(422, "{}"));
        start();
        accept("k", "1");
        awaitState("1", "parked");
        var asking = version();
        older.put(asking.hash(), asking);
        stopAsking();
        live.become(version());
        crm.does(json(503, "{}"));
        store.deadLetters
                .replay(onlyLetter(), Store.ADMIN, "as then", null, null, null, asking.hash())
                .ifPresent(flow::released);
        awaitFailures("1", 1);
        crm.does(json(200, "{\"tier\": \"silver\"}"));
        pass(Duration.ofMinutes(1));
        awaitState("1", "translated");
        assertThat(event("1").mappingVersion()).isEqualTo(asking.hash());
        accept("k", "2");
        awaitState("2", "translated");
        assertThat(asked()).containsExactly("1", "1", "1");
    }

    /** What was answered is not lost because it cannot be written at that moment, nor asked for again. */
    @Test
    void keepsWhatWasAnsweredWhileTheDatabaseIsAway() {
        var answer = new CountDownLatch(1);
        crm.does(exchange -> {
            answer.await();
            json(200, "{\"tier\": \"gold\"}").answer(exchange);
        });
        start();
        accept("k", "1");
        awaitAsked(1);
        database.away = true;
        answer.countDown();
        await().atMost(PATIENCE)
                .until(() -> meters.counter("hub_calls_total", "connector", "shop", "outcome", "answered")
                                .count()
                        == 1);
        wake();
        database.away = false;
        awaitState("1", "translated");
        assertThat(crm.seen()).hasSize(1);
    }

    /** Two events of one id and no key are asked for side by side, and one of them is published. */
    @Test
    void publishesOneIdOnce() {
        var both = new CountDownLatch(2);
        crm.does(exchange -> {
            both.countDown();
            both.await();
            json(200, "{\"tier\": \"gold\"}").answer(exchange);
        });
        start();
        accept(null, "1", "1");
        await().atMost(PATIENCE).until(() -> {
            pass(LEASE);
            return store.found("1").stream()
                    .map(Timeline.Event::state)
                    .sorted()
                    .toList()
                    .equals(List.of("duplicate", "translated"));
        });
        assertThat(told()).hasSize(1);
        assertThat(store.page().difference()).isZero();
    }
}
