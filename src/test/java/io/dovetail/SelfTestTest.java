package io.dovetail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dovetail.check.Tree;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.harness.Logbook;
import io.dovetail.harness.Passwords;
import io.dovetail.intake.Secrets;
import io.dovetail.intake.queue.AmqpDoors;
import io.dovetail.relay.artemis.Broker;
import io.dovetail.relay.artemis.BrokerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server whose doors this test opens one by one. */
class SelfTestTest {

    /** A status and a body. */
    private record Reply(int status, String body) {}

    private static final Reply SHUT = new Reply(401, "");
    private static final Reply UP = new Reply(200, "{\"status\":\"UP\",\"groups\":[\"liveness\",\"readiness\"]}");

    private Configuration live = Configuration.read(Path.of("."), new Problems());
    private final ConcurrentLinkedQueue<String> storable = new ConcurrentLinkedQueue<>();
    private Function<HttpExchange, Reply> replies = SelfTestTest::sound;

    @TempDir
    private static Path brokerFiles;

    private static Broker broker;
    private AmqpPort amqp;
    private HttpServer server;
    private URI base;

    @BeforeAll
    static void startBroker() {
        broker = Broker.start(
                brokerFiles, BrokerSettings.of("127.0.0.1", 0, new Passwords(Map.of("workflow", "right"))));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static AmqpPort amqp(int port) {
        return amqp(port, List.of("workflow", "in.jira"));
    }

    private static AmqpPort amqp(int port, List<String> users) {
        var uri = URI.create("amqp://127.0.0.1:" + port);
        return new AmqpPort(uri, OwnCertificates.of(), false, users, Duration.ofMillis(100));
    }

    @BeforeEach
    void start() throws IOException {
        amqp = amqp(broker.port());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            if (exchange.getRequestHeaders().getFirst("Content-Type") instanceof String media
                    && !media.equals("application/vnd.dovetail.self-test")) {
                storable.add(exchange.getRequestURI() + " " + media);
            }
            var reply = replies.apply(exchange);
            var body = reply.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static String path(HttpExchange exchange) {
        return exchange.getRequestURI().getPath();
    }

    private static boolean hasProof(HttpExchange exchange) {
        return List.of("Authorization", "X-Hub-Signature", "webhook-signature").stream()
                .anyMatch(exchange.getRequestHeaders()::containsKey);
    }

    private static Reply sound(HttpExchange exchange) {
        // RFC 8935 says no with another status
        var shut = path(exchange).equals("/in/shared-signals") ? new Reply(400, "") : SHUT;
        return path(exchange).startsWith("/actuator/health") && !hasProof(exchange) ? UP : shut;
    }

    private void run() {
        run(Duration.ofSeconds(5));
    }

    private void run(Duration longest) {
        new SelfTest(live, base, base, OwnCertificates.of(), amqp, longest).run();
    }

    private void isRefusedFor(String... lines) {
        assertThatThrownBy(this::run)
                .isInstanceOf(CannotStartException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage().lines().skip(1))
                        .extracting(String::strip)
                        .containsExactlyInAnyOrder(lines));
    }

    @Test
    void isContentWithShutDoorsAndAStatus() {
        assertThatCode(this::run).doesNotThrowAnyException();
        assertThat(storable).isEmpty();
    }

    @Test
    void namesEveryDoorThatStandsOpenAndWhatToLookAt() {
        replies = exchange -> switch (path(exchange)) {
            case "/in/jira" -> new Reply(202, "{}");
            case "/in/sap-idoc" -> hasProof(exchange) ? new Reply(415, "") : SHUT;
            case "/api/books" -> new Reply(200, "[]");
            default -> sound(exchange);
        };
        isRefusedFor(
                "POST " + base + "/in/jira without a proof answered 202 instead of 401: "
                        + "look at intake.webhook.verify in connectors/jira/connector.yaml",
                "POST " + base + "/in/jira with a wrong proof answered 202 instead of 401: "
                        + "look at intake.webhook.verify in connectors/jira/connector.yaml",
                "POST " + base + "/in/sap-idoc with a wrong proof answered 415 instead of 401: "
                        + "look at intake.webhook.verify in connectors/sap-idoc/connector.yaml",
                "GET " + base + "/api/books without a password answered 200 instead of 401: look at the settings "
                        + "spring.security.*, spring.autoconfigure.* and management.*, and at operate/Security",
                "GET " + base + "/api/books with a wrong password answered 200 instead of 401: look at the settings "
                        + "spring.security.*, spring.autoconfigure.* and management.*, and at operate/Security");
    }

    /** The connectors of this checkout, with one that has handshakes and one that says no in other words. */
    private static Configuration withHandshakesAndAnswers(Path root) throws IOException {
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        insert(root, "sap-idoc", """
                    handshakes:
                      - when: { method: OPTIONS, header: WebHook-Request-Origin, oneOf: [erp.example] }
                        answer: { status: 200 }
                      - when: { method: GET, query: challenge }
                        answer: { status: 200 }
                      - when: { method: POST, query: token }
                        verified: false
                        answer: { status: 200 }
                """);
        insert(root, "jira", "    answers: { refused: { unauthenticated: { status: 400 } } }\n");
        var problems = new Problems();
        var configuration = Configuration.read(root, problems);
        assertThat(problems.list()).isEmpty();
        return configuration;
    }

    private static void insert(Path root, String connector, String properties) throws IOException {
        var file = root.resolve("connectors/" + connector + "/connector.yaml");
        var text = Files.readString(file);
        assertThat(text).contains("    media:");
        Files.writeString(file, text.replaceFirst(" {4}media:", properties + "    media:"));
    }

    @Test
    void knocksAtHandshakesThatWantAProofAndKnowsOtherWordsForNo(@TempDir Path root) throws IOException {
        live = withHandshakesAndAnswers(root);
        replies = exchange -> path(exchange).equals("/in/jira") ? new Reply(400, "") : sound(exchange);
        assertThatCode(this::run).doesNotThrowAnyException();

        replies = exchange -> switch (exchange.getRequestMethod() + " " + exchange.getRequestURI()) {
            case "OPTIONS /in/sap-idoc" ->
                "erp.example".equals(exchange.getRequestHeaders().getFirst("WebHook-Request-Origin"))
                        ? new Reply(200, "")
                        : SHUT;
            case "GET /in/sap-idoc?challenge=self-test" -> hasProof(exchange) ? new Reply(200, "") : SHUT;
            default -> sound(exchange);
        };
        var lookAtSap = "look at intake.webhook.verify in connectors/sap-idoc/connector.yaml";
        var lookAtJira = "look at intake.webhook.verify in connectors/jira/connector.yaml";
        isRefusedFor(
                "OPTIONS " + base + "/in/sap-idoc without a proof answered 200 instead of 401: " + lookAtSap,
                "OPTIONS " + base + "/in/sap-idoc with a wrong proof answered 200 instead of 401: " + lookAtSap,
                "GET " + base + "/in/sap-idoc?challenge=self-test with a wrong proof answered 200 instead of 401: "
                        + lookAtSap,
                "POST " + base + "/in/jira without a proof answered 401 instead of 400: " + lookAtJira,
                "POST " + base + "/in/jira with a wrong proof answered 401 instead of 400: " + lookAtJira);
    }

    @Test
    void noticesHealthThatTellsStrangersMore() {
        replies = exchange -> path(exchange).equals("/actuator/health/readiness")
                ? new Reply(503, "{\"status\":\"DOWN\",\"components\":{\"disk\":{\"status\":\"DOWN\"}}}")
                : sound(exchange);
        isRefusedFor(
                "GET " + base + "/actuator/health/readiness without a password told a stranger more than the status "
                        + "(components): look at the settings management.endpoint.health.show-details and "
                        + "show-components",
                "GET " + base + "/actuator/health/readiness with a wrong password told a stranger more than the status "
                        + "(components): look at the settings management.endpoint.health.show-details and "
                        + "show-components");
    }

    @Test
    void asksABusyDoorAgain() {
        var busy = new AtomicInteger(3);
        replies = exchange -> path(exchange).equals("/in/jira") && busy.getAndDecrement() > 0
                ? new Reply(busy.get() > 1 ? 503 : 429, "")
                : sound(exchange);
        assertThatCode(this::run).doesNotThrowAnyException();
        assertThat(busy).hasNegativeValue();
    }

    /** Whoever keeps it busy must not be able to keep the hub from starting: nothing gets in meanwhile. */
    @Test
    void isContentWithADoorThatStaysBusyAndSaysSo(@TempDir Path root) throws IOException {
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        insert(root, "sap-idoc", "    answers: { refused: { busy: { status: 500 } } }\n");
        live = Configuration.read(root, new Problems());
        var knocks = new AtomicInteger();
        replies = exchange -> switch (path(exchange)) {
            case "/in/jira" -> new Reply(knocks.incrementAndGet() % 2 == 0 ? 503 : 429, "");
            case "/in/sap-idoc" -> new Reply(500, "");
            case "/api/books" -> new Reply(429, "");
            default -> sound(exchange);
        };
        var own = base.toString();
        try (var log = new Logbook(
                Door.class.getName(), line -> line.getFormattedMessage().contains(own))) {
            assertThatCode(() -> run(Duration.ofMillis(100))).doesNotThrowAnyException();
            assertThat(log.said())
                    .hasSize(6)
                    .anyMatch(line -> line.startsWith("POST " + base + "/in/jira was busy all the time (")
                            && line.endsWith("), so that nobody could try it with a wrong proof"))
                    .contains("GET " + base + "/api/books was busy all the time (429), so that nobody could try it"
                            + " without a password");
        }
        assertThat(knocks).hasValueGreaterThan(2);

        replies = exchange -> path(exchange).equals("/in/jira") ? new Reply(500, "") : sound(exchange);
        assertThatThrownBy(() -> run(Duration.ofMillis(100)))
                .hasMessageContaining("POST " + base + "/in/jira without a proof answered 500 instead of 401");
    }

    /** Whoever holds every connection that the port has must not be able to either. */
    @Test
    void isContentWithADoorThatHearsNobodyAndSaysSo() throws Exception {
        var free = new CountDownLatch(1);
        replies = exchange -> {
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return sound(exchange);
        };
        var request = HttpRequest.newBuilder(base.resolve("/in/jira"))
                .timeout(Duration.ofMillis(100))
                .build();
        try (var client = HttpClient.newHttpClient();
                var log = new Logbook(Door.class.getName(), line -> true)) {
            var door = new Door(request, "without a proof", Door.Kind.SHUT, 401, Door.BUSY, null, "look");
            assertThat(door.knock(client, Duration.ZERO)).isEmpty();
            assertThat(log.said())
                    .containsExactly("GET " + request.uri() + " was busy all the time (request timed out), so that"
                            + " nobody could try it without a proof");

            // strangers do not get at that one
            var health = new Door(request, "without a password", Door.Kind.STATUS_ALONE, 401, Set.of(), null, "look");
            assertThat(health.knock(client, Duration.ZERO))
                    .hasValueSatisfying(fault -> assertThat(fault).contains("got no answer"));
        } finally {
            free.countDown();
        }
    }

    /** A 500 says nothing where the connector also says it of what is behind an open door. */
    @Test
    void namesADoorWhoseWordsForBusyMayMeanThatItIsOpen(@TempDir Path root) throws IOException {
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        insert(root, "sap-idoc", "    answers: { refused: { busy: { status: 500 }, media-type: { status: 500 } } }\n");
        live = Configuration.read(root, new Problems());
        replies = exchange -> path(exchange).equals("/in/sap-idoc") ? new Reply(500, "") : sound(exchange);
        assertThatThrownBy(() -> run(Duration.ofMillis(100)))
                .hasMessageContaining("POST " + base + "/in/sap-idoc without a proof answered 500 instead of 401");
    }

    /** The connectors of this checkout, one of which has keys that are published elsewhere. */
    private static Configuration withKeysElsewhere(Path root) throws IOException {
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        var yaml = root.resolve("connectors/jira/connector.yaml");
        Files.writeString(
                yaml,
                Files.readString(yaml)
                        .replaceFirst(
                                "verify: \\{[^}]*}",
                                "verify: { scheme: jwt, algorithms: [ES256], issuer: i, audience: a,"
                                        + " jwks: \"https://idp.example/keys\" }"));
        var problems = new Problems();
        var configuration = Configuration.read(root, problems);
        assertThat(problems.list()).isEmpty();
        return configuration;
    }

    @Test
    void takesADoorThatWaitsForItsKeysForShut(@TempDir Path root) throws IOException {
        live = withKeysElsewhere(root);
        var knocks = new AtomicInteger();
        replies = exchange -> {
            if (!path(exchange).equals("/in/jira")) {
                return sound(exchange);
            }
            knocks.incrementAndGet();
            return hasProof(exchange) ? new Reply(503, "") : SHUT;
        };
        assertThatCode(this::run).doesNotThrowAnyException();
        assertThat(knocks).hasValue(2);
        replies = exchange -> path(exchange).equals("/in/jira") ? new Reply(202, "") : sound(exchange);
        assertThatThrownBy(this::run).hasMessageContaining("POST " + base + "/in/jira with a wrong proof answered 202");
    }

    @Test
    void refusesADoorThatDoesNotAnswer() {
        server.stop(0);
        assertThatThrownBy(this::run)
                .hasMessageContaining("POST " + base + "/in/jira without a proof got no answer (java.net.Connect");
    }

    /** Of a connector whose senders all have names, nobody is called like the connector. */
    @Test
    void knocksAtTheAmqpPortAsEverySenderThatThereIs(@TempDir Path root) throws IOException {
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        for (var connector : List.of("jira", "partner-api")) {
            var yaml = root.resolve("connectors/" + connector + "/connector.yaml");
            Files.writeString(yaml, Files.readString(yaml).replace("intake:\n", "intake:\n  amqp: {}\n"));
        }
        var secrets = Files.createDirectory(root.resolve("secrets"));
        for (var file : List.of("jira.amqp", "partner-api.acme.amqp", "partner-api.globex.amqp", "sap-idoc.amqp")) {
            Files.writeString(secrets.resolve(file), "new\nold\n");
        }
        var doors = new AmqpDoors(
                Configuration.read(root, new Problems()),
                new Secrets(secrets, Clock.systemUTC()),
                Broker.MAX_MESSAGE_BYTES);
        var users = AmqpPort.users(List.of("workflow"), doors);
        assertThat(users)
                .containsExactlyInAnyOrder("workflow", "in.jira", "in.partner-api.acme", "in.partner-api.globex");

        amqp = amqp(broker.port(), users);
        broker.server().getSecurityStore().setSecurityEnabled(false);
        try {
            assertThatThrownBy(this::run)
                    .hasMessageContaining(
                            "LOGIN " + amqp.uri() + " as in.partner-api.acme with a wrong password was let in");
        } finally {
            broker.server().getSecurityStore().setSecurityEnabled(true);
        }
    }

    @Test
    void namesAnAmqpPortThatLetsAnybodyIn() throws Exception {
        var lookAt = ": look at saslMechanisms and the security settings in relay/artemis/BrokerConfiguration, and at "
                + "Users there";
        broker.server().getSecurityStore().setSecurityEnabled(false);
        try {
            isRefusedFor(
                    "LOGIN " + amqp.uri() + " as workflow with a wrong password was let in" + lookAt,
                    "LOGIN " + amqp.uri() + " as in.jira with a wrong password was let in" + lookAt);
        } finally {
            broker.server().getSecurityStore().setSecurityEnabled(true);
        }
        // one that wants no password at all, as Artemis does unless it is told otherwise
        var open = new EmbeddedActiveMQ();
        open.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                // others look at this JVM for a broker that does
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration("amqp", "tcp://127.0.0.1:0?protocols=AMQP"));
        open.start();
        try {
            var acceptor = (NettyAcceptor)
                    open.getActiveMQServer().getRemotingService().getAcceptor("amqp");
            amqp = amqp(acceptor.getActualPort());
            assertThatThrownBy(this::run)
                    .hasMessageContaining("LOGIN " + amqp.uri() + " without a password was let in" + lookAt);
        } finally {
            open.stop();
        }
    }

