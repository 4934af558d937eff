package io.dovetail.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What nothing of a delivery may reach: an address, files, a class, a row. Each says since when it is touched. */
final class Canaries implements AutoCloseable {

    /** Stands in the file that attacks ask for; nobody else ever says it. */
    static final String SECRET = "canary-4f1d-secret";

    private final ServerSocket listener;
    private final AtomicInteger calls = new AtomicInteger();
    private final Path folder;
    private final @Nullable DataSource database;
    private List<String> known = List.of();

    private Canaries(Path folder, @Nullable DataSource database) throws IOException {
        this.folder = folder;
        this.database = database;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("canary").start(this::listen);
    }

    /**
     * @param folder its own, with the file to be read and places for those that nobody may make
     * @param database of the hub, with rights to do all harm; null: no row
     */
    static Canaries in(Path folder, @Nullable DataSource database) throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("secret.txt"), SECRET);
        var canaries = new Canaries(folder, database);
        if (database != null) {
            try (var connection = database.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create table canary (text text)");
                statement.execute("insert into canary values ('sings')");
                statement.execute("grant all on canary to public");
            }
        }
        return canaries;
    }

    private void listen() {
        while (!listener.isClosed()) {
            try (var socket = listener.accept()) {
                calls.incrementAndGet();
            } catch (IOException e) {
                // closed
            }
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The file with the secret. */
    Path file() {
        return folder.resolve("secret.txt").toAbsolutePath();
    }

    /** Where nothing is, and nothing may come. */
    Path nothing() {
        return folder.resolve("touched").toAbsolutePath();
    }

    /** Where {@link Bait} writes. */
    Path bait() {
        return folder.resolve("bait").toAbsolutePath();
    }

    /** Those that were touched since this was asked last. */
    List<String> touched() {
        var all = new ArrayList<String>();
        if (calls.get() > 0) {
            all.add("somebody connected to the canary's port, " + calls.get() + " times");
        }
        try (var files = Files.list(folder)) {
            var names =
                    files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.joining(" "));
            if (!names.equals("secret.txt")) {
                all.add("the canary's folder holds " + names);
            }
        } catch (IOException e) {
            all.add("the canary's folder is gone");
        }
        all.addAll(changes());
        var found = all.stream().filter(touch -> !known.contains(touch)).toList();
        known = all;
        return found;
    }

    private List<String> changes() {
        try {
            if (!Files.readString(folder.resolve("secret.txt")).equals(SECRET)) {
                return List.of("the canary's file was written to");
            }
            return List.of();
        } catch (IOException e) {
            return List.of("the canary's file is gone");
        }
    }

    /** Whether the row is still there and alone; for now and then. */
    List<String> row() {
        if (database == null) {
            return List.of();
        }
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            var rows = statement.executeQuery("select count(*), min(text) from canary");
            rows.next();
            return rows.getInt(1) == 1 && "sings".equals(rows.getString(2))
                    ? List.of()
                    : List.of("the canary's row is not as it was");
        } catch (SQLException e) {
            return List.of("the canary's table cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
