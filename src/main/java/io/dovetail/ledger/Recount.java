package io.dovetail.ledger;

import io.dovetail.ledger.Verified.Finding;
import io.dovetail.ledger.Verified.Ids;
import io.dovetail.ledger.Verified.Minute;
import io.dovetail.ledger.Verified.Miscount;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The counters of the books against the rows: whole sums first, and minutes and ids only where the sums differ. */
final class Recount {

    private static final int MINUTES = 10;

    private final Connection connection;
    private final List<Finding> findings;

    /** @param findings what is known to be wrong with the rows */
    Recount(Connection connection, List<Finding> findings) {
        this.connection = connection;
        this.findings = findings;
    }

    private record Sums(String connector, Counter counter, long counted, long found) {}

    private record Place(String connector, @Nullable Instant minute) {}

    List<Miscount> miscounts() throws SQLException {
        var byCounter = differing().stream()
                .collect(Collectors.groupingBy(Sums::counter, LinkedHashMap::new, Collectors.toList()));
        var miscounts = new ArrayList<Miscount>();
        for (var entry : byCounter.entrySet()) {
            miscounts.addAll(miscounts(entry.getKey(), entry.getValue()));
        }
        miscounts.sort(Comparator.comparing(Miscount::connector));
        return List.copyOf(miscounts);
    }

    private List<Sums> differing() throws SQLException {
        var sums = Arrays.stream(Counter.values())
                .map(counter -> "sum(%1$s) %1$s".formatted(counter.column()))
                .collect(Collectors.joining(", "));
        var pairs = Arrays.stream(Counter.values())
                .map(counter ->
                        "coalesce(c.%1$s, 0) counted_%1$s, coalesce(f.%1$s, 0) found_%1$s".formatted(counter.column()))
                .collect(Collectors.joining(", "));
        try (var select = connection.prepareStatement("""
                with counted as (
                  select connector, %1$s from (
                    select connector, %2$s from book union all select connector, %2$s from book_delta) b
                  group by connector),
                found as (%3$s)
                select connector, %4$s from counted c full join found f using (connector)
                """.formatted(sums, columns(), Counter.TOTALS, pairs))) {
            var row = select.executeQuery();
            var differing = new ArrayList<Sums>();
            while (row.next()) {
                for (var counter : Counter.values()) {
                    var counted = row.getLong("counted_" + counter.column());
                    var found = row.getLong("found_" + counter.column());
                    if (counted != found) {
                        differing.add(new Sums(row.getString("connector"), counter, counted, found));
                    }
                }
            }
            return differing;
        }
    }

    private static String columns() {
        return Arrays.stream(Counter.values()).map(Counter::column).collect(Collectors.joining(", "));
    }

    private List<Miscount> miscounts(Counter counter, List<Sums> differing) throws SQLException {
        var minutes = minutes(counter, differing.stream().map(Sums::connector).toList());
        var unexplained = differing.stream()
                .filter(sums -> !explained(sums))
                .map(Sums::connector)
                .toList();
        fill(counter, minutes, unexplained);
        return differing.stream()
                .map(sums -> {
                    var its = minutes.entrySet().stream()
                            .filter(entry -> entry.getKey().connector.equals(sums.connector))
                            .map(Map.Entry::getValue)
                            .toList();
                    return new Miscount(
                            sums.connector,
                            counter.label,
                            sums.counted,
                            sums.found,
                            explained(sums),
                            its.isEmpty() ? 0 : its.getFirst().ofAll,
                            its.stream().map(Differing::minute).toList());
                })
                .toList();
    }

    /** Whether so many rows are wrong that the sums may differ for no other reason. */
    private boolean explained(Sums sums) {
        var wrong = findings.stream()
                .filter(finding ->
                        finding.connector() == null || finding.connector().equals(sums.connector))
                .mapToLong(Finding::count)
                .sum();
        return Math.abs(sums.counted - sums.found) <= wrong;
    }

    private static final class Differing {

        private final @Nullable Instant minute;
        private final long counted;
        private final long found;
        private final long ofAll;
        private final List<Ids> candidates = new ArrayList<>();
        private long rows;

        Differing(@Nullable Instant minute, long counted, long found, long ofAll) {
            this.minute = minute;
            this.counted = counted;
            this.found = found;
            this.ofAll = ofAll;
        }

        Minute minute() {
            return new Minute(minute, counted, found, rows, List.copyOf(candidates));
        }
    }

    private Map<Place, Differing> minutes(Counter counter, List<String> connectors) throws SQLException {
        try (var select = connection.prepareStatement("""
                with counted as (
                  select connector, date_trunc('minute', at) as minute, sum(n) n
                  from (select connector, minute as at, %1$s n from book
                        union all select connector, at, %1$s from book_delta) b
                  where connector = any(?) group by 1, 2),
                found as (
                  select connector, date_trunc('minute', at) as minute, sum(n) n from (%2$s) r
                  where connector = any(?) group by 1, 2)
                select connector, minute, counted, found, of_all from (
                  select connector, minute, coalesce(c.n, 0) counted, coalesce(f.n, 0) found,
                    count(*) over (partition by connector) of_all,
                    row_number() over (partition by connector order by minute) rank
                  from counted c full join found f using (connector, minute)
                  where coalesce(c.n, 0) <> coalesce(f.n, 0)
                    and (minute is null or minute > (select coalesce(max(until), '-infinity') from book_closed))) m
                where rank <= %3$d order by connector, minute
                """.formatted(counter.column(), counter.rows, MINUTES))) {
            var these = Sql.column(connection, "text", connectors, c -> c);
            var row = Sql.bind(select, these, these).executeQuery();
            var minutes = new LinkedHashMap<Place, Differing>();
            while (row.next()) {
                var minute = Sql.instant(row, "minute");
                minutes.put(
                        new Place(row.getString("connector"), minute),
                        new Differing(minute, row.getLong("counted"), row.getLong("found"), row.getLong("of_all")));
            }
            return minutes;
        }
    }

    /** Adds to each minute the ids that the rows have in it. */
    private void fill(Counter counter, Map<Place, Differing> minutes, List<String> connectors) throws SQLException {
        var places = minutes.keySet().stream()
                .filter(place -> connectors.contains(place.connector))
                .toList();
        if (places.isEmpty()) {
            return;
        }
        try (var select = connection.prepareStatement("""
                select connector, minute, delivery, seq, event, total from (
                  select r.*, count(*) over w total, row_number() over (w order by seq, delivery) rank
                  from (select distinct r.connector, p.minute, r.delivery, r.seq, r.event
                        from (%s) r join unnest(?::text[], ?::text[]::timestamptz[]) p (connector, minute)
                          on r.connector = p.connector and date_trunc('minute', r.at) is not distinct from p.minute) r
                  window w as (partition by connector, minute)) r
                where rank <= %d order by rank
                """.formatted(counter.rows, Verification.IDS))) {
            var row = Sql.bind(
                            select,
                            Sql.column(connection, "text", places, Place::connector),
                            Sql.column(
                                    connection,
                                    "text",
                                    places,
                                    place -> place.minute == null ? null : place.minute.toString()))
                    .executeQuery();
            while (row.next()) {
                var place = new Place(row.getString("connector"), Sql.instant(row, "minute"));
                var minute = Objects.requireNonNull(minutes.get(place));
                minute.rows = row.getLong("total");
                minute.candidates.add(Verification.ids(row));
            }
        }
    }
}
