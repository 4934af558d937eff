package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Who is let in, who may do what, and what is written down of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTest {

    private static final String PASSWORD = "correct horse battery";
    private static final String HASH = BCrypt.hashpw(PASSWORD, BCrypt.gensalt(10));
    private static final int FAILURES = 30;
    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    @TempDir
    static Path data;

    private Hub hub;

    @BeforeAll
    void start() {
        hub = Hub.start(data, Map.of("hub.operators.failures-per-minute", FAILURES));
    }

    @AfterAll
    void stop() {
        hub.close();
    }

    @BeforeEach
    void nameOperators() throws IOException {
        operators("viewer", "repairer", "approver");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> as("approver", "GET", "/api/books").status() == 200);
    }

    /** Each has the role he is called by, or looks only. */
    private void operators(String... names) throws IOException {
        var lines = new ArrayList<String>();
        for (var name : names) {
            lines.add(name + " " + HASH + " " + (List.of("repairer", "approver").contains(name) ? name : "viewer"));
        }
        Files.write(hub.secrets().resolve("operators"), lines);
    }

    private Answer as(String operator, String method, String target) {
        return as(operator, Request.of(method, target)).to(hub.port());
    }

    private static Request as(String operator, Request request) {
        if (operator.isEmpty()) {
            return request;
        }
        return request.header("Authorization", Signed.basic(operator + ":" + PASSWORD));
    }

    private static Request json(String target, String body) {
        return Request.post(target).header("Content-Type", "application/json").body(body);
    }

    private List<JsonNode> rows(long after) {
        var rows = new ArrayList<JsonNode>();
        hub.get("/api/audit?after=" + after).hasStatus(200).json().path("rows").forEach(rows::add);
        return rows;
    }

    private long lastRow() {
        var rows = rows(0);
        return rows.isEmpty() ? 0 : rows.getLast().path("n").asLong();
    }

    /** The row of which this is true, as soon as there is one. */
    private JsonNode row(long after, String action, String subject, Predicate<JsonNode> which) {
        return await(action + " " + subject)
                .atMost(Hub.PATIENCE)
                .until(
                        () -> rows(after).stream()
                                .filter(row -> row.path("action").asText().equals(action)
                                        && row.path("subject").asText().equals(subject)
                                        && which.test(row))
                                .findFirst()
                                .orElse(null),
                        row -> row != null);
    }

    private static Predicate<JsonNode> by(String actor) {
        return row -> row.path("actor").asText().equals(actor);
    }

    @Test
    void showsAViewerNothingOfADeadLetterThatIsMarkedAsSensitive() {
        var body = """
                {"type": "certification.expiring", "timestamp": "2026-05-01T09:00:00Z",
                 "data": {"certificationId": "CERT-%s", "holder": {"id": "P-77", "email": "mia.lund@acme.example"}}}""".formatted(Bodies.number());
        var delivery = hub.send(hub.signed().partner(body)).hasStatus(202);
        var event = hub.delivery(delivery.id(), "parked").at("/events/0/id").asText();

        var seen =
                as("viewer", "GET", "/api/dead-letters/" + event).hasStatus(200).json();
        assertThat(seen.path("body").asText())
                .isEqualTo(seen.path("original").asText())
                .contains("P-77", "[redacted]")
                .doesNotContain("mia.lund");
        assertThat(as("repairer", "GET", "/api/dead-letters/" + event)
                        .hasStatus(200)
                        .json()
                        .path("body")
                        .asText())
                .isEqualTo(body);

        var received = "/api/deliveries/" + delivery.id() + "/payload";
        as("viewer", "GET", received).isProblem(403);
        assertThat(as("repairer", "GET", received).hasStatus(200).text()).isEqualTo(body);

        var edit = "{\"reason\": \"as told\", \"patch\": [{\"op\": \"replace\", \"path\": \"/data/holder/email\","
                + " \"value\": \"eva.holm@acme.example\"}]}";
        assertThat(as("repairer", json("/api/dead-letters/" + event + "/replay", edit))
                        .to(hub.port())
                        .status())
                .isBetween(200, 202);
        for (var view : List.of("/api/timeline?key=" + event, "/api/deliveries/" + delivery.id())) {
            assertThat(as("viewer", "GET", view).hasStatus(200).text())
                    .contains("as told")
                    .doesNotContain("eva.holm");
            assertThat(as("repairer", "GET", view).hasStatus(200).text()).contains("eva.holm");
        }
    }

    @Test
    void letsEachDoWhatHisRoleAllows() {
        var look = List.of("/api/books", "/api/dead-letters", "/api/connectors", "/api/timeline?key=x");
        var repair = List.of("/api/dead-letters/" + NOBODY + "/replay", "/api/dead-letters/" + NOBODY + "/discard");
        for (var operator : List.of("viewer", "repairer", "approver")) {
            var repairs = !operator.equals("viewer");
            var approves = operator.equals("approver");
            for (var target : look) {
                as(operator, "GET", target).hasStatus(200);
            }
            for (var target : repair) {
                as(operator, json(target, "{\"reason\": \"x\"}")).to(hub.port()).isProblem(repairs ? 404 : 403);
            }
            for (var decision : List.of("approve", "refuse")) {
                var target = "/api/dead-letters/" + NOBODY + "/" + decision;
                as(operator, json(target, "{\"reason\": \"x\", \"proposal\": \"" + NOBODY + "\"}"))
                        .to(hub.port())
                        .isProblem(approves ? 404 : 403);
                as(operator, Request.post(target)).to(hub.port()).isProblem(approves ? 400 : 403);
            }
            for (var whole : List.of("/api/deliveries/" + NOBODY + "/payload", "/api/events/0/published")) {
                as(operator, "GET", whole).isProblem(repairs ? 404 : 403);
            }
            assertThat(as(operator, "GET", "/api/audit").status()).isEqualTo(approves ? 200 : 403);
            assertThat(as(operator, "GET", "/api/audit/verify").status()).isEqualTo(approves ? 200 : 403);
            assertThat(as(operator, json("/api/audit/verify", "{}"))
                            .to(hub.port())
                            .status())
                    .isEqualTo(approves ? 400 : 403);
            as(operator, "DELETE", "/api/books").isProblem(403);
            as(operator, Request.of("GET", "/actuator/prometheus"))
                    .to(hub.managementPort())
                    .hasStatus(200);
        }
        as("viewer", Request.post("/api/reload")).to(hub.port()).isProblem(403);
        var before = lastRow();
        as("repairer", Request.post("/api/reload")).to(hub.port()).hasStatus(200);
        assertThat(row(
                                before,
                                "configuration",
                                as("viewer", "GET", "/api/books").status() == 200 ? version() : "",
                                by("repairer"))
                        .path("role")
                        .asText())
                .isEqualTo("repairer");
        Predicate<JsonNode> ofRepair = row -> row.at("/detail/about").toString().contains("\"POST /api/dead-letters/");
        var forbidden = row(0, "request-refused", "forbidden", by("viewer").and(ofRepair));
        assertThat(forbidden.path("role").asText()).isEqualTo("viewer");
    }

    private String version() {
        var answer = hub.send(hub.signed().partner(Bodies.claim(Bodies.number(), "10")))
                .hasStatus(202);
        return hub.delivery(answer.id(), "published")
                .at("/events/0/mappingVersion")
                .asText();
    }

    @Test
    void shutsOutWhoseLineIsTakenAway() throws IOException {
        operators("viewer", "repairer", "approver", "bob");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> as("bob", "GET", "/api/books").status() == 200);
        operators("viewer", "repairer", "approver");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> as("bob", "GET", "/api/books").status() == 401);
        as("viewer", "GET", "/api/books").hasStatus(200);
        Files.delete(hub.secrets().resolve("operators"));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> as("viewer", "GET", "/api/books").status() == 401);
        hub.get("/api/books").hasStatus(200);
    }

    @Test
    void changesTheAdministratorsPasswordWithoutARestart() throws IOException {
        var file = hub.secrets().resolve("hub.admin");
        var old = hub.secret("hub.admin");
        var isIn = (Predicate<String>) password -> Request.of("GET", "/api/books")
                        .header("Authorization", Signed.basic("admin:" + password))
                        .to(hub.port())
                        .status()
                == 200;
        try {
            Files.writeString(file, "the-next-one\n" + old + "\n");
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> isIn.test("the-next-one"));
            assertThat(isIn.test(old)).isTrue();
            await().atMost(Hub.PATIENCE)
                    .until(
                            () -> Request.of("GET", "/actuator/prometheus")
                                    .header("Authorization", Signed.basic("admin:the-next-one"))
                                    .to(hub.managementPort())
                                    .text()
                                    .contains(
                                            "hub_secret_old_last_used_seconds{connector=\"hub\",name=\"admin\",sender=\"default\"} 1."));
            Files.writeString(file, "the-next-one\n");
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> !isIn.test(old));
            assertThat(isIn.test("the-next-one")).isTrue();
        } finally {
            Files.writeString(file, old + "\n");
        }
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> isIn.test(old));
    }

    @Test
    void namesWhoRepaired() {
        var before = lastRow();
        var number = Bodies.number();
        var bad =
                hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(number, 1))).hasStatus(202);
        var event = hub.delivery(bad.id(), "parked").at("/events/0/id").asText();
        var letter = "/api/dead-letters/" + event;
        as("repairer", json(letter + "/replay", "{\"reason\": \"once more\"}"))
                .to(hub.port())
                .hasStatus(200);
        await().atMost(Hub.PATIENCE)
                .until(() -> as("approver", json(letter + "/discard", "{\"reason\": \"no use\"}"))
                                .to(hub.port())
                                .status()
                        == 200);
        var steps = hub.delivery(bad.id(), "discarded").at("/events/0/steps");
        assertThat(steps.findValuesAsText("actor")).containsExactly("hub", "repairer", "hub", "approver");
        var replay = row(before, "replay", event, by("repairer"));
        assertThat(replay.path("role").asText()).isEqualTo("repairer");
        assertThat(replay.path("reason").asText()).isEqualTo("once more");
        var discard = row(before, "discard", event, by("approver"));
        assertThat(discard.path("role").asText()).isEqualTo("approver");
        assertThat(discard.path("n").asLong()).isGreaterThan(replay.path("n").asLong());
    }

    @Test
    void countsWhatWasRefusedAtTheDoor() {
        var before = lastRow();
        var canary = "canary" + UUID.randomUUID();
        var body = Signed.utf8(Bodies.claim(Bodies.number(), "10"));
        var first = hub.send(hub.signed().partner(body, canary)).hasStatus(202);
        for (var i = 0; i < 3; i++) {
            hub.send(hub.signed().partner(Signed.utf8(Bodies.claim(Bodies.number(), "11")), canary))
                    .isProblem(409);
        }
        hub.send(Request.post("/in/jira").header("X-Hub-Signature", canary).body("{}"))
                .isProblem(401);
        hub.send(hub.signed().sap(canary)).isProblem(400);
        hub.send(Request.post("/in/partner-api").declares(1L << 30)).isProblem(413);
        hub.send(Request.post("/in/sap-idoc")
                        .header("Authorization", Signed.basic(hub.secret("sap-idoc.basic")))
                        .header("Content-Type", "text/" + canary)
                        .body("x"))
                .isProblem(415);
        hub.send(Request.post("/in/" + canary).body("{}")).isProblem(404);
        hub.send(Request.of("GET", "/in/jira?" + canary)).isProblem(405);
        hub.send(Request.post("/in/jira").header("X-" + canary, "\u0001")).isProblem(400);
        hub.send(Request.of("GET", "/" + canary)).isProblem(401);
        // neither is a user and a password
        for (var credential : List.of("Basic " + canary + "!", "Bearer " + canary)) {
            hub.send(Request.of("GET", "/api/books").header("Authorization", credential))
                    .isProblem(401);
        }

        var conflicts = row(before, "delivery-refused", "conflict", by("partner-api/default"));
        assertThat(conflicts.at("/detail/about/0").asText()).isEqualTo("delivery " + first.id());
        row(before, "delivery-refused", "unauthenticated", by("jira"));
        row(before, "delivery-refused", "malformed", by("sap-idoc/default"));
        row(before, "delivery-refused", "too_large", by("partner-api"));
        row(before, "delivery-refused", "media_type", by("sap-idoc/default"));
        row(before, "delivery-refused", "unknown_connector", by("?"));
        row(before, "request-refused", "405", by("?"));
        row(before, "request-refused", "400", by("?"));
        var login = row(before, "login-refused", "no_password", by("?"));
        assertThat(login.at("/detail/about/0").asText()).isEqualTo("127.0.0.1");
        var malformed = row(before, "login-refused", "malformed", by("?"));
        assertThat(malformed.at("/detail/about/0").asText()).isEqualTo("127.0.0.1");
        await().atMost(Hub.PATIENCE).until(() -> hub.refusals("?", "login-refused", "malformed") == 2);
        // each time counted once, and nothing of what strangers made up
        await().atMost(Hub.PATIENCE)
                .until(() -> rows(before).stream()
                                .filter(row -> row.path("subject").asText().equals("conflict"))
                                .mapToInt(row -> row.at("/detail/count").asInt())
                                .sum()
                        == 3);
        assertThat(rows(before))
                .noneMatch(row -> row.path("action").asText().equals("request-refused")
                        && List.of("401", "404", "409", "413", "415")
                                .contains(row.path("subject").asText()));
        assertThat(rows(0).toString()).doesNotContain(canary);
    }

    /** Whoever has logged in makes mistakes; a header that anybody can make up does not turn probing into one. */
    @Test
    void takesNobodyForAnOperatorWhoHasNotProvedIt() {
        var before = lastRow();
        var refused = hub.refusals("?", "request-refused", "400");
        as("viewer", "GET", "/api/deliveries/" + NOBODY).isProblem(404);
        as("viewer", "GET", "/api/nothing").isProblem(404);
        for (var credential : List.of("x", "Bearer x", Signed.basic("admin:guess"))) {
            hub.send(Request.of("GET", "/api/books;x").header("Authorization", credential))
                    .isProblem(400);
            Request.of("GET", "/actuator/prometheus;x")
                    .header("Authorization", credential)
                    .to(hub.managementPort())
                    .hasStatus(400);
        }
        await().atMost(Hub.PATIENCE).until(() -> hub.refusals("?", "request-refused", "400") >= refused + 6);
        assertThat(rows(before))
                .filteredOn(row -> row.path("action").asText().equals("request-refused"))
                .extracting(row -> row.path("subject").asText())
                .containsOnly("400");
    }

    @Test
    void hasARowForWhatIsRefusedAtThePortForManagement() {
        var before = lastRow();
        Request.post("/actuator/health").to(hub.managementPort()).hasStatus(405);
        Request.of("GET", "/actuator/health")
                .header("X-Odd", "\u0001")
                .to(hub.managementPort())
                .hasStatus(400);
        row(before, "request-refused", "405", by("?"));
        row(before, "request-refused", "400", by("?"));
    }

    /** They are in the inbox and in the books; the audit would be as long as these. */
    @Test
    void keepsNoRowOfWhatIsAccepted() {
        isWritten(1);
        var before = lastRow();
        var accepted = booked("accepted");
        var duplicate = booked("duplicate");
        var number = Bodies.number();
        var body = Signed.utf8(Bodies.issueCreated(number));
        var sent = new ArrayList<String>();
        sent.add(hub.send(hub.signed().jira(body, number)).hasStatus(202).id());
        hub.send(hub.signed().jira(body, number)).hasStatus(200);
        for (var i = 1; i < 20; i++) {
            sent.add(hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                    .hasStatus(202)
                    .id());
        }
        sent.forEach(id -> hub.delivery(id, "published"));
        assertThat(booked("accepted")).isEqualTo(accepted + 20);
        assertThat(booked("duplicate")).isEqualTo(duplicate + 1);

        isWritten(2);
        // the operators' file, which is written anew before each test, may be noticed meanwhile
        assertThat(rows(before))
                .filteredOn(row -> !row.path("action").asText().equals("secret"))
                .extracting(row -> row.path("subject").asText())
                .containsExactly("too_large");
    }

    private long booked(String what) {
        return hub.get("/api/books")
                .json()
                .valueStream()
                .filter(page -> page.path("connector").asText().equals("jira"))
                .mapToLong(page -> page.path("deliveries").path(what).asLong())
                .sum();
    }

    /** Whatever was counted until now: a refusal that no other test meets is written with all the rest. */
    private void isWritten(int times) {
        hub.send(Request.post("/in/jira").declares(1L << 30)).isProblem(413);
        await().atMost(Hub.PATIENCE).until(() -> hub.refusals("jira", "delivery-refused", "too_large") == times);
    }

    @Test
    void looksAtNobodyWhoWasWrongTooOften() throws IOException {
        operators("viewer", "repairer", "approver", "carol");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> as("carol", "GET", "/api/books").status() == 200);
        var before = lastRow();
        var guess = Signed.basic("carol:guess");
        for (var i = 0; i < FAILURES; i++) {
            hub.send(Request.of("GET", "/api/books").header("Authorization", guess))
                    .isProblem(401);
        }
        // a hash is slow, and the allowance grows meanwhile
        var refused = await().atMost(Hub.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> hub.send(Request.of("GET", "/api/books").header("Authorization", guess)),
                        answer -> answer.status() != 401);
        refused.isProblem(429);
        assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isBetween(1, 2);
        // the same at the other port: it is one allowance
        await().atMost(Hub.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Request.of("GET", "/actuator/prometheus")
                                .header("Authorization", guess)
                                .to(hub.managementPort())
                                .status()
                        == 429);
        as("viewer", "GET", "/api/books").hasStatus(200);
        row(before, "login-refused", "wrong", by("carol"));
        var locked = row(before, "login-refused", "too_often", by("carol"));
        assertThat(locked.has("role")).isFalse();
        assertThat(hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                        .to(hub.managementPort())
                        .text())
                .contains("hub_logins_refused_total{reason=\"too_often\"}", "hub_audit_rows_total ");
    }

    /** Only a proxy's word would count, and the hub has none that it believes: else each guess came from elsewhere. */
    @Test
    void takesNobodysWordForWhereHeIs() throws IOException {
        operators("viewer", "repairer", "approver", "dave");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> as("dave", "GET", "/api/books").status() == 200);
        var before = lastRow();
        var elsewhere = new AtomicInteger();
        await().atMost(Hub.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> hub.send(from("10.9.9." + elsewhere.incrementAndGet())
                                .header("Authorization", Signed.basic("dave:guess"))),
                        answer -> answer.status() != 401)
                .isProblem(429);
        assertThat(elsewhere.get()).isBetween(FAILURES, 2 * FAILURES);
        hub.send(from("10.9.9.200")).isProblem(401);

        row(before, "login-refused", "too_often", by("dave"));
        var stranger = row(before, "login-refused", "no_password", by("?"));
        assertThat(stranger.at("/detail/about/0").asText()).isEqualTo("127.0.0.1");
        assertThat(rows(before).toString()).doesNotContain("10.9.9.");
    }

    private static Request from(String address) {
        return Request.of("GET", "/api/books")
                .header("X-Forwarded-For", address)
                .header("Forwarded", "for=" + address)
                .header("X-Real-IP", address);
    }

    @Test
    void tellsOfSecretsByNameAlone() throws IOException {
        var before = lastRow();
        var file = hub.secrets().resolve("partner-api.acme.webhook");
        Files.writeString(file, "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\n");
        assertThat(row(before, "secret", "partner-api.acme.webhook", by("?"))
                        .path("reason")
                        .asText())
                .isEqualTo("added");
        // also one that is as old as the one before, as cp -p leaves it
        var written = Files.getLastModifiedTime(file);
        Files.writeString(file, "whsec_c2VjcmV0czJjcmV0c2VjcmV0c2VjcmV0\n");
        Files.setLastModifiedTime(file, written);
        row(
                before,
                "secret",
                "partner-api.acme.webhook",
                r -> r.path("reason").asText().equals("changed"));
        Files.delete(file);
        row(
                before,
                "secret",
                "partner-api.acme.webhook",
                r -> r.path("reason").asText().equals("removed"));
        assertThat(rows(0).toString()).doesNotContain("c2Vjcm", HASH.substring(10));
    }

    /** What is set outside the connectors' tree shows between two starts: here that edits need two operators no more. */
    @Test
    void tellsByWhichSettingsTheHubWasStarted(@TempDir Path other) throws IOException {
        var kafka = Files.writeString(other.resolve("kafka.properties"), "sasl.jaas.config=canary-of-kafka\n");
        var data = other.resolve("data");
        var strict = Map.<String, Object>of(
                "hub.repair.approve",
                "jira",
                "hub.admin-password",
                "canary-of-admin",
                "hub.kafka.properties",
                kafka.toString());
        Hub.start(data, strict).close();
        try (var second = Hub.start(data, Map.of())) {
            var starts = second.audit().stream()
                    .filter(row -> row.path("action").asText().equals("configuration"))
                    .map(row -> row.at("/detail/settings"))
                    .toList();
            assertThat(starts).hasSize(2);
            var first = starts.getFirst();
            assertThat(first.path("hub.repair.approve").asText()).isEqualTo("[jira]");
            assertThat(first.path("hub.admin-password").asText()).isEqualTo("(set)");
            assertThat(first.path("hub.kafka.properties").asText()).isEqualTo(kafka.toString());
            assertThat(first.path("hub.data").asText()).isEqualTo(data.toString());
            assertThat(first.has("hub.production")).isFalse();
            assertThat(starts.getLast().has("hub.data")).isTrue();
            assertThat(starts.getLast().has("hub.repair.approve")).isFalse();
            assertThat(second.audited(kafka.toString())).first().isEqualTo("secret by ?: added");
            assertThat(second.audit().toString()).doesNotContain("canary");
        }
    }

    @Test
    void cannotBeChangedByTheHubItself() throws SQLException {
        isOnlyAddedToBy(hub);
    }

    static void isOnlyAddedToBy(Hub hub) throws SQLException {
        try (var connection = hub.bean(DataSource.class).getConnection();
                var statement = connection.createStatement()) {
            for (var sql : List.of(
                    "update audit set reason = 'x' where n = 1",
                    "delete from audit where n = 1",
                    "truncate audit",
                    "alter table audit disable trigger all",
                    "alter table audit rename to other",
                    "drop table audit",
                    "create or replace function audit_is_only_added_to() returns trigger language plpgsql"
                            + " as $$ begin return null; end $$",
                    "drop trigger audit_is_only_added_to on audit")) {
                assertThatThrownBy(() -> statement.execute(sql))
                        .as(sql)
                        .isInstanceOf(SQLException.class)
                        .hasMessageMatching("(?s).*(permission denied|must be owner).*");
            }
        }
    }

    /** As the owner of the database may; the hub sees it by itself, and every later look at it too. */
    @Test
    void isFoundOutWhenItsOwnerChangesIt(@TempDir Path other) throws Exception {
        try (var victim = Hub.start(other, Map.of())) {
            hubHasAHead(victim);
            assertThat(verdict(victim).path("intact").asBoolean()).isTrue();
            assertThat(metric(victim, "hub_audit_broken")).isEqualTo("0.0");
            try (var owner = owner(victim, other);
                    var statement = owner.createStatement()) {
                statement.execute("alter table audit disable trigger all");
                statement.execute("update audit set actor = 'nobody' where n = 2");
                var changed = verdict(victim);
                assertThat(changed.path("intact").asBoolean()).isFalse();
                assertThat(changed.at("/problem/what").asText()).isEqualTo("changed");
                assertThat(changed.at("/problem/n").asInt()).isEqualTo(2);
                statement.execute("update audit set actor = '?' where n = 2");
                assertThat(verdict(victim).path("intact").asBoolean()).isTrue();

                statement.execute("delete from audit where n = (select max(n) from audit)");
            }
            var cut = verdict(victim);
            // unless the hub has meanwhile written one of its own in that place
            assertThat(cut.at("/problem/what").asText()).isIn("cut", "replaced");
            await().atMost(Hub.PATIENCE)
                    .until(() -> metric(victim, "hub_audit_broken").equals("1.0"));
        }
        // the next hub goes on writing, and knows it all the same
        try (var next = Hub.start(other, Map.of())) {
            await().atMost(Hub.PATIENCE)
                    .until(() -> metric(next, "hub_audit_broken").equals("1.0"));
            assertThat(verdict(next).path("intact").asBoolean()).isFalse();
        }
    }

    private static void hubHasAHead(Hub hub) {
        await().atMost(Hub.PATIENCE).until(() -> verdict(hub).path("heads").asInt() > 0);
    }

    private static JsonNode verdict(Hub hub) {
        return hub.get("/api/audit/verify").hasStatus(200).json();
    }

    private static String metric(Hub hub, String name) {
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static Connection owner(Hub hub, Path data) throws IOException, SQLException {
        var secrets = new Properties();
        try (var in = Files.newBufferedReader(data.resolve("postgres-secrets"))) {
            secrets.load(in);
        }
        return DriverManager.getConnection(
                ((HikariDataSource) hub.bean(DataSource.class)).getJdbcUrl(),
                "hub_owner",
                secrets.getProperty("hub_owner"));
    }

    /** With nothing of it written a minute long. */
    @Test
    void isWholeAfterAStop(@TempDir Path other) throws IOException {
        var settings = Map.<String, Object>of(
                "hub.audit.interval",
                "1h",
                "hub.audit.head",
                other.resolve("elsewhere/head").toString());
        var data = other.resolve("data");
        try (var first = Hub.start(data, settings)) {
            first.send(Request.post("/in/jira").body("{}")).isProblem(401);
            first.send(Request.post("/in/nobody").body("{}")).isProblem(404);
        }
        var head = Files.readAllLines(other.resolve("elsewhere/head")).getLast();
        try (var second = Hub.start(data, settings)) {
            var kept = new ObjectMapper().readTree(head);
            var rows = second.get("/api/audit").json().path("rows");
            assertThat(rows.valueStream()
                            .filter(row ->
                                    row.path("n").asLong() <= kept.path("n").asLong())
                            .map(row -> row.path("subject").asText()))
                    .contains("unknown_connector", "unauthenticated");
            assertThat(rows.get(kept.path("n").asInt() - 1).path("hash")).isEqualTo(kept.path("hash"));
            assertThat(second.post("/api/audit/verify", "{\"heads\": [" + head + "]}")
                            .hasStatus(200)
                            .json()
                            .path("heads")
                            .asInt())
                    .isOne();
            var more = head.replaceFirst("\"n\":\\d+", "\"n\":4711");
            assertThat(second.post("/api/audit/verify", "{\"heads\": [" + head + "," + more + "]}")
                            .json()
                            .at("/problem/what")
                            .asText())
                    .isEqualTo("cut");
            for (var nothing : List.of("{}", "{\"heads\": []}", "{\"heads\": [{\"n\": 0}]}", "{\"heads\": [7]}", "[")) {
                second.post("/api/audit/verify", nothing).isProblem(400);
            }
            second.get("/api/audit?since=yesterday").isProblem(400);
            assertThat(second.get("/api/audit?since=2100-01-01T00:00:00Z")
                            .json()
                            .path("rows"))
                    .isEmpty();
        }
    }
}
