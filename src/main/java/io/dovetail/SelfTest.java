package io.dovetail;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.answer.Answer;
import io.dovetail.connector.answer.Handshake;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Signed;
import io.dovetail.intake.RefusedException.Reason;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Knocks at the hub's own doors as a stranger would, before the hub says that it is ready. A check that has dropped out
 * of the wiring leaves an open door and no other sign.
 */
final class SelfTest {

    // a machine that has other things to do answers late; a door that is open says so late, too
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    // no connector takes it: even behind an open door nothing of this test is stored
    private static final String MEDIA = "application/vnd.dovetail.self-test";
    private static final String BODY = "self-test";
    private static final String SECURITY =
            "look at the settings spring.security.*, spring.autoconfigure.* and management.*, and at operate/Security";

    private final List<Door> doors = new ArrayList<>();
    private final AmqpPort amqp;
    private final SSLContext tls;
    private final Duration longest;

    /**
     * @param front where webhooks and the API are, without a path
     * @param management where health and metrics are, without a path
     * @param tls to speak to them by
     * @param amqp where consumers and senders log in
     * @param longest for how long a door is tried again while it is busy
     */
    SelfTest(Configuration live, URI front, URI management, SSLContext tls, AmqpPort amqp, Duration longest) {
        this.tls = tls;
        this.amqp = amqp;
        this.longest = longest;
        for (var connector : live.connectors().values()) {
            if (connector.webhook().isProved()) {
                addShut(connector, tail -> delivery(front, connector, tail));
                connector.webhook().handshakes().stream()
                        .filter(Handshake::isVerified)
                        .forEach(handshake -> addShut(connector, tail -> handshake(front, connector, tail, handshake)));
            }
        }
        // nobody has it, since nobody has heard of it
        var wrong = Map.of("Authorization", basic("admin:" + UUID.randomUUID()));
        for (var uri : List.of(front.resolve("/api/books"), management.resolve("/actuator/prometheus"))) {
            add(get(uri), Map.of(), "without a password", Door.UNAUTHENTICATED, Door.BUSY, null, SECURITY);
            add(get(uri), wrong, "with a wrong password", Door.UNAUTHENTICATED, Door.BUSY, null, SECURITY);
        }
        for (var path : List.of("", "/liveness", "/readiness")) {
            var uri = management.resolve("/actuator/health" + path);
            addStatus(get(uri), Map.of(), "without a password");
            addStatus(get(uri), wrong, "with a wrong password");
        }
    }

    /** @throws CannotStartException with a line for each door that is not as it must be */
    void run() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var client = HttpClient.newBuilder()
                        .sslContext(tls)
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(threads)
                        .connectTimeout(PATIENCE)
                        .build()) {
            var knocks = new ArrayList<>(amqp.knocks());
            doors.forEach(door -> knocks.add(() -> door.knock(client, longest)));
            var faults = new ArrayList<String>();
            for (var knock : threads.invokeAll(knocks)) {
                knock.get().ifPresent(faults::add);
            }
            if (!faults.isEmpty()) {
                throw new CannotStartException("It has knocked at its own doors, and these are not as they must be:\n  "
                        + String.join("\n  ", faults));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("It was told to end before it had tried its own doors.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a knock tells what went wrong", e);
        }
    }

    /** @param request by what stands behind the connector's name */
    private void addShut(Connector connector, Function<String, HttpRequest.Builder> request) {
        var refusal = status(connector, "unauthenticated", Door.UNAUTHENTICATED);
        var asksOthers = connector.webhook().verify().parts().stream().anyMatch(part -> part.keysAt() != null);
        var orElse = asksOthers ? status(connector, "unavailable", Door.UNAVAILABLE) : null;
        var busy = busy(connector);
        var lookAt = verifyOf(connector);
        var wrong = wrongProof(connector);
        add(request.apply(""), Map.of(), "without a proof", refusal, busy, orElse, lookAt);
        add(request.apply(wrong.tail()), wrong.headers(), "with a wrong proof", refusal, busy, orElse, lookAt);
    }

    /** Without those by which the connector also says what only an open door has to say. */
    private static Set<Integer> busy(Connector connector) {
        var busy = new HashSet<>(Door.BUSY);
        busy.addAll(statuses(connector, Reason::isPassing));
        busy.removeAll(statuses(connector, reason -> !reason.isPassing()));
        return busy;
    }

    private static Set<Integer> statuses(Connector connector, Predicate<Reason> which) {
        return Stream.of(Reason.values())
                .filter(which)
                .map(reason -> status(connector, reason.word(), reason.status()))
                .collect(Collectors.toSet());
    }

    private static Integer status(Connector connector, String reason, int own) {
        return connector.webhook().answers().refused(reason).map(Answer::status).orElse(own);
    }

    private void add(
            HttpRequest.Builder request,
            Map<String, String> headers,
            String how,
            int refusal,
            Set<Integer> busy,
            @Nullable Integer orElse,
            String lookAt) {
        headers.forEach(request::header);
        doors.add(new Door(request.build(), how, Door.Kind.SHUT, refusal, busy, orElse, lookAt));
    }

    private void addStatus(HttpRequest.Builder request, Map<String, String> headers, String how) {
        headers.forEach(request::header);
        var lookAt = "look at the settings management.endpoint.health.show-details and show-components";
        doors.add(new Door(request.build(), how, Door.Kind.STATUS_ALONE, Door.UNAUTHENTICATED, Set.of(), null, lookAt));
    }

    private static String verifyOf(Connector connector) {
        return "look at intake.webhook.verify in connectors/" + connector.name() + "/connector.yaml";
    }

    /** Made as the connector wants it, with a secret that nobody has. */
    private static Signed wrongProof(Connector connector) {
        return Signed.wrongly(
                connector.webhook().verify(),
                new Outgoing("self-test", Instant.now(), BODY.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpRequest.Builder delivery(URI front, Connector connector, String tail) {
        return HttpRequest.newBuilder(front.resolve("/in/" + connector.name() + tail))
                .timeout(PATIENCE)
                .header("Content-Type", MEDIA)
                .POST(BodyPublishers.ofString(BODY));
    }

    /** As its vendor would ask, so that an open door would answer it. */
    private static HttpRequest.Builder handshake(URI front, Connector connector, String tail, Handshake handshake) {
        var challenge = handshake.oneOf().stream().findFirst().orElse(BODY);
        var query = handshake.query() == null
                ? ""
                : "?" + handshake.query() + "=" + URLEncoder.encode(challenge, StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(front.resolve("/in/" + connector.name() + tail + query))
                .timeout(PATIENCE)
                .method(handshake.method(), BodyPublishers.noBody());
        return handshake.header() == null ? request : request.header(handshake.header(), challenge);
    }

    private static HttpRequest.Builder get(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(PATIENCE);
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }
}
