package io.dovetail.ledger.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the database: made on the first start, found again on every other. */
final class Cluster {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    static final String DATABASE = "hub";

    // Nobody but the two users gets in, and only with a password; the superuser has no way in over the network.
    private static final String HBA = """
            host %1$s %2$s 127.0.0.1/32 scram-sha-256
            host %1$s %3$s 127.0.0.1/32 scram-sha-256
            """.formatted(DATABASE, Secrets.OWNER, Secrets.APP);

    private final Path programs;
    private final Path data;

    private Cluster(Path programs, Path data) {
        this.programs = programs;
        this.data = data;
    }

    /** Makes the cluster in {@code data} unless it is there, and sees to it that the passwords are those of {@code secrets}. */
    static void prepare(Path programs, Path data, Secrets secrets) throws IOException {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            refuseOtherVersion(programs, data);
            if (secrets.isNew()) {
                new Cluster(programs, data)
                        .run(List.of(password("ALTER", secrets.owner()), password("ALTER", secrets.app())));
            }
            return;
        }
        if (Files.exists(data) && !isEmpty(data)) {
            throw new CannotStartException(
                    "%s has files in it but is no PostgreSQL data directory. Move it away, or choose another data directory with --data or HUB_DATA."
                            .formatted(data));
        }
        deleteLeftBehind(Objects.requireNonNull(data.getParent()), "postgres.new-");
        // Only a whole cluster ever bears the final name, so a hub killed in the middle starts over.
        var unfinished = new Cluster(
                programs, Files.createTempDirectory(Objects.requireNonNull(data.getParent()), "postgres.new-"));
        unfinished.create(secrets);
        Files.move(unfinished.data, data, StandardCopyOption.ATOMIC_MOVE);
        sync(Objects.requireNonNull(data.getParent()));
    }

    private void create(Secrets secrets) throws IOException {
        ChildProcess.run(
                null,
                List.of(
                        programs.resolve("bin/initdb").toString(),
                        "--pgdata=" + data,
                        "--username=postgres",
                        "--auth=reject",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-instructions"));
        Files.writeString(data.resolve("pg_hba.conf"), HBA);
        run(List.of(
                password("CREATE", secrets.owner()),
                password("CREATE", secrets.app()),
                "CREATE DATABASE %s OWNER %s".formatted(DATABASE, Secrets.OWNER),
                "REVOKE ALL ON DATABASE %s FROM PUBLIC".formatted(DATABASE),
                "GRANT CONNECT ON DATABASE %s TO %s".formatted(DATABASE, Secrets.APP)));
    }

    /** Without a server: nobody can connect before the passwords are set. */
    private void run(List<String> statements) throws IOException {
        var output = ChildProcess.run(
                String.join("\n", statements) + "\n",
                List.of(
                        programs.resolve("bin/postgres").toString(),
                        "--single",
                        "-D",
                        data.toString(),
                        "-c",
                        "log_min_error_statement=panic", // a failed statement would show its password
                        "-c",
                        "log_checkpoints=off",
                        "postgres"));
        if (output.contains("ERROR:")) {
            throw new IOException("PostgreSQL refused to set up its users: " + output);
        }
    }

    private static String password(String verb, Credential credential) {
        return "%s ROLE %s LOGIN PASSWORD '%s'".formatted(verb, credential.user(), credential.password());
    }

    private static void refuseOtherVersion(Path programs, Path data) throws IOException {
        var have = Files.readString(data.resolve("PG_VERSION")).strip();
        var catalog = programs.resolve("share/postgresql/postgres.bki"); // begins with "# PostgreSQL 18"
        String want;
        try (var lines = Files.lines(catalog)) {
            want = lines.findFirst().orElse("").replace("# PostgreSQL ", "").strip();
        }
        if (!have.equals(want)) {
            throw new CannotStartException(
                    "%s was written by PostgreSQL %s, and this hub brings %s. Start the earlier hub and dump its database, or run that version and give its URL by HUB_DATABASE_URL."
                            .formatted(data, have, want));
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    /** Deletes what a killed hub did not finish, but not what another one may be busy with. */
    static void deleteLeftBehind(Path parent, String prefix) {
        var old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (var left = Files.newDirectoryStream(parent, prefix + "*")) {
            for (var directory : left) {
                if (Files.getLastModifiedTime(directory).compareTo(old) < 0) {
                    deleteTree(directory);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It only takes room, and the next start tries again.
            LOG.debug("{} stays for now: {}", prefix, e.toString());
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
