package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has stopped for a time. It is in the database before anybody obeys it, so that it outlives the process;
 * those who work ask the copy that is kept here.
 */
public final class Pauses {

    /** What can be stopped. */
    public enum What {
        /** No delivery is taken in, by whatever door, and what the hub has goes its way to the end. */
        INTAKE,
        /** Its deliveries are accepted, and its events wait. */
        CONNECTOR,
        /** The events of one ordering key wait; its name is {@code CONNECTOR/KEY}, whoever the senders are. */
        KEY,
        /** Events are published, and what would set off this workflow is kept back. */
        TRIGGER,
        /** The bus is told nothing. */
        RELAY;

        /** As the database and the API call it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param name of the connector, the key or the workflow; empty for the intake and the relay */
    public record Pause(What what, String name, Instant at, String actor, String reason) {}

    private final Transactions transactions;
    private volatile List<Pause> pauses;

    public Pauses(Transactions transactions) {
        this.transactions = transactions;
        this.pauses = read();
    }

    /** All of them, the oldest first. */
    public List<Pause> list() {
        return pauses;
    }

    public boolean isPaused(What what, String name) {
        for (var pause : pauses) {
            if (pause.what == what && pause.name.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an event of this connector and this key has to wait. */
    public boolean stops(String connector, @Nullable String key) {
        for (var pause : pauses) {
            var stops = switch (pause.what) {
                case CONNECTOR -> pause.name.equals(connector);
                case KEY -> key != null && pause.name.equals(connector + "/" + key);
                case INTAKE, TRIGGER, RELAY -> false;
            };
            if (stops) {
                return true;
            }
        }
        return false;
    }

    /** The names of what is paused of a kind. */
    public Set<String> names(What what) {
        return pauses.stream()
                .filter(pause -> pause.what == what)
                .map(Pause::name)
                .collect(Collectors.toSet());
    }

    /** @return false: it was paused already, and nothing has changed */
    public boolean pause(What what, String name, Actor actor, String reason) {
        return change(
                connection -> {
                    try (var insert = connection.prepareStatement(
                            "insert into pause (what, name, at, actor, reason) values (?, ?, ?, ?, ?) on conflict do nothing")) {
                        return Sql.bind(
                                        insert,
                                        what.word(),
                                        name,
                                        transactions.now(),
                                        actor.name(),
                                        Objects.requireNonNull(Steps.clean(reason)))
                                .executeUpdate();
                    }
                },
                new AuditEntry(actor, "pause", subject(what, name), reason, null));
    }

    /** @return false: it was not paused, and nothing has changed */
    public boolean resume(What what, String name, Actor actor, String reason) {
        return change(
                connection -> {
                    try (var delete = connection.prepareStatement("delete from pause where what = ? and name = ?")) {
                        return Sql.bind(delete, what.word(), name).executeUpdate();
                    }
                },
                new AuditEntry(actor, "resume", subject(what, name), reason, null));
    }

    private interface Change {
        int make(Connection connection) throws SQLException;
    }

    private synchronized boolean change(Change change, AuditEntry entry) {
        try {
            return transactions.write(connection -> {
                if (change.make(connection) == 0) {
                    return false;
                }
                Audit.write(connection, transactions.now(), entry);
                return true;
            });
        } finally {
            // also after an error: whether it was written is then unknown, and the database knows
            pauses = read();
        }
    }

    private static String subject(What what, String name) {
        return name.isEmpty() ? what.word() : what.word() + " " + name;
    }

    private List<Pause> read() {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement(
                    "select what, name, at, actor, reason from pause order by at, what, name")) {
                var row = select.executeQuery();
                var all = new ArrayList<Pause>();
                while (row.next()) {
                    all.add(new Pause(
                            What.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                            row.getString(2),
                            Objects.requireNonNull(Sql.instant(row, "at")),
                            row.getString(4),
                            row.getString(5)));
                }
                return List.copyOf(all);
            }
        });
    }
}
