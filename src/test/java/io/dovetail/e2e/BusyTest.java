package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub with room for one delivery of each connector, and for 16 MB of all, while its database takes none. */
class BusyTest {

    private static final int AT_ONCE = 8;
    // two of them are a little more than there is memory for: what is left of the one that is refused is still read, so
    // that its sender, who reads only when all is written, is not cut off before he has his answer
    private static final int LARGE = 8 * 1024 * 1024 + 15_000;

    @TempDir
    static Path data;

    private static Hub hub;
    private static final ExecutorService SENDERS = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void start() {
        // longer than a test holds the database: nothing is refused for having waited
        hub = Hub.start(data, Map.of("hub.intake.queue", 1, "hub.intake.memory", "16MB", "hub.intake.timeout", "30s"));
    }

    @AfterAll
    static void stop() {
        SENDERS.close();
        hub.close();
    }

    @Test
    void saysSoAtOnceWhenTooManyWaitAndTakesThemLater() throws SQLException {
        var requests = IntStream.range(0, AT_ONCE)
                .mapToObj(n -> Signed.utf8(Bodies.issueCreated(Bodies.number())))
                .toList();
        isBusyAndThenTakes(
                requests.stream()
                        .<Supplier<Request>>map(body -> () -> hub.signed().jira(body, "busy-" + body.hashCode()))
                        .toList(),
                "Too many deliveries of this connector are waiting",
                "jira/default");
    }

    @Test
    void saysSoAtOnceWhenTooMuchIsReceivedAndTakesItLater() throws SQLException {
        var bodies = IntStream.range(0, 2)
                .mapToObj(n -> Bodies.order(Bodies.number(), Bodies.number()))
                .map(order -> order + " ".repeat(LARGE - order.length()))
                .toList();
        isBusyAndThenTakes(
                bodies.stream()
                        .<Supplier<Request>>map(body -> () -> hub.signed().sap(body))
                        .toList(),
                "Too much is being received at the moment",
                "sap-idoc");
    }

    private static void isBusyAndThenTakes(List<Supplier<Request>> requests, String why, String actor)
            throws SQLException {
        List<CompletableFuture<Answer>> answers;
        try (var connection = hub.bean(DataSource.class).getConnection()) {
            hold(connection);
            answers = requests.stream()
                    .map(request -> CompletableFuture.supplyAsync(() -> hub.send(request.get()), SENDERS))
                    .toList();
            // while nothing is stored, and long before those that wait would be told that it took too long
            var refused = await().atMost(Duration.ofSeconds(10))
                    .until(
                            () -> answers.stream()
                                    .filter(CompletableFuture::isDone)
                                    .map(CompletableFuture::join)
                                    .findFirst(),
                            java.util.Optional::isPresent)
                    .orElseThrow();
            refused.isProblem(503);
            assertThat(refused.headers()).containsEntry("retry-after", "5");
            assertThat(refused.json().path("type").asText()).isEqualTo("urn:dovetail:problem:busy");
            assertThat(refused.json().path("detail").asText()).contains(why);
            // another connector is open as ever to whoever proves nothing
            hub.send(Request.post("/in/partner-api").body("{}")).isProblem(401);
            connection.rollback();
        }
        // nobody was left without an answer, and whoever waited is taken
        assertThat(answers.stream().map(answer -> answer.join().status()))
                .contains(202, 503)
                .containsOnly(202, 503);
        hub.awaitRefusal(actor, "delivery-refused", "busy");
        for (var request : requests) {
            await().atMost(Hub.PATIENCE).until(() -> hub.send(request.get()).status() < 300);
        }
    }

    private static void hold(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("lock table delivery in exclusive mode");
        }
    }
}
