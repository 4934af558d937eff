package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dovetail.TestHub;
import io.dovetail.check.Tree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of tokens that their issuer publishes, behind TLS, in every way in which that can go wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JwksTest {

    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private Path directory;
    private Certificate certificate;
    private ECKey key;
    private HttpsServer issuer;
    private Hub hub;

    @BeforeAll
    void startAnIssuerAndAHub(@TempDir Path directory) throws Exception {
        this.directory = directory;
        certificate = Certificate.make(directory, "issuer");
        key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        issuer = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.setHttpsConfigurator(new HttpsConfigurator(certificate.trusting(certificate)));
        issuer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        issuer.createContext("/", this::answer);
        issuer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        issuer.start();
        hub = Hub.start(directory.resolve("data"), settings(root("root", "127.0.0.1")));
        // a machine that is busy may miss the first fetch of the keys, which is repeated then
        await().atMost(Duration.ofSeconds(60))
                .until(() -> send("sound", Bodies.number(), token(key, soon())).status() == 202);
    }

    @AfterAll
    void stop() {
        hub.close();
        issuer.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        asked.merge(path, 1, Integer::sum);
        var keys = new JWKSet(key.toPublicJWK()).toString();
        switch (path) {
            case "/sound" -> send(exchange, 200, keys);
            case "/moved" -> {
                exchange.getResponseHeaders().set("Location", "/sound");
                send(exchange, 302, "");
            }
            case "/huge" -> send(exchange, 200, keys + " ".repeat(100_000));
            case "/page" -> send(exchange, 200, "<html>log in</html>");
            case "/silent" -> {
                // and never an answer
            }
            default -> send(exchange, 500, "");
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            var body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The files of the checkout, with a connector for each way in which this issuer answers. */
    private Path root(String name, String host) throws IOException {
        var root = Files.createDirectories(directory.resolve(name));
        Tree.of(root, "jira");
        for (var way : new String[] {"sound", "moved", "huge", "page", "silent", "broken"}) {
            write(root, "connectors/" + way + "/connector.yaml", """
                    connector: %s
                    title: An issuer
                    kind: identity
                    intake:
                      webhook:
                        verify:
                          scheme: jwt
                          algorithms: [ES256]
                          issuer: https://idp.example
                          audience: hub
                          jwks: https://%s:%d/%s
                        media: [application/json]
                    events:
                      - when: true
                        contract: sound/any.v1
                        mapping: mappings/any.jslt
                        emits: ticket.deleted.v1
                        id: .id
                    otherwise: park
                    """.formatted(
                            way, host, issuer.getAddress().getPort(), way));
            write(root, "connectors/" + way + "/mappings/any.jslt", """
                    {"time": "2026-03-09T10:00:00Z", "data": {"ticketId": .id, "ticketKey": .id}}
                    """);
        }
        write(root, "schemas/sound/any.v1.schema.json", """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["id"]}
                """);
        return root;
    }

    private static void write(Path root, String path, String text) throws IOException {
        var file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Map<String, Object> settings(Path root) {
        return new HashMap<>(Map.of(
                "hub.root",
                root.toString(),
                "hub.keys.hosts",
                "127.0.0.1:" + issuer.getAddress().getPort(),
                "hub.keys.ssl-bundle",
                "idp",
                "spring.ssl.bundle.pem.idp.truststore.certificate",
                certificate.certificate().toUri()));
    }

    private static String token(ECKey key, Instant expires) {
        try {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(JOSEObjectType.JWT)
                            .keyID(key.getKeyID())
                            .build(),
                    new JWTClaimsSet.Builder()
                            .issuer("https://idp.example")
                            .audience("hub")
                            .expirationTime(Date.from(expires))
                            .build());
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer send(String connector, String number, String token) {
        return send(hub, connector, number, token);
    }

    private static Answer send(Hub hub, String connector, String number, String token) {
        return hub.send(Request.post("/in/" + connector)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .body("{\"id\": \"" + number + "\"}"));
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(300);
    }

    @Test
    void takesATokenThatAPublishedKeyHasSignedAndNoOther() throws Exception {
        var number = Bodies.number();
        var id = send("sound", number, token(key, soon())).hasStatus(202).id();
        assertThat(hub.delivery(id, "published").path("sender").asText()).isEqualTo("default");

        var before = asked.get("/sound");
        var other = Bodies.number();
        var stranger = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        send("sound", other, token(stranger, soon())).isProblem(401);
        for (var n = 0; n < 5; n++) {
            var unknown =
                    new ECKeyGenerator(Curve.P_256).keyID("k" + Bodies.number()).generate();
            send("sound", other, token(unknown, soon())).isProblem(401);
        }
        send("sound", other, token(key, Instant.now().minusSeconds(300))).isProblem(401);
        assertThat(hub.stored(other)).isZero();
        // nobody has a fetch of his own: each minute has one
        assertThat(asked.get("/sound") - before).isLessThanOrEqualTo(1);
        assertThat(hub.secrets().resolve("sound.jwks")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"moved", "huge", "page", "silent", "broken"})
    void asksToSendAgainWhileTheKeysCannotBeHad(String way) {
        var sound = asked.get("/sound");
        var number = Bodies.number();
        for (var n = 0; n < 3; n++) {
            var refused = send(way, number, token(key, soon())).isProblem(503);
            assertThat(refused.headers()).containsEntry("retry-after", "10");
        }
        // what no key could prove is no question of keys
        send(way, number, token(key, Instant.now().minusSeconds(300))).isProblem(401);
        send(way, number, "no.to.ken").isProblem(401);
        assertThat(hub.stored(number)).isZero();
        assertThat(asked.get("/sound")).isEqualTo(sound);
        assertThat(asked.get("/" + way)).isLessThanOrEqualTo(2);
    }

    @Test
    void trustsAnotherIssuerWithoutARestart() throws IOException {
        var trusted = Files.copy(Certificate.make(directory, "other").certificate(), directory.resolve("trusted.crt"));
        var settings = settings(root("trust", "127.0.0.1"));
        settings.put("spring.ssl.bundle.pem.idp.truststore.certificate", trusted.toUri());
        settings.put("spring.ssl.bundle.pem.idp.reload-on-update", true);
        settings.put("spring.ssl.bundle.watch.file.quiet-period", "100ms");
        try (var hub = Hub.start(directory.resolve("trust-data"), settings)) {
            var number = Bodies.number();
            send(hub, "sound", number, token(key, soon())).isProblem(503);
            Files.copy(certificate.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> send(hub, "sound", number, token(key, soon())).status() == 202);
        }
    }

    @Test
    void speaksToNobodyWhomItsSettingsDoNotName() throws IOException {
        var named = settings(root("elsewhere", "localhost"));
        assertThat(TestHub.whyNot(catchThrowable(() -> Hub.start(directory.resolve("none"), named))))
                .contains("connectors/sound/connector.yaml", "hub.keys.hosts", "localhost:");
        var port = settings(root("port", "127.0.0.1"));
        port.put("hub.keys.hosts", "127.0.0.1");
        assertThat(TestHub.whyNot(catchThrowable(() -> Hub.start(directory.resolve("none"), port))))
                .contains("which hub.keys.hosts does not name");
    }
}
