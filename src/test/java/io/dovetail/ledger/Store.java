package io.dovetail.ledger;

import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Inbox.Batch;
import io.dovetail.ledger.Inbox.Turn;
import io.dovetail.ledger.NewDelivery.NewEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A ledger on a database of its own, with one partition unless said otherwise, and what tests put into it. */
public final class Store {

    public static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    public static final Actor ADMIN = new Actor("admin", "admin");

    public final DataSource database;
    public final Transactions transactions;
    public final Partitions partitions;
    public final History history;
    public final Memory memory;
    public final Deliveries deliveries;
    public final Outbox outbox;
    public final DeadLetters deadLetters;
    public final ProposedEdits proposals;
    public final Books books;
    public final Verification verification;
    public final Timeline timeline;

    public Store(DataSource database) {
        this(database, 1);
    }

    public Store(DataSource database, int partitions) {
        this(database, partitions, Clock.fixed(NOW, ZoneOffset.UTC), connector -> History.STANDARD);
    }

    public Store(DataSource database, int partitions, Clock clock, UnaryOperator<String> retention) {
        this.database = database;
        this.partitions = new Partitions(partitions);
        this.transactions = Transactions.takeOver(database, clock, partitions);
        this.history = new History(transactions, retention);
        this.memory = new Memory(this.partitions);
        this.deliveries = new Deliveries(transactions, this.partitions, history, memory);
        this.outbox = new Outbox(transactions, memory);
        this.deadLetters = new DeadLetters(transactions, this.partitions);
        this.proposals = new ProposedEdits(transactions, deadLetters);
        this.books = new Books(transactions);
        this.verification = new Verification(transactions);
        this.timeline = new Timeline(transactions);
    }

    public Inbox inbox() {
        return new Inbox(transactions, 0, memory);
    }

    public List<Acceptance> accept(NewDelivery... offered) {
        return deliveries.accept(Arrays.asList(offered)).outcomes();
    }

    /** One event each: the n-th of a key is {@code key:n}. */
    public void accept(@Nullable String key, int... numbers) {
        for (var n : numbers) {
            accept(delivery(key + ":" + n, key, key + ":" + n));
        }
    }

    /** A delivery of one event whose id, in words, is the body too. */
    public static NewDelivery delivery(String sourceId, @Nullable String key, String... events) {
        var body = utf8(String.join(",", events));
        return new NewDelivery(
                UUID.randomUUID(),
                "shop",
                "default",
                sourceId,
                true,
                "application/json",
                body,
                sha256(body),
                "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
                Arrays.stream(events)
                        .map(e -> event(e, key, events.length > 1 ? utf8(e) : null))
                        .toList());
    }

    /** One event whose key is there to be seen and orders nothing. */
    public static NewDelivery unordered(String id, String key) {
        var ordered = delivery(id, key, id);
        var event = ordered.events().getFirst();
        return new NewDelivery(
                ordered.id(),
                ordered.connector(),
                ordered.sender(),
                ordered.sourceId(),
                ordered.signed(),
                ordered.media(),
                ordered.body(),
                ordered.bodyHash(),
                ordered.traceparent(),
                List.of(new NewEvent(
                        event.id(),
                        event.pointer(),
                        event.body(),
                        event.emits(),
                        event.sourceId(),
                        event.key(),
                        false,
                        event.contentHash(),
                        event.keys())));
    }

    public static NewEvent event(String id, @Nullable String key, byte @Nullable [] part) {
        return new NewEvent(
                id(id),
                part == null ? "" : "/0",
                part,
                "order.placed.v1",
                id,
                key,
                true,
                sha256(utf8(id)),
                Map.of("order", id));
    }

    public static UUID id(String event) {
        return UUID.nameUUIDFromBytes(utf8(event));
    }

    public static Outcome translated(Claimed claimed) {
        return new Outcome.Translated(
                claimed,
                claimed.id(),
                List.of(
                        new OutboxRow(claimed.id(), "order.placed.v1", utf8("event " + claimed.sourceId()), null),
                        new OutboxRow(
                                id("trigger of " + claimed.id()), "trigger.review.v1", utf8("trigger"), "review")));
    }

    public static Outcome parked(Claimed claimed) {
        return new Outcome.Parked(
                claimed, Failure.of(FailureKind.CONTRACT, "/total", "order.v1 required", "There is no total."));
    }

    public static Turn turn(List<Outcome> outcomes, Map<UUID, Long> held) {
        return new Turn(outcomes, "v1", held);
    }

    public static Turn turn(Outcome... outcomes) {
        return turn(List.of(outcomes), Map.of());
    }

    /** Claims without deciding anything. */
    public static Batch claim(Inbox inbox) {
        return inbox.turn(Turn.NONE, Set.of(), false, 500).next();
    }

    /** The held keys whose held events may go. */
    public static Set<UUID> releasable(Inbox inbox) {
        return inbox.turn(Turn.NONE, Set.of(), true, 0).draining();
    }

    /** Translates all that waits, and tells the bus. */
    public void publishAll() {
        translateAll();
        outbox.told(outbox.next(1000), 1000);
    }

    /** Translates all that waits. */
    public void translateAll() {
        var inbox = inbox();
        var batch = claim(inbox);
        inbox.turn(turn(batch.events().stream().map(Store::translated).toList(), Map.of()), Set.of(), false, 0);
    }

    /** What the ledger throws while its database is away. */
    public static UnavailableException unavailable() {
        return new UnavailableException(new SQLException("connection refused"));
    }

    public static UUID keyHash(String key) {
        return Partitions.keyHash("shop", "default", key);
    }

    public Books.Page page() {
        return books.pages().getFirst();
    }

    public String state(String event) {
        return found(event).getLast().state();
    }

    /** In the order accepted. */
    public List<Timeline.Event> found(String word) {
        return timeline.search(word, Long.MAX_VALUE, 10).events();
    }

    /** What only a hand in the database does. */
    public void execute(String sql) {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
