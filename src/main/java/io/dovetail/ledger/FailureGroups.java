package io.dovetail.ledger;

import io.dovetail.event.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Dead letters by what went wrong with them: thousands that failed in one way are one thing to mend. */
public final class FailureGroups {

    private final Transactions transactions;

    public FailureGroups(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * @param count how many are parked
     * @param keys how many ordering keys are held by them
     * @param version the one that showed it first
     * @param sample the first of them
     */
    public record Group(
            String fingerprint,
            String connector,
            @Nullable String emits,
            Failure failure,
            long count,
            long keys,
            Instant firstParkedAt,
            Instant lastParkedAt,
            String version,
            UUID sample) {}

    /** The largest groups first. */
    public List<Group> list(@Nullable String connector, int limit) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("""
                    select g.*, e.emits, e.failure, e.version, e.id
                    from (
                      select p.fingerprint, p.connector, count(*) parked, count(h.key_hash) keys,
                        min(p.translated_at) first_at, max(p.translated_at) last_at, min(p.seq) first
                      from event p left join held_key h on h.key_hash = p.key_hash and h.blocker = p.seq
                      where p.state = 'parked' and (?::text is null or p.connector = ?)
                      group by p.fingerprint, p.connector) g
                    join event e on e.seq = g.first
                    order by g.parked desc, g.first limit ?
                    """)) {
                var row = Sql.bind(select, connector, connector, limit).executeQuery();
                var groups = new ArrayList<Group>();
                while (row.next()) {
                    groups.add(new Group(
                            row.getString("fingerprint"),
                            row.getString("connector"),
                            row.getString("emits"),
                            FailureJson.read(row.getString("failure")),
                            row.getLong("parked"),
                            row.getLong("keys"),
                            Objects.requireNonNull(Sql.instant(row, "first_at")),
                            Objects.requireNonNull(Sql.instant(row, "last_at")),
                            row.getString("version"),
                            Objects.requireNonNull(Sql.uuid(row, "id"))));
                }
                return List.copyOf(groups);
            }
        });
    }
}
