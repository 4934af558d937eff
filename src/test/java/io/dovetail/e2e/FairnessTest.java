package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.check.Tree;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub whose connectors limit what one sender, and all of them together, may send. */
class FairnessTest {

    @TempDir
    static Path directory;

    private static Hub hub;

    @BeforeAll
    static void startHub() throws IOException {
        var root = directory.resolve("root");
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        limit(root.resolve("connectors/partner-api/connector.yaml"), "{ perSecond: 1, burst: 2 }");
        limit(root.resolve("connectors/jira/connector.yaml"), "{ concurrent: 2 }");
        limit(
                root.resolve("connectors/sap-idoc/connector.yaml"),
                "{ perSecond: 40, burst: 4, bytesPerSecond: 1KiB, concurrentBytes: 1100000 }");
        var sap = root.resolve("connectors/sap-idoc/connector.yaml");
        Files.writeString(sap, Files.readString(sap).replace("maxBytes: 16MiB", "maxBytes: 1MiB"));
        var secrets = Files.createDirectory(directory.resolve("secrets"));
        for (var name : new String[] {"partner-api.webhook", "partner-api.acme.webhook"}) {
            var key = Base64.getEncoder()
                    .encodeToString(Signed.utf8(UUID.randomUUID().toString()));
            Files.writeString(secrets.resolve(name), "whsec_" + key);
        }
        for (var sender : new String[] {"", "loud.", "large.", "busy."}) {
            Files.writeString(secrets.resolve("sap-idoc." + sender + "basic"), sender + ":" + UUID.randomUUID());
        }
        var settings = Map.<String, Object>of("hub.root", root.toString(), "hub.secrets", secrets.toString());
        hub = Hub.start(directory.resolve("data"), settings);
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    private static void limit(Path connector, String limits) throws IOException {
        var text = Files.readString(connector);
        assertThat(text).contains("    media:");
        Files.writeString(connector, text.replaceFirst(" {4}media:", "    limits: " + limits + "\n    media:"));
    }

    private static Request claim(String secret) {
        var body = Signed.utf8(Bodies.claim(Bodies.number(), "10"));
        var id = "msg_" + UUID.randomUUID();
        var now = Long.toString(Instant.now().getEpochSecond());
        return hub.signed().partner(body, id, now, Signed.partnerSignature(secret, id, now, body));
    }

    private static String metrics() {
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text();
    }

    @Test
    void asksAFastSenderToWaitAndNobodyElse() {
        var loud = hub.secret("partner-api.webhook");
        // what is sent in its name costs it nothing
        var forged = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
        for (var n = 0; n < 20; n++) {
            hub.send(claim(forged)).isProblem(401);
        }
        hub.send(claim(loud)).hasStatus(202);
        hub.send(claim(loud)).hasStatus(202);

        var refused = Stream.generate(() -> hub.send(claim(loud)))
                .limit(100)
                .filter(answer -> answer.status() != 202)
                .findFirst()
                .orElseThrow();
        refused.isProblem(429);
        assertThat(refused.headers().get("retry-after")).isEqualTo("1");
        assertThat(refused.json().path("type").asText()).isEqualTo("urn:dovetail:problem:too-often");
        hub.send(claim(hub.secret("partner-api.acme.webhook"))).hasStatus(202);
        assertThat(metrics()).contains("hub_accept_seconds_count{connector=\"partner-api\",outcome=\"too_often\"}");

        hub.awaitRefusal("partner-api/default", "delivery-refused", "too_often");

        await().atMost(Hub.PATIENCE).until(() -> hub.send(claim(loud)).status() == 202);
    }

    private static Request order(String sender, int padding) {
        var number = Bodies.number();
        return Request.post("/in/sap-idoc")
                .header("Content-Type", "text/xml")
                .header("Authorization", Signed.basic(hub.secret("sap-idoc." + sender + ".basic")))
                .body(Bodies.order(number, number) + " ".repeat(padding));
    }

    /** What a sender may send at once is as much as the largest delivery, 1 MiB. */
    @Test
    void asksASenderOfMuchToWaitWhateverItsNumber() {
        hub.send(order("loud", 900_000)).hasStatus(202);
        var refused = hub.send(order("loud", 900_000)).isProblem(429);
        assertThat(refused.json().path("type").asText()).isEqualTo("urn:dovetail:problem:too-often");
        assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isBetween(500, 900);
        // little goes on
        hub.send(order("loud", 0)).hasStatus(202);
        hub.send(claim(hub.secret("partner-api.acme.webhook"))).hasStatus(202);
    }

    /** Whoever is at his limit waits for others of his connector, so that two who send at once share transactions. */
    @Test
    void storesTogetherWhatComesOfSendersAtTheirLimit() {
        await().atMost(Hub.PATIENCE).until(() -> {
            var one = CompletableFuture.supplyAsync(FairnessTest::whenTenWereAccepted);
            var other = whenTenWereAccepted();
            other.retainAll(one.join());
            return other.size() >= 5;
        });
    }

    private static List<String> whenTenWereAccepted() {
        var ids = Stream.generate(() -> hub.send(order("busy", 0)))
                .filter(answer -> answer.status() == 202)
                .limit(10)
                .map(answer -> answer.json().path("id").asText())
                .toList();
        return ids.stream()
                .map(id -> hub.get("/api/deliveries/" + id)
                        .json()
                        .path("acceptedAt")
                        .asText())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void keepsLargeDeliveriesOfOneConnectorFromTakingAllTheMemory() throws IOException {
        var sockets = new ArrayList<Socket>();
        try {
            var socket = new Socket("127.0.0.1", hub.port());
            sockets.add(socket);
            socket.getOutputStream()
                    .write(Signed.utf8("""
                    POST /in/sap-idoc HTTP/1.1\r
                    Host: x\r
                    Content-Type: text/xml\r
                    Authorization: %s\r
                    Content-Length: 1000000\r
                    \r
                    """.formatted(Signed.basic(hub.secret("sap-idoc.large.basic")))));
            socket.getOutputStream().write(new byte[999_999]);
            socket.getOutputStream().flush();
            var refused = await().atMost(Hub.PATIENCE)
                    .until(
                            () -> hub.send(order("large", 200_000)),
                            answer -> answer.json().path("type").asText().endsWith("too-many-at-once"));
            refused.isProblem(429);
            assertThat(refused.headers().get("retry-after")).isEqualTo("1");
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
        await().atMost(Hub.PATIENCE)
                .until(() -> !hub.send(order("large", 200_000))
                        .json()
                        .path("type")
                        .asText()
                        .endsWith("too-many-at-once"));
    }

    @Test
    void keepsSlowSendersFromTakingEveryPlace() throws IOException {
        var sockets = new ArrayList<Socket>();
        try {
            for (var n = 0; n < 2; n++) {
                var socket = new Socket("127.0.0.1", hub.port());
                sockets.add(socket);
                socket.getOutputStream().write(Signed.utf8("""
                        POST /in/jira HTTP/1.1\r
                        Host: x\r
                        Content-Type: application/json\r
                        X-Hub-Signature: sha256=%s\r
                        Content-Length: 1000\r
                        \r
                        {""".formatted("0".repeat(64))));
            }
            var refused = await().atMost(Hub.PATIENCE)
                    .until(
                            () -> hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number()))),
                            answer -> answer.status() != 202);
            refused.isProblem(429);
            assertThat(refused.headers().get("retry-after")).isEqualTo("1");
            // another connector is open as ever
            hub.send(hub.signed().sap(Bodies.order(Bodies.number(), Bodies.number())))
                    .hasStatus(202);
            assertThat(metrics()).contains("hub_accept_seconds_count{connector=\"jira\",outcome=\"too_many_at_once\"}");
            hub.awaitRefusal("jira", "delivery-refused", "too_many_at_once");
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
        await().atMost(Hub.PATIENCE)
                .until(() -> hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                                .status()
                        == 202);
    }
}