    @Test
    void refusesAnAmqpPortThatDoesNotAnswerOrSpeaksSomethingElse() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        amqp = amqp(free);
        assertThatThrownBy(this::run)
                .hasMessageContaining("LOGIN " + amqp.uri() + " without a password got no answer (java.net.Connect");
        try (var other = new ServerSocket(0)) {
            Thread.startVirtualThread(() -> answerInHttp(other));
            amqp = amqp(other.getLocalPort());
            assertThatThrownBy(this::run)
                    .hasMessageContaining("LOGIN " + amqp.uri() + " without a password got an answer that is no AMQP");
        }
    }

    /** Whoever takes all its connections must not be able to keep the hub from starting. */
    @Test
    void isContentWithAnAmqpPortThatIsFull() throws Exception {
        try (var full = new ServerSocket(0)) {
            var knocks = new AtomicInteger();
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        full.accept().close();
                        knocks.incrementAndGet();
                    }
                } catch (IOException e) {
                    // the port is closed
                }
            });
            amqp = amqp(full.getLocalPort());
            run();
            // three logins, each tried again
            assertThat(knocks).hasValueGreaterThan(3);
        }
    }

    private static void answerInHttp(ServerSocket port) {
        try {
            while (true) {
                var socket = port.accept();
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // the port is closed
        }
    }

    @Test
    void bringsAWrongProofOfEachSchemesOwnForm() {
        var proofs = new ConcurrentLinkedQueue<String>();
        replies = exchange -> {
            var headers = exchange.getRequestHeaders();
            if (path(exchange).startsWith("/in/") && hasProof(exchange)) {
                proofs.add(path(exchange)
                        + headers.getOrDefault("X-Hub-Signature", List.of())
                        + headers.getOrDefault("Authorization", List.of())
                        + headers.getOrDefault("Webhook-signature", List.of()));
            }
            return sound(exchange);
        };
        run();
        assertThat(proofs)
                .anyMatch(proof -> proof.matches("/in/jira\\[sha256=[0-9a-f]{64}]\\[]\\[]"))
                .anyMatch(proof -> proof.matches("/in/sap-idoc\\[]\\[Basic [A-Za-z0-9+/=]{20,}]\\[]"))
                .anyMatch(proof -> proof.matches("/in/partner-api\\[]\\[]\\[v1,[A-Za-z0-9+/]{43}=]"));
    }
}
