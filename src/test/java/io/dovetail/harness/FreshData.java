package io.dovetail.harness;

import io.dovetail.ledger.Schema;
import io.dovetail.ledger.postgres.Credential;
import io.dovetail.ledger.postgres.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * What a hub makes on its first start: PostgreSQL's programs, its files and the tables. It is made once for all tests of
 * a JVM, since unpacking and making it takes longer than most of them, and copied into each one's data directory.
 */
public final class FreshData {

    private static @Nullable Path made;

    private FreshData() {}

    /** Where PostgreSQL's programs are unpacked. */
    public static synchronized Path programs() {
        if (made == null) {
            made = make();
        }
        return made;
    }

    /** Leaves a data directory alone that has a database. */
    public static void into(Path data) {
        if (Files.exists(data.resolve("postgres"))) {
            return;
        }
        var programs = programs();
        try {
            Files.createDirectories(data);
            try (var unpacked = Files.newDirectoryStream(programs, "postgres-bin-*")) {
                for (var directory : unpacked) {
                    Files.createSymbolicLink(data.resolve(directory.getFileName()), directory);
                }
            }
            var copying = new ProcessBuilder("cp", "-a", "postgres", "postgres-secrets", data.toAbsolutePath() + "/")
                    .directory(programs.toFile())
                    .inheritIO()
                    .start();
            if (copying.waitFor() != 0) {
                throw new IOException("cannot copy " + programs + " into " + data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path make() {
        try {
            var data = Files.createTempDirectory(
                            Files.createDirectories(Path.of(System.getProperty("hub.root", ""), "target")), "fresh-")
                    .toAbsolutePath();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(data)));
            try (var server = EmbeddedServer.start(data)) {
                Schema.migrate(as(server, server.owner()), as(server, server.app()));
            }
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DataSource as(EmbeddedServer server, Credential user) {
        var source = new PGSimpleDataSource();
        source.setUrl(server.jdbcUrl());
        source.setUser(user.user());
        source.setPassword(user.password());
        return source;
    }

    private static void delete(Path data) {
        try {
            FileSystemUtils.deleteRecursively(data);
        } catch (IOException e) {
            // it lies below target, where the next clean finds it
        }
    }
}
