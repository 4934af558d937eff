package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.TestHub;
import io.dovetail.connector.Configuration;
import io.dovetail.flow.Live;
import io.dovetail.harness.FreshData;
import io.dovetail.relay.artemis.Broker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;

/** A running hub with all of its servers, and what people do with it. */
final class Hub implements AutoCloseable {

    /** Longer than Kafka waits (45 s) for a member of a group that has left without a word. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext context;
    private final Path secrets;
    private final JsonNode run;

    private Hub(ConfigurableApplicationContext context, Path secrets, JsonNode run) {
        this.context = context;
        this.secrets = secrets;
        this.run = run;
    }

    /**
     * Starts a hub on free ports; returns when it is ready.
     *
     * @param data kept when the hub is closed, so that another may be started on it
     * @param settings beyond that; without {@code hub.root} it has a {@link Roots#few} of this repository's connectors
     */
    static Hub start(Path data, Map<String, Object> settings) {
        return start(data, settings, Map.of());
    }

    /** @param standIns take the places of the hub's own beans of these names */
    static Hub start(Path data, Map<String, Object> settings, Map<String, Object> standIns) {
        var all = new HashMap<String, Object>(Map.of(
                "server.port",
                0,
                "management.server.port",
                0,
                "hub.amqp-port",
                0,
                "hub.data",
                data.toString(),
                "hub.watch-interval",
                "200ms",
                "hub.min-disk-free",
                "1MB",
                "hub.consumers",
                "workflow,citrus",
                "hub.audit.interval",
                "200ms",
                "hub.operators.failures-per-minute",
                10_000));
        all.putAll(settings);
        all.computeIfAbsent("hub.root", root -> Roots.few().toString());
        var secrets =
                Path.of(all.getOrDefault("hub.secrets", data.resolve("secrets")).toString());
        if (!all.containsKey("hub.database-url")) {
            FreshData.into(data);
        }
        var context = TestHub.start(all, standIns);
        try {
            return new Hub(
                    context,
                    secrets,
                    new ObjectMapper().readTree(data.resolve("run.json").toFile()));
        } catch (IOException e) {
            context.close();
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return run.path("port").asInt();
    }

    int managementPort() {
        return run.path("managementPort").asInt();
    }

    int amqpPort() {
        return run.path("amqpPort").asInt();
    }

    Path secrets() {
        return secrets;
    }

    String secret(String name) {
        try {
            return Files.readString(secrets.resolve(name)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Broker broker() {
        return TestHub.broker(context);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    Signed signed() {
        return new Signed(this);
    }

    Answer send(Request request) {
        return request.to(port());
    }

    /** As the administrator. */
    Answer get(String target) {
        return asAdmin(Request.of("GET", target)).to(port());
    }

    Answer post(String target, String json) {
        return asAdmin(Request.post(target))
                .header("Content-Type", "application/json")
                .body(json)
                .to(port());
    }

    /** What it tells a stranger of how it is, or of one group of that. */
    Answer health(String group) {
        return Request.of("GET", "/actuator/health" + group).to(managementPort());
    }

    /** Nobody sends it traffic, and nobody starts it anew either: that would not bring back what it lacks. */
    void isAliveAndNotReady() {
        var readiness = health("/readiness").hasStatus(503).json();
        assertThat(readiness.path("status").asText()).isEqualTo("DOWN");
        health("/liveness").hasStatus(200);
    }

    Request asAdmin(Request request) {
        return request.header("Authorization", Signed.basic("admin:" + secret("hub.admin")));
    }

    /** The delivery, as soon as it is as it should be. */
    JsonNode delivery(String id, Predicate<JsonNode> expected) {
        return await("delivery " + id)
                .atMost(PATIENCE)
                .until(() -> get("/api/deliveries/" + id).hasStatus(200).json(), expected);
    }

    JsonNode delivery(String id, String state) {
        return delivery(id, delivery -> delivery.path("state").asText().equals(state));
    }

    /** How often the audit says that this was refused to him; the hub writes what it has counted from time to time. */
    long refusals(String actor, String action, String subject) {
        return audit().stream()
                .filter(row -> row.path("actor").asText().equals(actor)
                        && row.path("action").asText().equals(action)
                        && row.path("subject").asText().equals(subject))
                .mapToLong(row -> row.at("/detail/count").asLong())
                .sum();
    }

    /** What was done to this, by whom and why, as the audit has it. */
    List<String> audited(String subject) {
        return audit().stream()
                .filter(row -> row.path("subject").asText().equals(subject))
                .map(row -> row.path("action").asText() + " by "
                        + row.path("actor").asText()
                        + row.path("reason").asText("").replaceFirst("^(?=.)", ": "))
                .toList();
    }

    /** Every row of the audit, however many pages it has. */
    List<JsonNode> audit() {
        var rows = new ArrayList<JsonNode>();
        var after = 0L;
        JsonNode page;
        do {
            page = get("/api/audit?after=" + after).hasStatus(200).json();
            page.path("rows").forEach(rows::add);
            after = page.path("next").asLong();
        } while (after > 0);
        return rows;
    }

    /** As soon as the audit says so. */
    void awaitRefusal(String actor, String action, String subject) {
        await(action + " " + subject + " by " + actor)
                .atMost(PATIENCE)
                .until(() -> refusals(actor, action, subject) > 0);
    }

    /** A delivery's bytes as they are stored. */
    byte[] body(String id) {
        try (var connection = bean(DataSource.class).getConnection();
                var select = connection.prepareStatement("select body from delivery where id = ?::uuid")) {
            select.setString(1, id);
            var row = select.executeQuery();
            row.next();
            return row.getBytes(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many stored deliveries hold this piece of text. */
    long stored(String piece) {
        try (var connection = bean(DataSource.class).getConnection();
                var select =
                        connection.prepareStatement("select count(*) from delivery where position(? in body) > 0")) {
            select.setBytes(1, Signed.utf8(piece));
            var row = select.executeQuery();
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is live, itself: whether anybody keeps it is seen by whoever has it no more. */
    Configuration configuration() {
        return context.getBean(Live.class).configuration();
    }

    @Override
    public void close() {
        context.close();
    }
}
