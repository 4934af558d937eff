package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dovetail.TestHub;
import io.dovetail.counterpart.S4;
import io.dovetail.harness.Proxy;
import io.dovetail.ledger.Schema;
import io.dovetail.ledger.postgres.Credential;
import io.dovetail.ledger.postgres.EmbeddedServer;
import io.dovetail.relay.Addresses;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The hub on a PostgreSQL that somebody else runs, which goes away and comes back. */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseTest {

    private static final String ROLE_OF_THE_OWNER = "As the database role hub_owner, the hub could";

    @TempDir
    static Path directory;

    private static EmbeddedServer server;

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.start(directory.resolve("server"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static String url(int port, Credential user) {
        return "jdbc:postgresql://127.0.0.1:%d/hub?user=%s&password=%s".formatted(port, user.user(), user.password());
    }

    private static int serverPort() {
        return Integer.parseInt(server.jdbcUrl().replaceFirst(".*:(\\d+)/.*", "$1"));
    }

    @Test
    void answersWhileItIsAwayAndGoesOnByItself() throws Exception {
        var root = directory.resolve("root");
        S4.writeSecrets(directory.resolve("hub/secrets"));
        try (var line = new Proxy(serverPort());
                var s4 = S4.start()
                        .isAskedBelow(Roots.copy(root, "jira", "sap-s4").path());
                var hub = Hub.start(
                        directory.resolve("hub"),
                        Map.of(
                                "hub.database-url",
                                url(line.port(), server.app()),
                                "hub.database-owner-url",
                                url(line.port(), server.owner()),
                                "hub.root",
                                root.toString()));
                var subscriber = Subscriber.of(hub, "workflow")) {
            assertThat(directory.resolve("hub/postgres")).doesNotExist();
            var first = hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                    .hasStatus(202);
            hub.delivery(first.id(), "published");

            // a page of a source is on its way: it is stored when that can be done, and the source is not asked again
            // before
            var order = Bodies.number();
            s4.salesOrder(order, Instant.now(), "1");
            var page = s4.holdsNextPage();
            page.awaitAsked();
            line.cut();
            page.release();
            isUnavailable(hub);
            line.mend();
            isTakenAgain(hub, subscriber);
            subscriber.awaitOne(
                    Addresses.EVENTS,
                    r -> r.data().path("sellerOrderNumber").asText().equals(order));

            line.fallSilent();
            isUnavailable(hub);
            // the hub's own deadline for a connection ends those that are silent
            line.cut();
            line.mend();
            isTakenAgain(hub, subscriber);
            await().atMost(Hub.PATIENCE)
                    .until(
                            () -> hub.get("/api/books").json(),
                            books -> books.findValues("inFlight").stream().allMatch(n -> n.asInt() == 0));
            assertThat(hub.get("/api/books").json().findValuesAsText("difference"))
                    .containsOnly("0");
        }
    }

    private static void isUnavailable(Hub hub) {
        for (var i = 0; i < 2; i++) {
            var start = System.nanoTime();
            var answer = hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(4_500));
            answer.isProblem(503);
            assertThat(answer.headers().get("retry-after")).matches("\\d+");
        }
        // strangers are told so all the same, and nobody asks the database about them
        hub.send(Request.post("/in/jira").body("{}")).isProblem(401);
        var health = await().atMost(Hub.PATIENCE).until(() -> hub.health(""), answer -> answer.status() == 503);
        assertThat(health.json().path("status").asText()).isEqualTo("DOWN");
        hub.isAliveAndNotReady();
        hub.get("/api/books").isProblem(503);
    }

    private static void isTakenAgain(Hub hub, Subscriber subscriber) {
        var number = Bodies.number();
        var request = Signed.utf8(Bodies.issueCreated(number));
        await().atMost(Hub.PATIENCE)
                .until(() -> hub.send(hub.signed().jira(request, number)).status() < 300);
        subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(number));
        for (var group : List.of("", "/readiness")) {
            await().atMost(Hub.PATIENCE).until(() -> hub.health(group).status() == 200);
        }
        // also what was refused while there was nowhere to write it
        hub.awaitRefusal("jira/default", "delivery-refused", "unavailable");
    }

    /** What was accepted and not published when a hub ended is published by the next one on its data. */
    @Test
    void drainsTheBacklogOfAnEarlierHub() throws Exception {
        var data = directory.resolve("backlog");
        var numbers = new ArrayList<String>();
        String parked;
        try (var hub = Hub.start(data, Map.of("hub.flow.partitions", 3))) {
            hub.bean(io.dovetail.flow.Flow.class).close();
            parked = hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(Bodies.number(), 1)))
                    .id();
            for (var i = 0; i < 40; i++) {
                var number = Bodies.number();
                numbers.add(number);
                hub.send(hub.signed().jira(Bodies.issueCreated(number))).hasStatus(202);
                hub.send(hub.signed().jira(Bodies.issueUpdated(number, 1))).hasStatus(202);
            }
            assertThat(hub.get("/api/books").json().at("/0/events/inFlight").asInt())
                    .isEqualTo(81);
        }
        // on another number of partitions, so that the backlog is spread anew
        try (var hub = Hub.start(data, Map.of("hub.flow.partitions", 5));
                var subscriber = Subscriber.of(hub, "workflow")) {
            hub.delivery(parked, "parked");
            for (var number : numbers) {
                assertThat(subscriber.await(
                                Addresses.EVENTS,
                                2,
                                r -> r.data().path("ticketId").asText().equals(number)))
                        .extracting(Subscriber.Received::type)
                        .containsExactly("ticket.opened.v1", "ticket.updated.v1");
            }
            var page = await().atMost(Hub.PATIENCE)
                    .until(
                            () -> hub.get("/api/books").json().get(0),
                            p -> p.at("/events/inFlight").asInt() == 0);
            assertThat(page.at("/events/published").asInt()).isEqualTo(80);
            assertThat(page.at("/events/parked").asInt()).isOne();
            assertThat(page.path("difference").asInt()).isZero();
        }
    }

    /** From a first look to production: the tables stay whose they are, and the hub works as another role. */
    @Test
    void worksInProductionAsARoleThatCannotChangeTheAudit(CapturedOutput log) throws Exception {
        var data = directory.resolve("production");
        var owner = Map.<String, Object>of("hub.database-url", url(serverPort(), server.owner()));
        try (var hub = Hub.start(data, owner)) {
            hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number()))).hasStatus(202);
        }
        assertThat(log).containsOnlyOnce(ROLE_OF_THE_OWNER);

        assertThat(whyNotInProduction(data, owner))
                .contains(ROLE_OF_THE_OWNER, "CREATE ROLE", "HUB_DATABASE_OWNER_URL", "HUB_TLS_ENDS_BEFORE=true")
                .doesNotContain(server.owner().password());

        var both = new HashMap<>(owner);
        both.put("hub.database-owner-url", owner.get("hub.database-url"));
        both.put("hub.database-url", url(serverPort(), server.app()));
        both.put("hub.production", true);
        both.put("hub.tls-ends-before", true);
        worksAndCannotChangeTheAudit(data, both);

        // the owner's password need not be there while there is nothing to migrate
        both.remove("hub.database-owner-url");
        worksAndCannotChangeTheAudit(data, both);
        assertThat(log).containsOnlyOnce("the hub could change and remove rows of its audit");
    }

    private static void worksAndCannotChangeTheAudit(Path data, Map<String, Object> settings) throws Exception {
        try (var hub = Hub.start(data, settings)) {
            var delivery = hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                    .hasStatus(202);
            hub.delivery(delivery.id(), "published");
            AuditTest.isOnlyAddedToBy(hub);
        }
    }

    /** Whatever lets it, if only one column; the next start that has the owner takes that away. */
    @Test
    void isNotLedIntoChangingTheAuditByAGrant() throws Exception {
        var data = directory.resolve("granted");
        var app = Map.<String, Object>of("hub.database-url", url(serverPort(), server.app()));
        var both = new HashMap<>(app);
        both.put("hub.database-owner-url", url(serverPort(), server.owner()));
        Hub.start(data, both).close();
        assertThat(whyNotInProduction(data, app)).doesNotContain("audit");
        for (var right : List.of("update (reason)", "delete", "truncate", "trigger")) {
            asOwner("grant " + right + " on audit to hub_app");
            assertThat(whyNotInProduction(data, app)).as(right).contains("As the database role hub_app, the hub could");
            assertThat(whyNotInProduction(data, both)).as(right).doesNotContain("audit");
        }
        // as it is in PostgreSQL 14: a function of its own that fits better would be called by the owner's
        asOwner("grant create on schema public to public");
        assertThat(whyNotInProduction(data, both)).contains("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        asOwner("revoke create on schema public from public");
        asOwner("grant create on database hub to hub_app");
        assertThat(whyNotInProduction(data, both)).contains("REVOKE CREATE ON DATABASE");
        asOwner("revoke create on database hub from hub_app");
        assertThat(whyNotInProduction(data, both)).doesNotContain("audit");
    }

    /**
     * The owner's functions find the owner's tables, also where whoever is in may make tables for his session: one called
     * as the owner's would have its triggers run as the owner.
     */
    @Test
    void isNotLedIntoChangingTheAuditByATableOfTheSession() throws SQLException {
        asOwner("create schema planted; grant temporary on database hub to public");
        Schema.migrate(source(server.owner()), source(server.app()));
        try (var connection = source(server.app()).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into audit (n, at, actor, action, subject, hash)
                      values (1, now(), 'start', 'configuration', 'v1', '');
                    select open_history(0, '2026-05-01', 'standard');
                    update history set closing_at = now();
                    create temporary table history (like planted.history including all);
                    insert into history select * from planted.history;
                    grant all on history to public;
                    create function pg_temp.change_the_audit() returns trigger language plpgsql as $$
                    begin
                      alter table planted.audit disable trigger all;
                      update planted.audit set actor = 'nobody';
                      return coalesce(new, old);
                    end $$;
                    create trigger change_the_audit before insert or delete on history
                      for each row execute function pg_temp.change_the_audit();
                    select drop_history(0);
                    select open_history(4294967296, '2026-05-02', 'standard');
                    """);
            assertThat(texts(statement, "select actor from audit")).containsExactly("start");
            assertThat(texts(statement, "select first from planted.history")).containsExactly("4294967296");
        } finally {
            asOwner("revoke temporary on database hub from public");
        }
    }

    private static DataSource source(Credential user) {
        var source = new PGSimpleDataSource();
        source.setUrl(url(serverPort(), user));
        source.setCurrentSchema("planted");
        return source;
    }

    private static List<String> texts(Statement statement, String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private static String whyNotInProduction(Path data, Map<String, Object> settings) {
        var all = new HashMap<>(settings);
        all.put("hub.production", true);
        var why = TestHub.whyNot(catchThrowable(() -> Hub.start(data, all).close()));
        assertThat(why).startsWith("With HUB_PRODUCTION=true, this stands against it:\n  ");
        return why;
    }

    @Test
    void saysWhoseItIsToMakeTheTables() throws SQLException {
        asOwner("create schema nothing; grant usage on schema nothing to hub_app");
        var elsewhere = url(serverPort(), server.app()) + "&currentSchema=nothing";
        var data = directory.resolve("no-tables");
        assertThat(TestHub.whyNot(catchThrowable(() -> Hub.start(data, Map.of("hub.database-url", elsewhere)))))
                .startsWith("The database cannot be used: ERROR: permission denied for schema nothing")
                .contains("HUB_DATABASE_OWNER_URL");
        assertThat(TestHub.whyNot(catchThrowable(() -> Hub.start(
                        data,
                        Map.of(
                                "hub.database-url",
                                elsewhere,
                                "hub.database-owner-url",
                                url(serverPort(), server.owner()))))))
                .contains("lead to different databases or schemas");
    }

    /** As when one URL still leads to the server that was moved from, and senders would be told 202 there. */
    @Test
    void doesNotWorkWithACopyOfTheTablesThatItHasMade() throws SQLException {
        var data = directory.resolve("copy");
        asOwner("create schema copied");
        var copy = url(serverPort(), server.owner()) + "&currentSchema=copied";
        var app = url(serverPort(), server.app()) + "&currentSchema=copied";
        Hub.start(data, Map.of("hub.database-url", app, "hub.database-owner-url", copy))
                .close();
        var both = Map.<String, Object>of(
                "hub.database-url", app, "hub.database-owner-url", url(serverPort(), server.owner()));
        assertThat(TestHub.whyNot(catchThrowable(() -> Hub.start(data, both))))
                .contains("lead to different databases or schemas");
    }

    private static void asOwner(String sql) throws SQLException {
        as(server.owner(), sql);
    }

    private static void as(Credential user, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url(serverPort(), user));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void refusesADatabaseThatForgets() throws SQLException {
        as(server.app(), "alter role current_user set synchronous_commit = off");
        try {
            var thrown = catchThrowable(() -> TestHub.start(Map.of(
                    "server.port",
                    0,
                    "management.server.port",
                    0,
                    "hub.amqp-port",
                    0,
                    "hub.data",
                    directory.resolve("refused").toString(),
                    "hub.database-url",
                    url(serverPort(), server.app()),
                    "hub.database-owner-url",
                    url(serverPort(), server.owner()))));
            assertThat(TestHub.whyNot(thrown))
                    .contains("synchronous_commit=off")
                    .doesNotContain("password");
        } finally {
            as(server.app(), "alter role current_user reset synchronous_commit");
        }
    }

    @Test
    void saysWhyItCannotReachADatabase() throws IOException {
        int nobody;
        try (var free = new java.net.ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        var thrown = catchThrowable(() -> TestHub.start(Map.of(
                "server.port", 0,
                "management.server.port", 0,
                "hub.amqp-port", 0,
                "hub.data", directory.resolve("unreachable").toString(),
                "hub.database-url", url(nobody, new Credential("x", "secret-of-the-database")))));
        assertThat(TestHub.whyNot(thrown))
                .contains("database")
                .doesNotContain("secret-of-the-database")
                .doesNotContain("Exception");
    }
}
