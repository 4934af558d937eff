package io.dovetail.ledger;

import io.dovetail.ledger.DeadLetters.DeadLetter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Replays of many dead letters, and the plans of {@link Republications}, which are kept beside them. A plan names what
 * was parked when it was made, and goes through it in the order accepted. How far it is stands in the transaction that
 * sends a step's events on their way, so that a plan that a crash interrupts goes on where it was, and sends nothing
 * twice.
 */
public final class ReplayPlans {

    private final Transactions transactions;

    public ReplayPlans(Transactions transactions) {
        this.transactions = transactions;
    }

    /** What a plan chooses among dead letters, or what was published; null is whatever it be. */
    public record Choice(
            @Nullable String connector,
            @Nullable String fingerprint,
            @Nullable String key,
            @Nullable Instant acceptedFrom,
            @Nullable Instant acceptedBefore) {}

    public enum State {
        RUNNING,
        /** The first few have gone; somebody looks at what became of them. */
        CANARY,
        PAUSED,
        DONE,
        CANCELLED
    }

    /**
     * @param window what it publishes again; null: it replays dead letters
     * @param chosen how many there were when it was made
     * @param rate events a second
     * @param canary how many go first; 0: all
     * @param doneTo the last event it has come to
     * @param skipped those that somebody else saw to meanwhile, and those that cannot be read any more
     */
    public record Plan(
            UUID id,
            State state,
            Instant at,
            String actor,
            String reason,
            Choice choice,
            @Nullable Window window,
            long last,
            long chosen,
            int rate,
            int canary,
            long doneTo,
            long replayed,
            long skipped,
            @Nullable Instant endedAt) {

        public boolean isActive() {
            return state != State.DONE && state != State.CANCELLED;
        }

        /** How many may still go before it ends, or stops for somebody to look. */
        long room() {
            return canary > replayed ? canary - replayed : Long.MAX_VALUE;
        }

        /** Its state once there are so many in all. */
        private State after(long gone, boolean isEnd) {
            var looks = replayed < canary && gone >= canary;
            return isEnd ? State.DONE : looks ? State.CANARY : State.RUNNING;
        }

        /** As the audit calls it. */
        String word() {
            return window == null ? "replay plan" : "republish plan";
        }
    }

    /** How many are chosen, and the last of them. */
    record Chosen(long count, long last) {}

    /** Counts what a plan is to choose, in the transaction that makes it. */
    interface Count {
        Chosen in(Connection connection) throws SQLException;
    }

    /** Whether it is new, or there was an active one for the same choice. */
    public record Made(Plan plan, boolean isNew) {}

    public long count(Choice choice) {
        return transactions.query(connection -> chosen(connection, choice).count);
    }

    /** Makes a plan and lets it run; pressed twice, it is the same plan. */
    public Made make(UUID id, Actor actor, String reason, Choice choice, int rate, int canary) {
        return make(id, actor, reason, choice, null, rate, canary, connection -> chosen(connection, choice));
    }

    Made make(
            UUID id,
            Actor actor,
            String reason,
            Choice choice,
            @Nullable Window window,
            int rate,
            int canary,
            Count count) {
        return transactions.write(connection -> {
            try (var statement = connection.createStatement()) {
                // two that press at the same time would not see each other's plan
                statement.execute("lock table replay_plan in share row exclusive mode");
            }
            for (var plan : list(connection, "state in ('running', 'canary', 'paused') order by at")) {
                if (plan.choice.equals(choice) && Objects.equals(plan.window, window)) {
                    return new Made(plan, false);
                }
            }
            insert(connection, id, actor, reason, choice, window, rate, canary, count.in(connection));
            var plan = list(connection, "id = ?", id).getFirst();
            Audit.write(
                    connection,
                    transactions.now(),
                    new AuditEntry(actor, plan.word(), id.toString(), reason, Republications.detail(plan)));
            return new Made(plan, true);
        });
    }

