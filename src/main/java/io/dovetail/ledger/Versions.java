package io.dovetail.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
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
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Kept(
            String hash,
            Instant firstLiveAt,
            Instant liveSince,
            @Nullable Instant liveUntil,
            String by) {}

    /** Keeps a configuration before it goes live, so that nothing is ever translated by one that is not kept. */
    public void goLive(String hash, byte[] files, Actor actor) {
        transactions.write(connection -> {
            var now = transactions.now();
            try (var insert = connection.prepareStatement(
                    "insert into config_version (hash, first_live_at, files) values (?, ?, ?) on conflict do nothing")) {
                Sql.bind(insert, hash, now, files).executeUpdate();
            }
            try (var insert =
                    connection.prepareStatement("insert into config_live (hash, at, actor) values (?, ?, ?)")) {
                Sql.bind(insert, hash, now, actor.name()).executeUpdate();
            }
            Audit.write(connection, now, AuditEntry.of(actor, "configuration", hash, null));
            return hash;
        });
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
                    select v.hash, v.first_live_at, c.since, c.until, c.actor
                    from (
                      select distinct on (hash) hash, since, lead(since) over (order by since) until, actor
                      from (select hash, at since, actor, lag(hash) over (order by at) before from config_live) l
                      where before is distinct from hash
                      order by hash, since desc
                    ) c join config_version v on v.hash = c.hash
                    order by c.since desc limit ?
                    """)) {
                var row = Sql.bind(select, limit).executeQuery();
                var kept = new ArrayList<Kept>();
                while (row.next()) {
                    kept.add(new Kept(
                            row.getString("hash"),
                            Objects.requireNonNull(Sql.instant(row, "first_live_at")),
                            Objects.requireNonNull(Sql.instant(row, "since")),
                            Sql.instant(row, "until"),
                            row.getString("actor")));
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
