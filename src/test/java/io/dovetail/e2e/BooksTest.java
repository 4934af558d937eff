package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.harness.Logbook;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help;

/** Somebody has a hand in the database of a running hub. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BooksTest {

    private final Logbook log = new Logbook(
            "io.dovetail.operate.BooksAlarm", line -> line.getFormattedMessage().contains("The books of jira "));
    private Path data;
    private Hub hub;

    @BeforeAll
    void start(@TempDir Path directory) {
        data = directory;
        hub = Hub.start(data, Map.of());
    }

    @AfterAll
    void stop() {
        log.close();
        hub.close();
    }

    private void execute(String sql, String... parameters) {
        try (var connection = hub.bean(DataSource.class).getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            assertThat(statement.executeUpdate()).isPositive();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String metric(String name) {
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElse("");
    }

    private record Said(int exitCode, String text) {}

    private Said command(String... words) {
        var out = new StringWriter();
        var exitCode = io.dovetail.cli.Hub.commandLine()
                .setOut(new PrintWriter(out))
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .execute(words);
        return new Said(exitCode, out.toString());
    }

    @Test
    void tellsPeopleAndProgramsWhichIdDoesNotAddUp() {
        var number = Bodies.number();
        hub.delivery(hub.send(hub.signed().partner(Bodies.claim(number, "10"))).id(), "published");
        var bad = hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(number, 1)));
        var event = hub.delivery(bad.id(), "parked").at("/events/0");
        assertThat(hub.get("/api/books/verify")
                        .hasStatus(200)
                        .json()
                        .path("agrees")
                        .asBoolean())
                .isTrue();
        var sound = command("books", "--verify", "--data", data.toString());
        assertThat(sound.text)
                .startsWith("Recomputed from 2 deliveries and 2 events")
                .contains("Nothing differs.");
        assertThat(sound.exitCode).isZero();

        // waits behind itself, and so for ever
        execute("update event set state = 'held', relay = false where delivery = ?::uuid", bad.id());

        await().atMost(Hub.PATIENCE)
                .until(() -> metric("hub_books_difference{connector=\"jira\""), line -> line.endsWith(" 1.0"));
        assertThat(metric("hub_books_difference{connector=\"partner-api\"")).endsWith(" 0.0");

        await().atMost(Hub.PATIENCE).until(log::errors, list -> !list.isEmpty());
        assertThat(log.errors().getFirst())
                .contains(
                        "The books of jira do not balance",
                        "in flight 1",
                        event.path("id").asText(),
                        bad.id());

        var health = hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .hasStatus(200)
                .json();
        assertThat(health.path("status").asText()).isEqualTo("UP");
        assertThat(health.at("/components/books/details/difference/jira").asInt())
                .isOne();
        assertThat(health.at("/components/books/details/found/jira").toString()).contains(bad.id());
        assertThat(Request.of("GET", "/actuator/health")
                        .to(hub.managementPort())
                        .text())
                .doesNotContain("books", bad.id());

        var verified = hub.get("/api/books/verify").hasStatus(200).json();
        assertThat(verified.path("agrees").asBoolean()).isFalse();
        assertThat(verified.path("rows")).hasSize(1);
        assertThat(verified.at("/rows/0/connector").asText()).isEqualTo("jira");
        assertThat(verified.at("/rows/0/check").asText()).isEqualTo("steps-lead-elsewhere");
        assertThat(verified.at("/rows/0/ids/0/event").asText())
                .isEqualTo(event.path("id").asText());
        assertThat(verified.at("/counters/0/counter").asText()).isEqualTo("events.parked");

        var shown = command("books", "--verify", "--data", data.toString());
        assertThat(shown.exitCode).isOne();
        assertThat(shown.text)
                .contains(
                        "jira  1 steps-lead-elsewhere",
                        "delivery " + bad.id() + "  event " + event.path("id").asText() + "  seq "
                                + event.path("seq").asText(),
                        "jira  events.parked counted 1, the rows say 0",
                        "enough to explain it")
                .doesNotContain("partner-api");
        var plain = command("books", "--data", data.toString());
        assertThat(plain.exitCode).isOne();
        assertThat(plain.text).contains("1 differ");

        execute("update event set state = 'parked' where delivery = ?::uuid", bad.id());
        await().atMost(Hub.PATIENCE)
                .until(() -> metric("hub_books_difference{connector=\"jira\""), line -> line.endsWith(" 0.0"));
        assertThat(command("books", "--verify", "--data", data.toString()).exitCode)
                .isZero();
        assertThat(log.errors()).hasSize(1);
    }
}
