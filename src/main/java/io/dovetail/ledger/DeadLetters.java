package io.dovetail.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dovetail.event.Failure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Parked events. The delivery stays as it arrived; an edit is kept beside it. What an operator does here only changes
 * state: the partition's worker, woken with the returned number, does the rest.
 */
public final class DeadLetters {

    private final Transactions transactions;
    private final Partitions partitions;

    public DeadLetters(Transactions transactions, Partitions partitions) {
        this.transactions = transactions;
        this.partitions = partitions;
    }

    /** @param waiting how many later events of its key are held behind it */
    public record DeadLetter(
            long seq,
            UUID id,
            UUID delivery,
            String connector,
            String sender,
            @Nullable String emits,
            @Nullable String sourceId,
            @Nullable String key,
            String pointer,
            Instant acceptedAt,
            Instant parkedAt,
            String version,
            String fingerprint,
            Failure failure,
            long waiting) {}

    /**
     * A dead letter with what it is made of.
     *
     * @param body as received, or the last edit, or the event's own part of a delivery of several
     * @param part whether {@code body} is JSON of the event's own part and not the delivery as received
     * @param delivered the delivery as received
     * @param proposal an edit of it that waits for a second operator; null: none
     */
    public record Detail(
            DeadLetter letter,
            String media,
            byte[] body,
            boolean part,
            byte[] delivered,
            List<Timeline.Step> steps,
            ProposedEdits.@Nullable Proposal proposal) {}

    /**
     * What an event was found to be after its connector was repaired or its content edited.
     *
     * @param ordered as a {@link NewDelivery.NewEvent} has it
     */
    public record Identity(
            UUID id,
            @Nullable String emits,
            @Nullable String sourceId,
            @Nullable String key,
            boolean ordered,
            Map<String, String> keys) {}

    /**
     * @param connector only of this one; null: of all
     * @param fingerprint only of this group; null: of all
     * @param after only those after this sequence number
     */
    public List<DeadLetter> list(@Nullable String connector, @Nullable String fingerprint, long after, int limit) {
        return transactions.first(connection -> {
            try (var select = connection.prepareStatement(SELECT + """
                     and e.seq > ? and (?::text is null or e.connector = ?) and (?::text is null or e.fingerprint = ?)
                    order by e.seq limit ?
                    """)) {
                var row = Sql.bind(select, after, connector, connector, fingerprint, fingerprint, limit)
                        .executeQuery();
                var letters = new ArrayList<DeadLetter>();
                while (row.next()) {
                    letters.add(letter(row));
                }
                return List.copyOf(letters);
            }
        });
    }

    /** The parked event of this id; the first, should several be parked under one id. */
    public Optional<Detail> find(UUID id) {
        return transactions.snapshot(connection -> {
            try (var select = connection.prepareStatement(SELECT + " and e.id = ? order by e.seq limit 1")) {
                var row = Sql.bind(select, id).executeQuery();
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(detail(connection, letter(row), row.getString("media")));
            }
        });
    }

    private static Detail detail(Connection connection, DeadLetter letter, String media) throws SQLException {
        try (var select = connection.prepareStatement(
                "select e.body, d.body from event e join delivery d on d.first_event = e.first_event where e.seq = ?")) {
            var row = Sql.bind(select, letter.seq).executeQuery();
            row.next();
            var part = row.getBytes(1);
            var delivered = row.getBytes(2);
            var steps = Timeline.steps(connection, letter.seq);
            var proposal = ProposedEdits.find(connection, letter.seq);
            return new Detail(letter, media, part == null ? delivered : part, part != null, delivered, steps, proposal);
        }
    }

    /** The parked events of a key of this connector, whoever has sent them, the oldest first; at most {@code limit}. */
    public List<DeadLetter> ofKey(String connector, String key, int limit) {
        return transactions.query(connection -> {
            try (var select =
                    connection.prepareStatement(SELECT + " and e.connector = ? and e.key = ? order by e.seq limit ?")) {
                var row = Sql.bind(select, connector, key, limit).executeQuery();
                var letters = new ArrayList<DeadLetter>();
                while (row.next()) {
                    letters.add(letter(row));
                }
                return List.copyOf(letters);
            }
        });
    }

