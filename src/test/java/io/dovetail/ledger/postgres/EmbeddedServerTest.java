package io.dovetail.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class EmbeddedServerTest {

    static final Path PROGRAMS = Path.of("target", "postgres");

    /** The machine has much else to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @Test
    void keepsDataOverARestart() throws Exception {
        try (var server = start()) {
            execute(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1)");
        }
        try (var server = start()) {
            assertThat(ask(server, server.owner(), "SELECT n FROM kept")).isEqualTo("1");
        }
    }

    @Test
    void isDurable() throws Exception {
        try (var server = start()) {
            var database = new PGSimpleDataSource();
            database.setUrl(server.jdbcUrl());
            database.setUser(server.app().user());
            database.setPassword(server.app().password());
            Durability.require(database);
            database.setOptions("-c synchronous_commit=off");
            assertThatThrownBy(() -> Durability.require(database))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("synchronous_commit=on")
                    .hasMessageNotContaining(server.app().password());
        }
    }

    @Test
    void letsNobodyInWithoutThePassword() throws Exception {
        try (var server = start()) {
            var wrong = new Credential(server.app().user(), "wrong");
            assertThatThrownBy(() -> connect(server, wrong)).hasMessageContaining("password authentication failed");
            var superuser = new Credential("postgres", "");
            assertThatThrownBy(() -> connect(server, superuser)).hasMessageContaining("no pg_hba.conf entry");
            assertThatThrownBy(() -> ask(server, server.app(), "SELECT rolpassword FROM pg_authid"))
                    .hasMessageContaining("permission denied");
            assertThat(ask(server, server.app(), "SHOW password_encryption")).isEqualTo("scram-sha-256");
            assertThat(Files.readString(home.resolve("postgres/pg_hba.conf"))).doesNotContain("trust");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("postgres-secrets"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void appMayNotCreateTables() throws Exception {
        try (var server = start();
                var connection = connect(server, server.app());
                var statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("CREATE TABLE mine (n int)"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void makesNewPasswordsWhenTheirFileIsLost() throws Exception {
        start().close();
        Files.delete(home.resolve("postgres-secrets"));
        try (var server = start()) {
            assertThat(ask(server, server.app(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void stopsTheServerOfAKilledHub() throws Exception {
        var child = child();
        var url = child.inputReader().readLine();
        var orphan = postmaster();
        child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(orphan.isAlive()).isTrue();

        try (var server = start()) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(postmaster().pid()).isNotEqualTo(orphan.pid());
            assertThat(ask(server, server.app(), "SELECT 1")).isEqualTo("1");
            assertThat(url).startsWith("jdbc:postgresql://127.0.0.1:");
        }
    }

    @Test
    void startsAfterBeingKilledWhileInitialising() throws Exception {
        start().close(); // the programs are there, so that the next child is soon in initdb
        Files.move(home.resolve("postgres"), home.resolve("before"));
        var child = child();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            try (var files = Files.newDirectoryStream(home, "postgres.new-*")) {
                return files.iterator().hasNext();
            }
        });
        child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        try (var server = start()) {
            assertThat(ask(server, server.app(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void sparesAnotherProcessWithTheNumberOfAnOldServer() throws Exception {
        start().close();
        var other = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(
                    home.resolve("postgres/postmaster.pid"),
                    "%d\n%s\n1\n5432\n\n127.0.0.1\n".formatted(other.pid(), home.resolve("postgres")));
            try (var server = start()) {
                assertThat(other.isAlive()).isTrue();
                assertThat(ask(server, server.app(), "SELECT 1")).isEqualTo("1");
            }
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void comesBackWhenTheServerDies() throws Exception {
        try (var server = start()) {
            var first = postmaster();
            first.destroyForcibly();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> ask(server, server.app(), "SELECT 1").equals("1"));
            assertThat(postmaster().pid()).isNotEqualTo(first.pid());
        }
    }

    @Test
    void leavesNothingRunning() throws Exception {
        var server = start();
        var process = postmaster();
        server.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(server.isRunning()).isFalse();
        assertThat(home.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void refusesADirectoryThatIsNotItsOwn() throws Exception {
        Files.writeString(Files.createDirectory(home.resolve("postgres")).resolve("holiday.jpg"), "");
        assertThatThrownBy(this::start)
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("is no PostgreSQL data directory");
    }

    private EmbeddedServer start() {
        return EmbeddedServer.start(home, PROGRAMS);
    }

    private Process child() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // it is to be there soon, and not to be fast
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerChild.class.getName(),
                        home.toString(),
                        PROGRAMS.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private ProcessHandle postmaster() throws IOException {
        var pid = Files.readAllLines(home.resolve("postgres/postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static void execute(EmbeddedServer server, String... statements) throws SQLException {
        try (var connection = connect(server, server.owner());
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(EmbeddedServer server, Credential user, String query) throws SQLException {
        try (var connection = connect(server, user);
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(EmbeddedServer server, Credential user) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), user.user(), user.password());
    }
}
