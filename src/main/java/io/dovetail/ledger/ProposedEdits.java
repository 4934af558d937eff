package io.dovetail.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.DeadLetters.Identity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Edits of parked events that wait for a second operator. Every transaction takes the event's row before its proposal, and
 * whoever lets an event leave the parked ones forgets its proposal with it: what is approved is always an edit of what the
 * event says now.
 */
public final class ProposedEdits {

    private final Transactions transactions;
    private final DeadLetters deadLetters;

    public ProposedEdits(Transactions transactions, DeadLetters deadLetters) {
        this.transactions = transactions;
        this.deadLetters = deadLetters;
    }

    /**
     * What an operator wants an event to say.
     *
     * @param wish what was asked for, as JSON
     * @param changes what differs by it, as JSON for people
     * @param body the event's own part, as JSON
     * @param asVersion the kept version that is to decide on it; null: the one that is live at its turn
     */
    public record Edit(
            String wish,
            String changes,
            byte[] body,
            @Nullable String asVersion) {}

    /** @param id names this edit, and none that takes its place */
    public record Proposal(UUID id, Instant at, String actor, String reason, Edit edit) {}

    /** A proposal as a list shows it, with the event it is of. */
    public record Listed(
            long seq,
            UUID event,
            String connector,
            @Nullable String emits,
            @Nullable String key,
            UUID proposal,
            Instant at,
            String actor,
            String reason) {}

    /**
     * Keeps an edit for somebody else to look at, in the place of what was proposed for the event before.
     *
     * @return its id; empty when the event is not parked any more
     */
    public Optional<UUID> propose(DeadLetter letter, Actor actor, String reason, Edit edit) {
        return transactions.write(connection -> {
            if (!isParked(connection, letter)) {
                return Optional.empty();
            }
            forget(connection, List.of(letter.seq()));
            var now = transactions.now();
            var id = insert(connection, letter, actor, reason, edit, now);
            Steps.write(connection, now, letter.seq(), "proposed", actor.name(), reason, edit.wish);
            audit(connection, now, actor, "propose", letter, reason, id, null);
            return Optional.of(id);
        });
    }

    /**
     * Lets a proposed edit take effect, and sends its event on its way again.
     *
     * @param proposal the one that was looked at
     * @param identity who the event is now, when it could not be read before
     * @return the partition to wake; empty when this proposal does not stand any more, or is the actor's own
     */
    public Optional<Integer> approve(DeadLetter letter, UUID proposal, Actor actor, @Nullable Identity identity) {
        return transactions.write(connection -> {
            var proposed = isParked(connection, letter) ? find(connection, letter.seq()) : null;
            if (proposed == null || !proposed.id.equals(proposal) || proposed.actor.equals(actor.name())) {
                return Optional.empty();
            }
            var now = transactions.now();
            var edit = proposed.edit;
            DeadLetters.leave(connection, letter, "accepted", false, edit.asVersion);
            DeadLetters.edit(connection, letter, edit.body, proposed.actor, actor.name());
            var partition = deadLetters.identified(connection, letter, identity);
            var detail = JsonNodeFactory.instance.objectNode().put("proposedBy", proposed.actor);
            if (edit.asVersion != null) {
                detail.put("as", edit.asVersion);
            }
            var approver = actor.name();
            Steps.write(connection, now, letter.seq(), "approved", approver, proposed.reason, detail.toString());
            DeadLetters.book(connection, letter, 0, now);
            audit(connection, now, actor, "approve", letter, proposed.reason, proposal, proposed.actor);
            return Optional.of(partition);
        });
    }

    /** Takes a proposal away, with a reason for its author; whether there was one. */
    public boolean refuse(DeadLetter letter, Actor actor, String reason) {
        return transactions.write(connection -> {
            var proposed = isParked(connection, letter) ? find(connection, letter.seq()) : null;
            if (proposed == null) {
                return false;
            }
            forget(connection, List.of(letter.seq()));
            var now = transactions.now();
            var detail = JsonNodeFactory.instance.objectNode().put("proposedBy", proposed.actor);
            Steps.write(connection, now, letter.seq(), "refused", actor.name(), reason, detail.toString());
            audit(connection, now, actor, "refuse", letter, reason, proposed.id, proposed.actor);
            return true;
        });
    }

