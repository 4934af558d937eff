package io.dovetail.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.Caller;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.event.Event;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import io.dovetail.event.Lineage;
import io.dovetail.event.Trigger;
import io.dovetail.ledger.BrokenStatementException;
import io.dovetail.ledger.Deliveries;
import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.History;
import io.dovetail.ledger.Inbox;
import io.dovetail.ledger.NewDelivery;
import io.dovetail.ledger.NewDelivery.NewEvent;
import io.dovetail.ledger.Retention;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import io.dovetail.ledger.UnavailableException;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.Translator;
import io.dovetail.trigger.Policies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whoever verifies the books while deliveries come, events are parked, held, asked for in vain, paused, replayed and discarded, one hub takes over
 * from another in the middle of it, and old days are removed, finds nothing.
 */
@ExtendWith(SharedDatabase.class)
class BooksInTrafficTest {

    private static final FlowSettings SETTINGS =
            new FlowSettings(2, 20, Duration.ofMillis(50), Duration.ofSeconds(30), 3);
    private static final int DELIVERIES = 80;

    private final Random random = new Random(4711);
    private final HttpNetwork network = new HttpNetwork();
    private final KeptVersions kept = new KeptVersions(hash -> null);
    private final Set<UUID> asked = ConcurrentHashMap.newKeySet();
    private final Set<UUID> mended = ConcurrentHashMap.newKeySet();
    private final List<NewDelivery> sent = new ArrayList<>();
    private int numbers;
    private int verifications;
    private volatile long removed;
    private final AtomicBoolean paused = new AtomicBoolean();

    /** Everything but the doors and the bus. */
    private final class House implements AutoCloseable {

        private final Store store;
        private final Flow flow;
        private final List<Thread> people = new ArrayList<>();
        private volatile boolean closing;

        /** @param day how much later than now it is */
        House(DataSource database, Duration day, Shop shop) {
            store = new Store(
                    database, SETTINGS.partitions(), Clock.offset(Clock.systemUTC(), day), c -> History.STANDARD);
            var retention = new Retention(store.transactions, Map.of(History.STANDARD, Duration.ofDays(1)));
            var meters = new SimpleMeterRegistry();
            var version = new Version(shop.configuration(), new Moody(), new Quiet());
            flow = new Flow(
                    new Live(version),
                    kept,
                    SETTINGS,
                    meters,
                    partition -> new Inbox(store.transactions, partition, store.memory),
                    new Callers(network, name -> "", Clock.systemUTC(), meters),
                    new BackOff(BackOffTest.LONGEST),
                    (connector, key) -> paused.get(),
                    () -> {},
                    e -> {});
            flow.start();
            people.add(repeat(() -> {
                store.outbox.told(store.outbox.next(15), 15);
                decide();
            }));
            people.add(repeat(() -> {
                // stopped for some of the time, as a person would
                paused.set(!paused.get() && !closing);
                if (!paused.get()) {
                    flow.resumed();
                }
                LockSupport.parkNanos(Duration.ofMillis(paused.get() ? 50 : 200).toNanos());
            }));
            people.add(repeat(() -> {
                store.books.fold();
                removed += retention.remove().stream()
                        .filter(range -> !range.open())
                        .count();
            }));
        }