    public long count() {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("select count(*) from event where state = 'parked'")) {
                var row = select.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }

    /**
     * Sends a parked event on its way again.
     *
     * @param edited the event's own part, as JSON, when it was edited
     * @param order what the operator asked for, as JSON, when it was more than to try again
     * @param identity who the event is now, when it could not be read before
     * @param asVersion the kept version that is to decide on it; null: the one that is live at its turn
     * @return the partition to wake; empty when it is not parked any more
     */
    public Optional<Integer> replay(
            DeadLetter letter,
            Actor actor,
            String reason,
            byte @Nullable [] edited,
            @Nullable String order,
            @Nullable Identity identity,
            @Nullable String asVersion) {
        return transactions.write(connection -> {
            if (!leave(connection, letter, "accepted", false, asVersion)) {
                return Optional.empty();
            }
            if (edited != null) {
                edit(connection, letter, edited, actor.name(), null);
            }
            var partition = identified(connection, letter, identity);
            var now = transactions.now();
            Steps.write(
                    connection, now, letter.seq, edited == null ? "replayed" : "edited", actor.name(), reason, order);
            book(connection, letter, 0, now);
            audit(connection, now, actor, edited == null ? "replay" : "edit", letter, reason, asVersion);
            return Optional.of(partition);
        });
    }

    /**
     * Ends a parked event; what waits behind it goes on.
     *
     * @return the partition to wake; empty when it is not parked any more
     */
    public Optional<Integer> discard(DeadLetter letter, Actor actor, String reason) {
        return transactions.write(connection -> {
            if (!leave(connection, letter, "discarded", true, null)) {
                return Optional.empty();
            }
            var now = transactions.now();
            Steps.write(connection, now, letter.seq, "discarded", actor.name(), reason, null);
            book(connection, letter, 1, now);
            var partition = partition(connection, letter);
            audit(connection, now, actor, "discard", letter, reason, null);
            return Optional.of(partition);
        });
    }

    /**
     * Takes a parked event out of the order of its key; what waits behind it goes on, and it stays a dead letter.
     *
     * @return the partition to wake; empty when it is not parked any more, or holds nobody
     */
    public Optional<Integer> skip(DeadLetter letter, Actor actor, String reason) {
        return transactions.write(connection -> {
            try (var update = connection.prepareStatement(
                    "update event set key_hash = null where seq = ? and state = 'parked' and key_hash is not null")) {
                if (Sql.bind(update, letter.seq).executeUpdate() == 0) {
                    return Optional.empty();
                }
            }
            var now = transactions.now();
            Steps.write(connection, now, letter.seq, "skipped", actor.name(), reason, null);
            audit(connection, now, actor, "skip", letter, reason, null);
            return Optional.of(partition(connection, letter));
        });
    }

    /** Takes an event away from the parked ones, and with it whatever edit of it was proposed; whether it was one. */
    static boolean leave(
            Connection connection, DeadLetter letter, String state, boolean relay, @Nullable String asVersion)
            throws SQLException {
        try (var update = connection.prepareStatement("""
                update event e set state = ?::event_state, relay = ?, turn = %s, attempts = 0, calls = 0, as_version = ?
                where seq = ? and state = 'parked'
                """.formatted(Claimed.NEXT_TURN))) {
            if (Sql.bind(update, state, relay, asVersion, letter.seq).executeUpdate() == 0) {
                return false;
            }
        }
        ProposedEdits.forget(connection, List.of(letter.seq));
        return true;
    }

