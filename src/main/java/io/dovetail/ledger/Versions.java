package io.dovetail.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every configuration that was ever live, whole, by the hash of its content. */
public final class Versions {

    private final Transactions transactions;

    public Versions(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A version that is kept.
     *
     * @param liveSince when it became live, the last time that another was live before
     * @param liveUntil when another one took its place; null: it is live
     * @param by who made it live: an operator, or {@code start}
     * @param reason why it was rolled back to; null: its files went live
     * @param insteadOf of the version that is live, when it was rolled back to: the hash of the files that it is live
     *     instead of
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Kept(
            String hash,
            Instant firstLiveAt,
            Instant liveSince,
            @Nullable Instant liveUntil,
            String by,
            @Nullable String reason,
            @Nullable String insteadOf) {}

    /**
     * A version that was rolled back to, and has been live since. It outlives the process for as long as the files are
     * those that it is live instead of.
     *
     * @param insteadOf the hash of these files
     */
    public record Held(String hash, String insteadOf, String reason) {}

    /** Keeps a configuration before it goes live, so that nothing is ever translated by one that is not kept. */
    public void goLive(String hash, byte[] files, Actor actor) {
        goLive(hash, files, actor, null, null);
    }

    /**
     * At a start.
     *
     * @param held what it goes live by; null: its files are there
     * @param settings that this hub was given, by their names
     */
    public void begin(String hash, byte[] files, @Nullable Held held, ObjectNode settings) {
        var detail = JsonNodeFactory.instance.objectNode().set("settings", settings);
        goLive(hash, files, Actor.of("start"), held, detail.toString());
    }

    private void goLive(String hash, byte[] files, Actor actor, @Nullable Held held, @Nullable String detail) {
        transactions.write(connection -> {
            var now = transactions.now();
            try (var insert = connection.prepareStatement(
                    "insert into config_version (hash, first_live_at, files) values (?, ?, ?) on conflict do nothing")) {
                Sql.bind(insert, hash, now, files).executeUpdate();
            }
            live(connection, hash, now, actor, held);
            Audit.write(connection, now, new AuditEntry(actor, "configuration", hash, null, detail));
            return hash;
        });
    }

    /** Makes a version live that is kept, before it goes to work, so that it is live after a crash, too. */
    public void rollBack(Held to, Actor actor) {
        transactions.write(connection -> {
            var now = transactions.now();
            var from = last(connection);
            live(connection, to.hash, now, actor, to);
            var detail = JsonNodeFactory.instance
                    .objectNode()
                    .put("from", from == null ? null : from.hash)
                    .put("insteadOf", to.insteadOf)
                    .toString();
            Audit.write(connection, now, new AuditEntry(actor, "rollback", to.hash, to.reason, detail));
            return to;
        });
    }

    private static void live(Connection connection, String hash, OffsetDateTime now, Actor actor, @Nullable Held held)
            throws SQLException {
        try (var insert = connection.prepareStatement(
                "insert into config_live (hash, at, actor, reason, instead_of) values (?, ?, ?, ?, ?)")) {
            Sql.bind(
                            insert,
                            hash,
                            now,
                            actor.name(),
                            held == null ? null : Steps.clean(held.reason),
                            held == null ? null : held.insteadOf)
                    .executeUpdate();
        }
    }

    /** The version that was rolled back to, if nothing else has gone live since. */
    public Optional<Held> held() {
        return transactions.query(connection -> {
            var last = last(connection);
            return last == null || last.insteadOf == null
                    ? Optional.empty()
                    : Optional.of(new Held(last.hash, last.insteadOf, String.valueOf(last.reason)));
        });
    }

    private record Last(
            String hash,
            @Nullable String insteadOf,
            @Nullable String reason) {}

    private static @Nullable Last last(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement(
                "select hash, instead_of, reason from config_live order by n desc limit 1")) {
            var row = select.executeQuery();
            return row.next() ? new Last(row.getString(1), row.getString(2), row.getString(3)) : null;
        }
    }

    /** The files of a version, as they were given to {@link #goLive}. */
    public Optional<byte[]> files(String hash) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("select files from config_version where hash = ?")) {
                var row = Sql.bind(select, hash).executeQuery();
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.<byte[]>empty();
            }
        });
    }

    /** Versions with the one that is live first, and before each other one what took its place last. */
    public List<Kept> list(int limit) {
        // each start makes its version live again: only what was another before is a change
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("""
                    select v.hash, v.first_live_at, c.since, c.until, c.actor, c.reason
                    from (
                      select distinct on (hash) hash, n, since, lead(since) over (order by n) until, actor, reason
                      from (select hash, n, at since, actor, reason, lag(hash) over (order by n) before
                            from config_live) l
                      where before is distinct from hash
                      order by hash, n desc
                    ) c join config_version v on v.hash = c.hash
                    order by c.n desc limit ?
                    """)) {
                var last = last(connection);
                var row = Sql.bind(select, limit).executeQuery();
                var kept = new ArrayList<Kept>();
                while (row.next()) {
                    var isLive = Sql.instant(row, "until") == null;
                    kept.add(new Kept(
                            row.getString("hash"),
                            Objects.requireNonNull(Sql.instant(row, "first_live_at")),
                            Objects.requireNonNull(Sql.instant(row, "since")),
                            Sql.instant(row, "until"),
                            row.getString("actor"),
                            row.getString("reason"),
                            isLive && last != null ? last.insteadOf : null));
                }
                return List.copyOf(kept);
            }
        });
    }

    /** The hashes that begin so; of many, two. */
    public List<String> named(String beginning) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement(
                    "select hash from config_version where starts_with(hash, ?) order by hash limit 2")) {
                var row = Sql.bind(select, beginning).executeQuery();
                var hashes = new ArrayList<String>();
                while (row.next()) {
                    hashes.add(row.getString(1));
                }
                return List.copyOf(hashes);
            }
        });
    }
}
