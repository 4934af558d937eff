package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.TestHub;
import io.dovetail.check.Tree;
import io.dovetail.cli.Terminal;
import io.dovetail.connector.VendorExamples;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The port for webhooks and the API behind TLS of its own, and senders whom their certificates name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FrontTlsTest {

    private static final String BUNDLE = "spring.ssl.bundle.pem.front.";

    private Path directory;
    private Certificate front;
    private Authority authority;
    private Certificate acme;
    private Certificate erp;
    private Certificate member;
    private Hub hub;

    @BeforeAll
    void startAHubThatAsksForCertificates(@TempDir Path directory) throws IOException {
        this.directory = directory;
        front = Certificate.make(directory, "front");
        authority = Authority.make(directory, "authority");
        acme = authority.issue("acme", "CN=acme,O=Acme GmbH,C=DE");
        erp = authority.issue("erp", "CN=erp,O=Us");
        member = authority.issue("member", "CN=member");
        hub = Hub.start(directory.resolve("hub"), asking("root"));
    }

    @AfterAll
    void stop() {
        hub.close();
    }

    private Map<String, Object> settings() {
        return new HashMap<>(Map.of(
                "server.ssl.bundle",
                "front",
                BUNDLE + "keystore.certificate",
                front.certificate().toUri(),
                BUNDLE + "keystore.private-key",
                front.key().toUri(),
                BUNDLE + "reload-on-update",
                true,
                "spring.ssl.bundle.watch.file.quiet-period",
                "100ms"));
    }

    private Map<String, Object> asking(String folder) throws IOException {
        var root = Files.createDirectories(directory.resolve(folder));
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        VendorsHub.salesforce(root, VendorExamples.of("Salesforce"));
        var yaml = root.resolve("connectors/partner-api/connector.yaml");
        Files.writeString(
                yaml,
                Files.readString(yaml)
                        .replaceFirst("verify: \\{[^}]*}", "verify: { scheme: client-certificate, secret: subject }")
                        .replace("signed: true", "signed: false"));
        var sap = root.resolve("connectors/sap-idoc/connector.yaml");
        Files.writeString(
                sap,
                Files.readString(sap)
                        .replaceFirst(
                                "verify: \\{[^}]*}",
                                "verify: { scheme: all, of: [{ scheme: basic, secret: basic },"
                                        + " { scheme: client-certificate, secret: subject }] }"));
        var settings = settings();
        settings.put("hub.root", root.toString());
        settings.put("server.ssl.client-auth", "want");
        settings.put(BUNDLE + "truststore.certificate", authority.certificate().toUri());
        return settings;
    }

    private static HttpResponse<String> send(Hub hub, SSLContext tls, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().sslContext(tls).build()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static int status(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private static HttpRequest.Builder to(Hub hub, String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + hub.port() + path));
    }

    private static HttpRequest.Builder claim(Hub hub, String number) {
        return to(hub, "/in/partner-api")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Bodies.claim(number, "10")));
    }

    private static HttpRequest.Builder asAdmin(Hub hub, String path) {
        return to(hub, path).header("Authorization", Signed.basic("admin:" + hub.secret("hub.admin")));
    }

    private static boolean speaks(Hub hub, SSLContext tls) throws IOException {
        try (var socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", hub.port())) {
            socket.startHandshake();
            return true;
        } catch (SSLException e) {
            return false;
        }
    }

    @Test
    @Order(1)
    void takesDeliveriesOfThoseWhomTheirCertificatesNameAndOfNobodyElse() throws Exception {
        Files.writeString(hub.secrets().resolve("partner-api.acme.subject"), "CN=acme, O=Acme GmbH, C=DE\n");
        var known = front.trusting(acme);
        var number = Bodies.number();
        await().atMost(Hub.PATIENCE)
                .until(() -> send(hub, known, claim(hub, number)).statusCode() != 401);
        assertThat(hub.stored(number)).isOne();
        var again = send(hub, known, claim(hub, number));
        assertThat(again.statusCode()).isEqualTo(200);
        var id = new ObjectMapper().readTree(again.body()).path("id").asText();
        assertThat(send(hub, front.trusting(null), asAdmin(hub, "/api/deliveries/" + id))
                        .body())
                .contains("\"sender\":\"acme\"");

        var other = Bodies.number();
        // one whom the authority vouches for, and nobody here has named
        assertThat(send(hub, front.trusting(erp), claim(hub, other)).statusCode())
                .isEqualTo(401);
        var said = Files.readString(acme.certificate()).replaceAll("\\s", " ");
        try (var stranger =
                HttpClient.newBuilder().sslContext(front.trusting(null)).build()) {
            assertThat(status(stranger, claim(hub, other))).isEqualTo(401);
            for (var header : new String[] {
                "X-Client-Cert",
                "X-SSL-Client-Cert",
                "SSL_CLIENT_CERT",
                "X-SSL-Client-S-DN",
                "X-Forwarded-Client-Cert",
                "Client-Cert",
                "X-ARR-ClientCert",
                "jakarta.servlet.request.X509Certificate"
            }) {
                for (var value :
                        new String[] {said, "CN=acme,O=Acme GmbH,C=DE", "Subject=\"CN=acme,O=Acme GmbH,C=DE\""}) {
                    assertThat(status(stranger, claim(hub, other).header(header, value)))
                            .isEqualTo(401);
                }
            }
        }
        // of its name, and signed by somebody whom nobody here knows: it does not even connect
        var forged = Authority.make(Files.createDirectory(directory.resolve("far")), "authority")
                .issue("acme", "CN=acme,O=Acme GmbH,C=DE");
        assertThatThrownBy(() -> send(hub, front.trusting(forged), claim(hub, other)))
                .isInstanceOf(IOException.class);
        assertThat(hub.stored(other)).isZero();

        // whoever is not asked needs none
        var issue = Bodies.number();
        var body = Signed.utf8(Bodies.issueCreated(issue));
        var jira = to(hub, "/in/jira")
                .header("Content-Type", "application/json")
                .header(
                        "X-Hub-Signature",
                        "sha256=" + HexFormat.of().formatHex(hub.signed().jiraDigest(body)))
                .POST(BodyPublishers.ofByteArray(body));
        assertThat(send(hub, front.trusting(null), jira).statusCode()).isEqualTo(202);

        // removed, on a connection that goes on
        try (var client = HttpClient.newBuilder().sslContext(known).build()) {
            var next = Bodies.number();
            assertThat(status(client, claim(hub, next))).isEqualTo(202);
            Files.delete(hub.secrets().resolve("partner-api.acme.subject"));
            await().atMost(Hub.PATIENCE).until(() -> status(client, claim(hub, next)) == 401);
        }
    }

    private HttpRequest.Builder order(String number, @Nullable String password) {
        var request = to(hub, "/in/sap-idoc")
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString(Bodies.order(number, number)));
        return password == null ? request : request.header("Authorization", Signed.basic(password));
    }

    @Test
    @Order(1)
    void wantsACertificateBesideAPasswordWhereBothAreAskedFor() throws Exception {
        var us = front.trusting(erp);
        var none = front.trusting(null);
        Files.writeString(hub.secrets().resolve("sap-idoc.subject"), "CN=erp,O=Us\n");
        var password = hub.secret("sap-idoc.basic");
        var number = Bodies.number();
        await().atMost(Hub.PATIENCE)
                .until(() -> send(hub, us, order(number, password)).statusCode() == 202);
        var other = Bodies.number();
        assertThat(send(hub, us, order(other, null)).statusCode()).isEqualTo(401);
        assertThat(send(hub, us, order(other, password + "x")).statusCode()).isEqualTo(401);
        assertThat(send(hub, none, order(other, password)).statusCode()).isEqualTo(401);
        assertThat(hub.stored(other)).isZero();
    }

    private HttpRequest.Builder outboundMessage(String organisation, String number) {
        return to(hub, "/in/salesforce")
                .header("Content-Type", "text/xml; charset=utf-8")
                .POST(BodyPublishers.ofString(Bodies.outboundMessage(organisation, number)));
    }

    /** As the manual shows it: the certificate is Salesforce's for all its customers, the id says which of them it is. */
    @Test
    @Order(1)
    void takesOutboundMessagesOfAnOrganisationByCertificateAndId() throws Exception {
        var salesforce = front.trusting(authority.issue("salesforce", "CN=proxy.example.com,O=Salesforce"));
        Files.writeString(hub.secrets().resolve("salesforce.subject"), "CN=proxy.example.com,O=Salesforce\n");
        Files.writeString(hub.secrets().resolve("salesforce.organisation"), "00Doslo\n");
        // another organisation with a certificate of its own
        Files.writeString(hub.secrets().resolve("salesforce.paris.subject"), "CN=erp,O=Us\n");
        Files.writeString(hub.secrets().resolve("salesforce.paris.organisation"), "00Dparis\n");
        var number = Bodies.number();
        var stored = await().atMost(Hub.PATIENCE)
                .until(
                        () -> send(hub, salesforce, outboundMessage("00Doslo", number)),
                        answer -> answer.statusCode() == 200);
        assertThat(stored.body()).contains("<Ack>true</Ack>");
        assertThat(hub.stored(number)).isOne();
        var paris = Bodies.number();
        await().atMost(Hub.PATIENCE)
                .until(() -> send(hub, front.trusting(erp), outboundMessage("00Dparis", paris))
                                .statusCode()
                        == 200);

        var other = Bodies.number();
        for (var refused : List.of(
                send(hub, front.trusting(null), outboundMessage("00Doslo", other)),
                send(hub, front.trusting(member), outboundMessage("00Doslo", other)),
                send(hub, salesforce, outboundMessage("00Dnobody", other)),
                // each part is somebody's, and the two are not the same sender's
                send(hub, salesforce, outboundMessage("00Dparis", other)),
                send(hub, front.trusting(erp), outboundMessage("00Doslo", other)))) {
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).doesNotContain("Ack");
        }
        assertThat(hub.stored(other)).isZero();
    }

    @Test
    @Order(1)
    void isSentToByTheCommandWithTheCertificateOfASender() throws Exception {
        Files.writeString(hub.secrets().resolve("partner-api.subject"), "CN=member\n");
        var words = List.of(
                "send",
                "partner-api",
                "claim-small",
                "--sender",
                "default",
                "--secrets",
                hub.secrets().toString(),
                "--url",
                "https://127.0.0.1:" + hub.port());
        var trust = List.of("--trust", front.certificate().toString());
        var cert = List.of(
                "--cert", member.certificate().toString(), "--key", member.key().toString());
        await().atMost(Hub.PATIENCE).until(() -> type(words, trust, cert).contains("202"));
        assertThat(type(words, trust)).contains("--cert");
        assertThat(type(words, cert)).contains("--trust");
        assertThat(type(words, trust, List.of("--key", member.key().toString())))
                .contains("--cert");
        assertThat(type(
                        words,
                        trust,
                        List.of("--cert", hub.secrets().resolve("hub.admin").toString())))
                .contains("is no PEM");
    }

    /** What the command says. */
    @SafeVarargs
    private final String type(List<String>... words) {
        var terminal = new Terminal(directory.resolve("root"), directory.resolve("data"), Map.of());
        terminal.type(Stream.of(words).flatMap(List::stream).toArray(String[]::new));
        return terminal.out() + terminal.err();
    }

    /** Each byte comes in time, and the whole never does. */
    @Test
    @Order(1)
    void cutsWhoeverLetsAHandshakeTrickle() throws Exception {
        try (var socket = new Socket("127.0.0.1", hub.port());
                var honest =
                        HttpClient.newBuilder().sslContext(front.trusting(null)).build()) {
            // a record of 16 KiB with the greeting of a client
            socket.getOutputStream().write(HexFormat.of().parseHex("1603014000" + "01003ffc0303"));
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        assertThat(honest.send(to(hub, "/in/nobody").build(), BodyHandlers.ofString())
                                        .statusCode())
                                .isEqualTo(405);
                        try {
                            socket.getOutputStream().write('x');
                            return false;
                        } catch (IOException e) {
                            return true;
                        }
                    });
        }
    }

    @Test
    @Order(1)
    void takesNoCertificateOutOfHeadersWhereTlsEndsBefore() throws Exception {
        var settings = asking("plain");
        settings.keySet().removeIf(name -> name.startsWith("server.ssl"));
        settings.put("management.server.ssl.enabled", true);
        settings.put("management.server.ssl.bundle", "front");
        try (var hub = Hub.start(directory.resolve("plain-hub"), settings);
                var client =
                        HttpClient.newBuilder().sslContext(front.trusting(null)).build()) {
            Files.writeString(hub.secrets().resolve("partner-api.subject"), "CN=member\n");
            var number = Bodies.number();
            for (var header : new String[] {"X-Client-Cert", "Client-Cert", "ssl_client_cert", "X-SSL-Client-S-DN"}) {
                for (var value :
                        new String[] {Files.readString(member.certificate()).replaceAll("\\s", " "), "CN=member"}) {
                    hub.send(Request.post("/in/partner-api")
                                    .header("Content-Type", "application/json")
                                    .header("X-Forwarded-Proto", "https")
                                    .header(header, value)
                                    .body(Bodies.claim(number, "10")))
                            .isProblem(401);
                }
            }
            assertThat(hub.stored(number)).isZero();
            // the other port has settings of its own
            var health = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + hub.managementPort() + "/actuator/health"))
                    .build();
            assertThat(client.send(health, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    @Order(2)
    void changesItsCertificateAndWhomItTrustsWithoutARestart() throws Exception {
        Files.writeString(hub.secrets().resolve("partner-api.subject"), "CN=member\n");
        var number = Bodies.number();
        await().atMost(Hub.PATIENCE)
                .until(() ->
                        send(hub, front.trusting(member), claim(hub, number)).statusCode() == 202);

        // a broken one changes nothing
        Files.writeString(front.certificate(), "not a certificate\n");
        var next = Certificate.make(directory, "next");
        assertThat(speaks(hub, front.trusting(null))).isTrue();
        Files.move(next.key(), front.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(next.certificate(), front.certificate(), StandardCopyOption.REPLACE_EXISTING);
        await().atMost(Hub.PATIENCE).until(() -> speaks(hub, next.trusting(null)));
        assertThat(speaks(hub, front.trusting(null))).isFalse();

        var later = Authority.make(directory, "later");
        var renewed = later.issue("renewed", "CN=member");
        Files.move(later.certificate(), authority.certificate(), StandardCopyOption.REPLACE_EXISTING);
        await().atMost(Hub.PATIENCE).until(() -> status(hub, next.trusting(renewed), claim(hub, number)) == 200);
        // told whom the hub trusts now, a client shows the old one to nobody
        assertThat(send(hub, next.trusting(member), claim(hub, number)).statusCode())
                .isEqualTo(401);
    }

    private static @Nullable Integer status(Hub hub, SSLContext tls, HttpRequest.Builder request)
            throws InterruptedException {
        try {
            return send(hub, tls, request).statusCode();
        } catch (IOException e) {
            return null;
        }
    }

    @Test
    @Order(1)
    void speaksNothingElseThereAndLeavesThePortForHealthAsItIs() throws IOException {
        assertThat(hub.send(Request.post("/in/jira")).status()).isEqualTo(400);
        Request.of("GET", "/actuator/health/readiness").to(hub.managementPort()).hasStatus(200);
        assertThat(Files.readString(directory.resolve("hub/run.json"))).contains("https://127.0.0.1:" + hub.port());
    }

    @Test
    @Order(1)
    void doesNotStartWithSettingsThatLetInAnybodyOrNobody() {
        var settings = settings();
        settings.put("server.ssl.client-auth", "want");
        assertThat(whyNot(settings)).contains("server.ssl.client-auth", "truststore.certificate");
        settings.put("server.ssl.client-auth", "need");
        assertThat(whyNot(settings)).contains("server.ssl.client-auth is want");
        settings = settings();
        settings.put("server.ssl.bundle", "other");
        assertThat(whyNot(settings)).contains("server.ssl.bundle names the bundle other");
        settings = settings();
        settings.put(BUNDLE + "reload-on-update", false);
        settings.put(
                BUNDLE + "keystore.private-key",
                directory.resolve("nowhere.key").toUri());
        assertThat(whyNot(settings)).contains("spring.ssl.bundle.pem.front", "nowhere.key");
    }

    private String whyNot(Map<String, Object> settings) {
        return TestHub.whyNot(catchThrowable(() -> Hub.start(directory.resolve("none"), settings)));
    }
}