    /**
     * In the order in which their events were accepted.
     *
     * @param connector only of this one; null: of all
     * @param after only those of events after this sequence number
     */
    public List<Listed> list(@Nullable String connector, long after, int limit) {
        return transactions.query(query -> {
            try (var select = query.prepareStatement("""
                    select p.event, e.id, e.connector, e.emits, e.key, p.id proposal, p.at, p.actor, p.reason
                    from proposed_edit p join event e on e.seq = p.event
                    where p.event > ? and (?::text is null or e.connector = ?) order by p.event limit ?
                    """)) {
                var row = Sql.bind(select, after, connector, connector, limit).executeQuery();
                var all = new ArrayList<Listed>();
                while (row.next()) {
                    all.add(new Listed(
                            row.getLong("event"),
                            Objects.requireNonNull(Sql.uuid(row, "id")),
                            row.getString("connector"),
                            row.getString("emits"),
                            row.getString("key"),
                            Objects.requireNonNull(Sql.uuid(row, "proposal")),
                            Objects.requireNonNull(Sql.instant(row, "at")),
                            row.getString("actor"),
                            row.getString("reason")));
                }
                return List.copyOf(all);
            }
        });
    }

    /** How many there are, by connector; none where there is none. */
    public Map<String, Long> waiting() {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("""
                    select e.connector, count(*) from proposed_edit p join event e on e.seq = p.event group by e.connector
                    """)) {
                var row = select.executeQuery();
                var waiting = new TreeMap<String, Long>();
                while (row.next()) {
                    waiting.put(row.getString(1), row.getLong(2));
                }
                return waiting;
            }
        });
    }

    static @Nullable Proposal find(Connection connection, long event) throws SQLException {
        try (var select = connection.prepareStatement("select * from proposed_edit where event = ?")) {
            var row = Sql.bind(select, event).executeQuery();
            return row.next() ? proposal(row) : null;
        }
    }

    private static Proposal proposal(ResultSet row) throws SQLException {
        return new Proposal(
                Objects.requireNonNull(Sql.uuid(row, "id")),
                Objects.requireNonNull(Sql.instant(row, "at")),
                row.getString("actor"),
                row.getString("reason"),
                new Edit(
                        row.getString("wish"),
                        row.getString("changes"),
                        row.getBytes("body"),
                        row.getString("as_version")));
    }

    /** What was proposed for events that are parked no more, whose rows this transaction has. */
    static void forget(Connection connection, Collection<Long> events) throws SQLException {
        try (var delete = connection.prepareStatement("delete from proposed_edit where event = any(?)")) {
            Sql.bind(delete, Sql.longs(connection, events)).executeUpdate();
        }
    }

    private static UUID insert(
            Connection connection, DeadLetter letter, Actor actor, String reason, Edit edit, OffsetDateTime now)
            throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into proposed_edit (event, at, actor, reason, wish, changes, body, as_version)
                values (?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?) returning id
                """)) {
            var row = Sql.bind(
                            insert,
                            letter.seq(),
                            now,
                            actor.name(),
                            Steps.clean(reason),
                            edit.wish,
                            edit.changes,
                            edit.body,
                            edit.asVersion)
                    .executeQuery();
            row.next();
            return Objects.requireNonNull(Sql.uuid(row, "id"));
        }
    }

    /** From here on nobody else decides on the event before this transaction has ended. */
    private static boolean isParked(Connection connection, DeadLetter letter) throws SQLException {
        try (var select =
                connection.prepareStatement("select 1 from event where seq = ? and state = 'parked' for update")) {
            return Sql.bind(select, letter.seq()).executeQuery().next();
        }
    }

    private static void audit(
            Connection connection,
            OffsetDateTime now,
            Actor actor,
            String action,
            DeadLetter letter,
            String reason,
            UUID proposal,
            @Nullable String author)
            throws SQLException {
        var detail = JsonNodeFactory.instance.objectNode().put("proposal", proposal.toString());
        if (author != null) {
            detail.put("proposedBy", author);
        }
        Audit.write(connection, now, new AuditEntry(actor, action, letter.id().toString(), reason, detail.toString()));
    }
}