        private Thread repeat(Runnable work) {
            return Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (!closing) {
                        try {
                            work.run();
                        } catch (UnavailableException e) {
                            // somebody else was at it
                        }
                    }
                } catch (FencedException e) {
                    // its successor goes on
                }
            });
        }

        /** Discards some of what is parked, and replays the rest, a part of it before it is mended. */
        private void decide() {
            for (var letter : store.deadLetters.list(null, null, 0, 10)) {
                var last = letter.failure().rule().equals("id not unique") || letter.seq() % 4 == 0;
                var partition = last
                        ? store.deadLetters.discard(letter, Store.ADMIN, "not wanted")
                        : store.deadLetters.replay(letter, Store.ADMIN, "once more", null, null, null, null);
                partition.ifPresent(flow::released);
                mended.add(letter.id());
            }
        }

        Thread send() {
            return Thread.ofPlatform().daemon().start(() -> {
                for (var i = 0; i < DELIVERIES; i++) {
                    var delivery = delivery();
                    flow.accepted(accept(delivery).partitions());
                }
            });
        }

        private Deliveries.Batch accept(NewDelivery delivery) {
            try {
                return store.deliveries.accept(List.of(delivery));
            } catch (BrokenStatementException e) {
                // the same again, when the history that knew the first one has just been removed
                return store.deliveries.accept(List.of(delivery));
            }
        }

        @Override
        public void close() throws InterruptedException {
            closing = true;
            paused.set(false);
            flow.close();
            for (var person : people) {
                person.join();
            }
        }
    }

    /** Fails on what it does not like until an operator has looked at it. */
    private final class Moody implements Translator {

        @Override
        public Translated translate(Source source, Caller caller) {
            var note = mended.contains(source.id())
                    ? ""
                    : source.tree().path("note").asText();
            return switch (note) {
                case "ignore" -> new Translated.Ignored("it says so");
                case "broken" ->
                    throw new FailedException(Failure.of(FailureKind.CONTRACT, "/note", "order.v1", "No."));
                case "away" -> {
                    if (asked.add(source.id())) {
                        throw new FailedException(
                                Failure.of(FailureKind.EXTERNAL, "GET https://crm", "status 503", "It is away."));
                    }
                    yield said(source);
                }
                case "bug" -> throw new IllegalStateException("a bug");
                default -> said(source);
            };
        }

        private Translated said(Source source) {
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
                    Lineage.NONE,
                    source.tree()));
        }

        @Override
        public void close() {}
    }

    private static final class Quiet implements Policies {

        @Override
        public List<Trigger> apply(Event event, Instant acceptedAt) {
            return List.of();
        }

        @Override
        public Set<String> workflows() {
            return Set.of();
        }

        @Override
        public void close() {}
    }

    /** New, or the same as one before; of up to three events, which may be new, the same as others or only called so. */
    private NewDelivery delivery() {
        if (!sent.isEmpty() && random.nextInt(10) == 0) {
            var first = sent.get(random.nextInt(sent.size()));
            return new NewDelivery(
                    UUID.randomUUID(),
                    first.connector(),
                    first.sender(),
                    first.sourceId(),
                    first.signed(),
                    first.media(),
                    first.body(),
                    first.bodyHash(),
                    first.traceparent(),
                    first.events());
        }
        var events = new ArrayList<NewEvent>();
        for (var n = random.nextInt(1, 4); n > 0; n--) {
            var number = random.nextInt(8) == 0 && numbers > 0 ? random.nextInt(numbers) : numbers++;
            events.add(event(number, "/" + events.size()));
        }
        var delivery = new NewDelivery(
                UUID.randomUUID(),
                "shop",
                "default",
                "delivery " + sent.size(),
                true,
                "application/json",
                new byte[] {'[', ']'},
                sha256(new byte[] {'[', ']'}),
                "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
                events);
        sent.add(delivery);
        return delivery;
    }

    private NewEvent event(int number, String pointer) {
        var note = random.nextInt(20) == 0
                ? "another"
                : List.of("", "", "", "", "away", "broken", "ignore", "bug").get(number % 8);
        var body = ("{\"number\": " + number + ", \"note\": \"" + note + "\"}").getBytes(StandardCharsets.UTF_8);
        return new NewEvent(
                Ids.event("shop", "default", "event " + number),
                pointer,
                body,
                "order.placed.v1",
                "event " + number,
                number % 11 == 0 ? null : "key " + number % 11,
                true,
                sha256(body),
                Map.of("order", "event " + number));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        kept.close();
        network.close();
    }

    private void verify(House house) {
        var verified = house.store.verification.verify();
        assertThat(verified.agrees()).as(verified.toString()).isTrue();
        verifications++;
    }

    @Test
    @Timeout(300)
    void areRightAtEveryMoment(DataSource database) throws InterruptedException {
        House last = null;
        for (var round = 0; round < 3; round++) {
            var shop = round == 0 ? new Shop() : new Shop().asks("http://127.0.0.1:9");
            var house = new House(database, Duration.ofDays(2 * round), shop);
            if (last != null) {
                // was in the middle of its work, and writes nothing more
                verify(house);
                last.close();
            }
            last = house;
            var sending = house.send();
            while (sending.isAlive()) {
                verify(house);
            }
        }
        while (last.store.page().events().inFlight()
                        + last.store.page().events().parked()
                > 0) {
            verify(last);
        }
        verify(last);
        last.close();
        var page = last.store.page();
        assertThat(page.difference()).isZero();
        assertThat(page.deliveries().duplicate()).isPositive();
        assertThat(List.of(
                        page.events().published(),
                        page.events().ignored(),
                        page.events().duplicate(),
                        page.events().discarded()))
                .allMatch(count -> count > 0);
        assertThat(verifications).isGreaterThan(10);
        assertThat(removed).isPositive();
    }
}