    private void insert(
            Connection connection,
            UUID id,
            Actor actor,
            String reason,
            Choice choice,
            @Nullable Window window,
            int rate,
            int canary,
            Chosen chosen)
            throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into replay_plan (id, state, at, actor, reason, connector, fingerprint, key, accepted_from,
                  accepted_before, published_from, published_before, targets, last, chosen, rate, canary)
                values (?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            Sql.bind(
                            insert,
                            id,
                            transactions.now(),
                            actor.name(),
                            Steps.clean(reason),
                            choice.connector,
                            choice.fingerprint,
                            choice.key,
                            time(choice.acceptedFrom),
                            time(choice.acceptedBefore),
                            window == null ? null : time(window.from()),
                            window == null ? null : time(window.before()),
                            window == null ? null : Sql.column(connection, "text", window.targets(), t -> t),
                            chosen.last,
                            chosen.count,
                            rate,
                            canary)
                    .executeUpdate();
        }
    }

    /** The newest first. */
    public List<Plan> list(int limit) {
        return transactions.query(connection -> list(connection, "true order by at desc limit ?", limit));
    }

    public Optional<Plan> find(UUID id) {
        return transactions.query(
                connection -> list(connection, "id = ?", id).stream().findFirst());
    }

    /** The oldest replay that runs. */
    public Optional<Plan> running() {
        return running(plan -> plan.window == null);
    }

    Optional<Plan> running(Predicate<Plan> which) {
        return transactions.query(
                connection -> list(connection, "state in ('running', 'canary', 'paused') order by at").stream()
                        .filter(plan -> plan.state == State.RUNNING)
                        .filter(which)
                        .findFirst());
    }

    /** Pauses, resumes or cancels a plan that is active; whether it was. */
    public boolean become(UUID id, State state, Actor actor) {
        return transactions.write(connection -> {
            var now = transactions.now();
            try (var update = connection.prepareStatement("""
                    update replay_plan set state = ?, ended_at = ?,
                      canary = case when state = 'canary' then 0 else canary end
                    where id = ? and state in ('running', 'canary', 'paused')
                    """)) {
                var ended = state == State.CANCELLED ? now : null;
                if (Sql.bind(update, name(state), ended, id).executeUpdate() == 0) {
                    return false;
                }
            }
            var plan = list(connection, "id = ?", id).getFirst();
            Audit.write(connection, now, AuditEntry.of(actor, plan.word() + " " + name(state), id.toString(), null));
            return true;
        });
    }

    /** The next dead letters of a plan, in the order accepted. */
    public List<DeadLetter> next(Plan plan, int limit) {
        return transactions.first(connection -> {
            try (var select = connection.prepareStatement(
                    DeadLetters.SELECT + " and e.seq > ? and e.seq <= ? and " + CHOICE + " order by e.seq limit ?")) {
                var parameters = parameters(plan.choice);
                parameters.add(0, plan.doneTo);
                parameters.add(1, plan.last);
                parameters.add((long) Math.min(limit, plan.room()));
                var row = Sql.bind(select, parameters.toArray()).executeQuery();
                var letters = new ArrayList<DeadLetter>();
                while (row.next()) {
                    letters.add(DeadLetters.letter(row));
                }
                return letters;
            }
        });
    }

    /**
     * Sends dead letters on their way again and moves the plan behind them, both or neither.
     *
     * @param letters the plan's next; none: it is at its end
     * @param apart those of them that were seen to one by one
     * @param repaired how many of those are on their way
     * @return the partitions to wake; none when the plan does not run any more
     */
    public BitSet step(Plan plan, List<DeadLetter> letters, Set<DeadLetter> apart, int repaired) {
        // whatever comes of the events is written behind it: were this forgotten in a crash, so would be that
        return transactions.writeForgettable(connection -> {
            var now = transactions.now();
            var partitions = new BitSet();
            var doneTo = letters.isEmpty() ? plan.last : letters.getLast().seq();
            if (!isAt(connection, plan)) {
                return partitions;
            }
            var books = new Books.Deltas();
            var waiting =
                    letters.stream().filter(letter -> !apart.contains(letter)).toList();
            var gone = leave(connection, waiting, books, partitions);
            Steps.planned(connection, "replayed", gone, plan, now);
            books.write(connection, now);
            var replayed = gone.size() + repaired;
            advance(connection, plan, doneTo, replayed, letters.size() - replayed, letters.isEmpty(), now);
            return partitions;
        });
    }

    /** Moves a plan behind what has just been done for it. */
    static void advance(
            Connection connection, Plan plan, long doneTo, int gone, int skipped, boolean isEnd, OffsetDateTime now)
            throws SQLException {
        try (var update = connection.prepareStatement("""
                update replay_plan set state = ?, done_to = ?, replayed = ?, skipped = skipped + ?, ended_at = ?
                where id = ?
                """)) {
            var replayed = plan.replayed + gone;
            var state = plan.after(replayed, isEnd);
            Sql.bind(update, name(state), doneTo, replayed, skipped, state == State.DONE ? now : null, plan.id)
                    .executeUpdate();
        }
    }

    /** Whether any of these is on its way again, and no worker has seen to it yet. */
    public boolean areAccepted(List<DeadLetter> letters) {
        return !letters.isEmpty()
                && transactions.query(connection -> {
                    // the state as a column, as in leave()
                    try (var select = connection.prepareStatement("""
                    select 1 from unnest(?::bigint[], ?::event_state[]) u (seq, state)
                    join event e on e.seq = u.seq and e.state = u.state limit 1
                    """)) {
                        return Sql.bind(
                                        select,
                                        Sql.column(connection, "int8", letters, DeadLetter::seq),
                                        Sql.column(connection, "text", letters, letter -> "accepted"))
                                .executeQuery()
                                .next();
                    }
                });
    }

    /** Whether nobody paused it, and it is where it was when its next events were read. */
    static boolean isAt(Connection connection, Plan plan) throws SQLException {
        try (var select = connection.prepareStatement(
                "select 1 from replay_plan where id = ? and state = 'running' and done_to = ? for update")) {
            return Sql.bind(select, plan.id, plan.doneTo).executeQuery().next();
        }
    }

    private static List<Long> leave(
            Connection connection, List<DeadLetter> letters, Books.Deltas books, BitSet partitions)
            throws SQLException {
        var gone = new ArrayList<Long>();
        if (letters.isEmpty()) {
            return gone;
        }
        // the state as a column: as a constant it would make the planner read all that is parked
        try (var update = connection.prepareStatement("""
                update event e set state = 'accepted', relay = false, turn = %s, attempts = 0, calls = 0,
                  as_version = null
                from unnest(?::bigint[], ?::event_state[]) u (seq, was)
                where e.seq = u.seq and e.state = u.was
                returning e.seq, e.connector, e.partition
                """.formatted(Claimed.NEXT_TURN))) {
            var row = Sql.bind(
                            update,
                            Sql.column(connection, "int8", letters, DeadLetter::seq),
                            Sql.column(connection, "text", letters, letter -> "parked"))
                    .executeQuery();
            while (row.next()) {
                gone.add(row.getLong(1));
                books.of(row.getString(2)).parked--;
                partitions.set(row.getInt(3));
            }
        }
        ProposedEdits.forget(connection, gone);
        return gone;
    }

    static final String CHOICE = """
            (?::text is null or e.connector = ?) and (?::text is null or e.fingerprint = ?)
            and (?::text is null or e.key = ?) and (?::timestamptz is null or e.accepted_at >= ?)
            and (?::timestamptz is null or e.accepted_at < ?)
            """;

    static List<@Nullable Object> parameters(Choice choice) {
        var parameters = new ArrayList<@Nullable Object>();
        for (var value : new @Nullable Object[] {
            choice.connector, choice.fingerprint, choice.key, time(choice.acceptedFrom), time(choice.acceptedBefore)
        }) {
            parameters.add(value);
            parameters.add(value);
        }
        return parameters;
    }

    private static Chosen chosen(Connection connection, Choice choice) throws SQLException {
        try (var select = connection.prepareStatement(
                "select count(*), coalesce(max(seq), 0) from event e where state = 'parked' and " + CHOICE)) {
            var row = Sql.bind(select, parameters(choice).toArray()).executeQuery();
            row.next();
            return new Chosen(row.getLong(1), row.getLong(2));
        }
    }

    private static List<Plan> list(Connection connection, String which, Object... parameters) throws SQLException {
        try (var select = connection.prepareStatement("select * from replay_plan where " + which)) {
            var row = Sql.bind(select, parameters).executeQuery();
            var plans = new ArrayList<Plan>();
            while (row.next()) {
                plans.add(plan(row));
            }
            return List.copyOf(plans);
        }
    }

    private static Plan plan(ResultSet row) throws SQLException {
        return new Plan(
                Objects.requireNonNull(Sql.uuid(row, "id")),
                State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                Objects.requireNonNull(Sql.instant(row, "at")),
                row.getString("actor"),
                row.getString("reason"),
                new Choice(
                        row.getString("connector"),
                        row.getString("fingerprint"),
                        row.getString("key"),
                        Sql.instant(row, "accepted_from"),
                        Sql.instant(row, "accepted_before")),
                window(row),
                row.getLong("last"),
                row.getLong("chosen"),
                row.getInt("rate"),
                row.getInt("canary"),
                row.getLong("done_to"),
                row.getLong("replayed"),
                row.getLong("skipped"),
                Sql.instant(row, "ended_at"));
    }

    private static @Nullable Window window(ResultSet row) throws SQLException {
        var from = Sql.instant(row, "published_from");
        return from == null
                ? null
                : new Window(from, Sql.instant(row, "published_before"), List.of((String[])
                        row.getArray("targets").getArray()));
    }

    private static String name(State state) {
        return state.name().toLowerCase(java.util.Locale.ROOT);
    }

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