    /** @param approver null: nobody had to approve it */
    static void edit(Connection connection, DeadLetter letter, byte[] edited, String editor, @Nullable String approver)
            throws SQLException {
        try (var update = connection.prepareStatement("""
                update event set body = ?, bytes = ?, edited_by = array_append(array_remove(edited_by, ?), ?),
                  approved_by = case when ?::text is null then approved_by
                    else array_append(array_remove(approved_by, ?), ?) end
                where seq = ?
                """)) {
            Sql.bind(update, edited, edited.length, editor, editor, approver, approver, approver, letter.seq)
                    .executeUpdate();
        }
    }

    /** Gives an event the identity it did not have, if it has one now; the partition it belongs to. */
    int identified(Connection connection, DeadLetter letter, @Nullable Identity identity) throws SQLException {
        return identity == null ? partition(connection, letter) : identify(connection, letter, identity);
    }

    private int identify(Connection connection, DeadLetter letter, Identity identity) throws SQLException {
        var keyHash = identity.key == null || !identity.ordered
                ? null
                : Partitions.keyHash(letter.connector, letter.sender, identity.key);
        var partition = keyHash == null ? partitions.of(letter.seq) : partitions.of(keyHash);
        try (var update = connection.prepareStatement("""
                update event set id = ?, emits = ?, source_id = ?, key = ?, key_hash = ?, partition = ? where seq = ?
                """)) {
            Sql.bind(
                            update,
                            identity.id,
                            identity.emits,
                            identity.sourceId,
                            identity.key,
                            keyHash,
                            partition,
                            letter.seq)
                    .executeUpdate();
        }
        for (var key : identity.keys.entrySet()) {
            // it may be known by it already
            try (var insert = connection.prepareStatement("""
                    insert into business_key (value, name, event)
                    select k.* from (values (?, ?, ?::bigint)) k (value, name, event)
                    where not exists (
                      select 1 from business_key b where b.value = k.value and b.name = k.name and b.event = k.event)
                    """)) {
                Sql.bind(insert, key.getValue(), key.getKey(), letter.seq).executeUpdate();
            }
        }
        return partition;
    }

    private static int partition(Connection connection, DeadLetter letter) throws SQLException {
        try (var select = connection.prepareStatement("select partition from event where seq = ?")) {
            var row = Sql.bind(select, letter.seq).executeQuery();
            row.next();
            return row.getInt(1);
        }
    }

    static void book(Connection connection, DeadLetter letter, int discarded, OffsetDateTime now) throws SQLException {
        var books = new Books.Deltas();
        books.of(letter.connector).parked = -1;
        books.of(letter.connector).discarded = discarded;
        books.write(connection, now);
    }

    private static void audit(
            Connection connection,
            OffsetDateTime now,
            Actor actor,
            String action,
            DeadLetter letter,
            String reason,
            @Nullable String asVersion)
            throws SQLException {
        var detail = asVersion == null
                ? null
                : JsonNodeFactory.instance.objectNode().put("as", asVersion).toString();
        Audit.write(connection, now, new AuditEntry(actor, action, letter.id.toString(), reason, detail));
    }

    static final String SELECT = """
            select e.seq, e.id, e.delivery, e.connector, e.sender, e.emits, e.source_id, e.key, e.pointer,
              e.accepted_at, e.translated_at, e.version, e.fingerprint, e.failure, d.media,
              (select count(*) from event h where h.key_hash = e.key_hash and h.state = 'held') waiting
            from event e join delivery d on d.first_event = e.first_event where e.state = 'parked'
            """;

    static DeadLetter letter(ResultSet row) throws SQLException {
        return new DeadLetter(
                row.getLong("seq"),
                Objects.requireNonNull(Sql.uuid(row, "id")),
                Objects.requireNonNull(Sql.uuid(row, "delivery")),
                row.getString("connector"),
                row.getString("sender"),
                row.getString("emits"),
                row.getString("source_id"),
                row.getString("key"),
                row.getString("pointer"),
                Objects.requireNonNull(Sql.instant(row, "accepted_at")),
                Objects.requireNonNull(Sql.instant(row, "translated_at")),
                row.getString("version"),
                row.getString("fingerprint"),
                FailureJson.read(row.getString("failure")),
                row.getLong("waiting"));
    }
}
