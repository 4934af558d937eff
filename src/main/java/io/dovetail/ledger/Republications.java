package io.dovetail.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.ReplayPlans.Chosen;
import io.dovetail.ledger.ReplayPlans.Made;
import io.dovetail.ledger.ReplayPlans.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was published, to be published again as it was. Plans name a window of time and go through it in the order
 * accepted; nothing of an event is changed by it, and the books know nothing of it.
 */
public final class Republications {

    // Rows looked at in one step: nothing leads from the time of publishing to its events, and an index that did would
    // have to be kept by each of them.
    private static final int HOP = 20_000;
    // of CloudEvents read at a time, unless a single event has more
    private static final int MAX_BYTES = 8 << 20;

    private static final String IN_WINDOW =
            "e.state = 'published' and e.published_at >= ? and e.published_at < ? and " + ReplayPlans.CHOICE;

    private final Transactions transactions;
    private final ReplayPlans plans;
    private final int hop;

    public Republications(Transactions transactions, ReplayPlans plans) {
        this(transactions, plans, HOP);
    }

    Republications(Transactions transactions, ReplayPlans plans, int hop) {
        this.transactions = transactions;
        this.plans = plans;
        this.hop = hop;
    }

    /**
     * How much a window holds.
     *
     * @param triggers that the bus has been told of; those that are kept back are not among them
     * @param settingOff how many of the events have such triggers
     * @param last the last event
     */
    public record Extent(long events, long triggers, long settingOff, long last) {}

    /** @param rows what the bus was told of it, the event first */
    public record Published(long seq, String connector, List<OutboxRow> rows) {}

    /**
     * The next of a plan.
     *
     * @param doneTo the last event that was looked at
     * @param isEnd whether there is nothing behind it
     */
    public record Page(long doneTo, boolean isEnd, List<Published> events) {}

