package io.dovetail.ledger;

import io.dovetail.ledger.Verified.Finding;
import io.dovetail.ledger.Verified.Ids;
import io.dovetail.ledger.Verified.Miscount;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the books from the rows, in one snapshot. Work that is under way never shows in it, so that it may be asked
 * at any time; but it reads the whole ledger.
 */
public final class Verification {

    /** How many ids are given of a kind. */
    static final int IDS = 20;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Transactions transactions;
    private final Duration patience;
    // two at a time would only take longer, and connections from those who work
    private final ReentrantLock one = new ReentrantLock();

    public Verification(Transactions transactions) {
        this(transactions, PATIENCE);
    }

    /** @param patience how long a worker may take to its next turn */
    Verification(Transactions transactions, Duration patience) {
        this.transactions = transactions;
        this.patience = patience;
    }

    /** What the rows say now; takes some seconds for each million of events. */
    public Verified verify() {
        one.lock();
        try {
            var start = System.nanoTime();
            var at = transactions.now().toInstant();
            var look = transactions.survey(Verification::look);
            var findings = new ArrayList<>(look.findings);
            findings.addAll(staying(look.leftHolds));
            return new Verified(
                    at,
                    Duration.ofNanos(System.nanoTime() - start).toMillis(),
                    findings.isEmpty() && look.miscounts.isEmpty(),
                    look.deliveries,
                    look.events,
                    List.copyOf(findings),
                    look.miscounts);
        } finally {
            one.unlock();
        }
    }

    private record Look(
            List<Finding> findings, Set<Hold> leftHolds, List<Miscount> miscounts, long deliveries, long events) {}

    private static Look look(Connection connection) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (var check : RowChecks.ALL) {
            findings.addAll(findings(connection, check));
        }
        try (var count =
                connection.prepareStatement("select (select count(*) from delivery), (select count(*) from event)")) {
            var row = count.executeQuery();
            row.next();
            return new Look(
                    findings,
                    leftHolds(connection),
                    new Recount(connection, findings).miscounts(),
                    row.getLong(1),
                    row.getLong(2));
        }
    }

    private record Kind(@Nullable String connector, Flaw flaw) {}

    private static List<Finding> findings(Connection connection, String check) throws SQLException {
        try (var select = connection.prepareStatement("""
                select * from (
                  select f.*, count(*) over w total, row_number() over (w order by seq, delivery) rank from (%s) f
                  window w as (partition by what, connector)) r
                where rank <= %d order by what, connector, rank
                """.formatted(check, IDS))) {
            var row = select.executeQuery();
            var totals = new LinkedHashMap<Kind, Long>();
            var ids = new LinkedHashMap<Kind, List<Ids>>();
            while (row.next()) {
                var kind = new Kind(row.getString("connector"), Flaw.valueOf(row.getString("what")));
                totals.put(kind, row.getLong("total"));
                ids.computeIfAbsent(kind, k -> new ArrayList<>()).add(ids(row));
            }
            var findings = new ArrayList<Finding>();
            ids.forEach((kind, its) -> findings.add(finding(kind, Objects.requireNonNull(totals.get(kind)), its)));
            return findings;
        }
    }

    private static Finding finding(Kind kind, long count, List<Ids> ids) {
        return new Finding(kind.connector, kind.flaw.check(), kind.flaw.says, count, List.copyOf(ids));
    }

    static Ids ids(ResultSet row) throws SQLException {
        return new Ids(Sql.uuid(row, "delivery"), row.getObject("seq", Long.class), Sql.uuid(row, "event"));
    }

    private record Hold(java.util.UUID key, String connector, Ids blocker) {}

    private static Set<Hold> leftHolds(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement(RowChecks.LEFT_HOLDS)) {
            var row = select.executeQuery();
            var holds = new LinkedHashSet<Hold>();
            while (row.next()) {
                holds.add(new Hold(Objects.requireNonNull(Sql.uuid(row, "key")), row.getString("connector"), ids(row)));
            }
            return holds;
        }
    }

    /** Those that no worker removes: all that are still there when each of them has had its turn. */
    private List<Finding> staying(Set<Hold> leftHolds) {
        var end = System.nanoTime() + patience.toNanos();
        var left = leftHolds;
        while (!left.isEmpty()) {
            left.retainAll(transactions.survey(Verification::leftHolds));
            if (System.nanoTime() >= end) {
                break;
            }
            try {
                Thread.sleep(BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        }
        var byConnector = new LinkedHashMap<String, List<Ids>>();
        left.forEach(hold -> byConnector
                .computeIfAbsent(hold.connector, c -> new ArrayList<>())
                .add(hold.blocker));
        return byConnector.entrySet().stream()
                .map(entry -> finding(
                        new Kind(entry.getKey(), Flaw.HOLD_FOR_NOTHING),
                        entry.getValue().size(),
                        entry.getValue().stream().limit(IDS).toList()))
                .toList();
    }
}
