package io.dovetail.ledger;

import java.util.Optional;

/** Every configuration that was ever live, whole, by the hash of its content. */
public final class Versions {

    private final Transactions transactions;

    public Versions(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Keeps a configuration before it goes live, so that nothing is ever translated by one that is not kept. */
    public void goLive(String hash, byte[] files, String actor) {
        transactions.write(connection -> {
            var now = transactions.now();
            try (var insert = connection.prepareStatement(
                    "insert into config_version (hash, first_live_at, files) values (?, ?, ?) on conflict do nothing")) {
                Sql.bind(insert, hash, now, files).executeUpdate();
            }
            try (var insert =
                    connection.prepareStatement("insert into config_live (hash, at, actor) values (?, ?, ?)")) {
                Sql.bind(insert, hash, now, actor).executeUpdate();
            }
            Audit.write(connection, now, actor, "configuration", hash, null);
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
}