    /** Counts what is there now. */
    public Extent extent(Choice choice, Window window) {
        return transactions.survey(connection -> {
            try (var select = connection.prepareStatement("""
                    select count(*) filter (where o.n = 0), count(*) filter (where o.n > 0),
                      count(distinct o.event) filter (where o.n > 0), coalesce(max(o.event), 0)
                    from event e join outbox o on o.event = e.seq
                    where not o.kept_back and\s""" + IN_WINDOW)) {
                var now = transactions.now().toInstant();
                var row = Sql.bind(select, parameters(choice, window, now).toArray())
                        .executeQuery();
                row.next();
                return new Extent(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
            }
        });
    }

    /**
     * Makes a plan of what an extent has, and lets it run; pressed twice, it is the same plan.
     *
     * @param events how many it is to publish again
     */
    public Made make(
            UUID id,
            Actor actor,
            String reason,
            Choice choice,
            Window window,
            Extent extent,
            long events,
            int rate,
            int canary) {
        var chosen = new Chosen(events, extent.last);
        return plans.make(id, actor, reason, choice, window, rate, canary, connection -> chosen);
    }

    /** The oldest plan that runs. */
    public Optional<Plan> running() {
        return plans.running(plan -> plan.window() != null);
    }

    /** The next of a plan, in the order accepted: of each event what the bus was told, and nothing that it was not. */
    public Page next(Plan plan, int limit) {
        return transactions.query(connection -> {
            var seqs = new LinkedHashMap<Long, String>();
            var page = find(connection, plan, Math.min(limit, plan.room()), seqs);
            return new Page(page.doneTo, page.isEnd, load(connection, seqs));
        });
    }

    /** @param into the events that were found, each with its connector */
    private Page find(Connection connection, Plan plan, long limit, Map<Long, String> into) throws SQLException {
        try (var select = connection.prepareStatement("""
                with looked_at as materialized (
                  select e.seq, e.connector, e.bytes, %s hit
                  from event e where e.seq > ? and e.seq <= ? order by e.seq limit ?),
                found as (
                  select seq, connector, row_number() over (order by seq) n, sum(bytes) over (order by seq) - bytes before
                  from looked_at where hit),
                extent as (
                  select count(*) looked, max(seq) last, count(*) filter (where hit) hits from looked_at)
                select x.looked, x.last, x.hits, f.seq, f.connector
                from extent x left join found f on f.n <= ? and f.before < ? order by f.seq
                """.formatted(IN_WINDOW))) {
            var parameters = parameters(plan.choice(), window(plan), plan.at());
            parameters.addAll(List.of(plan.doneTo(), plan.last(), hop, limit, MAX_BYTES));
            var row = Sql.bind(select, parameters.toArray()).executeQuery();
            var looked = 0L;
            var last = plan.last();
            var hits = 0L;
            while (row.next()) {
                looked = row.getLong(1);
                last = looked == 0 ? plan.last() : row.getLong(2);
                hits = row.getLong(3);
                var connector = row.getString(5);
                if (connector != null) {
                    into.put(row.getLong(4), connector);
                }
            }
            if (into.size() < hits) {
                return new Page(new ArrayList<>(into.keySet()).getLast(), false, List.of());
            }
            return looked < hop ? new Page(plan.last(), true, List.of()) : new Page(last, false, List.of());
        }
    }

    private static List<Published> load(Connection connection, Map<Long, String> seqs) throws SQLException {
        var found = new LinkedHashMap<Long, Published>();
        seqs.forEach((seq, connector) -> found.put(seq, new Published(seq, connector, new ArrayList<>(2))));
        // kept_back is no condition: what is kept back has an index of its own, which would be scanned whole for it
        try (var select = connection.prepareStatement("""
                select o.event, o.id, o.type, o.body, o.workflow, o.kept_back
                from unnest(?::bigint[]) u (seq) join outbox o on o.event = u.seq order by o.event, o.n
                """)) {
            var row = Sql.bind(select, Sql.longs(connection, seqs.keySet())).executeQuery();
            while (row.next()) {
                if (!row.getBoolean("kept_back")) {
                    Objects.requireNonNull(found.get(row.getLong("event")))
                            .rows
                            .add(new OutboxRow(
                                    Objects.requireNonNull(Sql.uuid(row, "id")),
                                    row.getString("type"),
                                    row.getBytes("body"),
                                    row.getString("workflow")));
                }
            }
        }
        return List.copyOf(found.values());
    }

    /**
     * Moves a plan behind a page, once the bus has acknowledged it. Dying before, the page is said again.
     *
     * @param again the events of which something was said
     * @return false: somebody has paused or cancelled it meanwhile, and it stays where it was
     */
    public boolean told(Plan plan, Page page, List<Long> again) {
        return transactions.write(connection -> {
            if (!ReplayPlans.isAt(connection, plan)) {
                return false;
            }
            var now = transactions.now();
            Steps.planned(connection, "republished", again, plan, now);
            ReplayPlans.advance(connection, plan, page.doneTo, again.size(), 0, page.isEnd, now);
            if (page.isEnd) {
                var events = JsonNodeFactory.instance.objectNode().put("events", plan.replayed() + again.size());
                var actor = Actor.of(plan.actor());
                Audit.write(
                        connection,
                        now,
                        new AuditEntry(actor, plan.word() + " done", plan.id().toString(), null, events.toString()));
            }
            return true;
        });
    }

    /** What the audit keeps of a plan: what it publishes again, and to whom. Null: it replays. */
    static @Nullable String detail(Plan plan) {
        if (plan.window() == null) {
            return null;
        }
        var window = plan.window();
        var detail = JsonNodeFactory.instance
                .objectNode()
                .put("from", window.from().toString())
                .put("before", window.end(plan.at()).toString())
                .put("connector", plan.choice().connector())
                .put("key", plan.choice().key())
                .put("events", plan.chosen());
        window.targets().forEach(detail.putArray("to")::add);
        return detail.toString();
    }

    private static Window window(Plan plan) {
        return Objects.requireNonNull(plan.window(), "a plan that publishes again");
    }

    private static List<@Nullable Object> parameters(Choice choice, Window window, Instant at) {
        var parameters = ReplayPlans.parameters(choice);
        parameters.add(0, ReplayPlans.time(window.from()));
        parameters.add(1, ReplayPlans.time(window.end(at)));
        return parameters;
    }
}
