package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dovetail.TestHub;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The AMQP port behind TLS, with certificates of its clients where that is wanted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpTlsTest {

    private static final String BUNDLE = "spring.ssl.bundle.pem.bus.";

    @TempDir
    Path directory;

    private Certificate broker;
    private Certificate partner;

    @BeforeAll
    void makeCertificates(@TempDir Path certificates) {
        broker = Certificate.make(certificates, "broker");
        partner = Certificate.make(certificates, "partner");
    }

    private Map<String, Object> settings() {
        return new HashMap<>(Map.of(
                "hub.root",
                Roots.copy(directory.resolve("root"), "jira")
                        .door("jira", "amqp: {}")
                        .path()
                        .toString(),
                "hub.amqp-ssl-bundle",
                "bus",
                BUNDLE + "keystore.certificate",
                broker.certificate().toUri(),
                BUNDLE + "keystore.private-key",
                broker.key().toUri(),
                BUNDLE + "truststore.certificate",
                partner.certificate().toUri(),
                BUNDLE + "reload-on-update",
                true,
                "spring.ssl.bundle.watch.file.quiet-period",
                "100ms"));
    }

    private static void send(Hub hub, String scheme, SSLContext tls, String body) throws JMSException {
        var factory = new JmsConnectionFactory(
                "in.jira",
                hub.secret("jira.amqp"),
                scheme + "://127.0.0.1:" + hub.amqpPort() + "?jms.connectTimeout=3000");
        factory.setSslContext(tls);
        try (var connection = factory.createConnection()) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            session.createProducer(session.createQueue("in.jira")).send(session.createTextMessage(body));
        }
    }

    @Test
    void letsInWhoHasACertificateAndAPasswordAndChangesItsOwnWithoutARestart() throws Exception {
        try (var hub = Hub.start(directory.resolve("hub"), settings())) {
            var tls = broker.trusting(partner);
            var issue = Bodies.number();
            send(hub, "amqps", tls, Bodies.issueCreated(issue));
            await().atMost(Hub.PATIENCE).until(() -> hub.stored("E2E-" + issue) == 1);

            for (var stranger : List.of(broker.trusting(null), broker.trusting(Certificate.make(directory, "other")))) {
                assertThatThrownBy(() -> send(hub, "amqps", stranger, "{}")).isInstanceOf(JMSException.class);
            }
            assertThatThrownBy(() -> send(hub, "amqp", tls, "{}")).isInstanceOf(JMSException.class);
            assertThat(speaks(hub, tls, "TLSv1.3")).isTrue();
            assertThat(speaks(hub, tls, "TLSv1.2")).isTrue();

            // a broken one changes nothing
            Files.writeString(broker.certificate(), "not a certificate\n");
            var next = Certificate.make(directory, "next");
            assertThat(speaks(hub, tls, "TLSv1.3")).isTrue();
            Files.move(next.key(), broker.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.move(next.certificate(), broker.certificate(), StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Hub.PATIENCE).until(() -> speaks(hub, next.trusting(partner), "TLSv1.3"));
            assertThat(speaks(hub, tls, "TLSv1.3")).isFalse();
        }
    }

    private static boolean speaks(Hub hub, SSLContext tls, String protocol) throws IOException {
        try (var socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", hub.amqpPort())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return socket.getSession().getProtocol().equals(protocol);
        } catch (SSLException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keystore.certificate", "keystore.private-key", "truststore.certificate"})
    void doesNotStartWithAFileThatIsNotThere(String property) {
        var settings = settings();
        settings.put(BUNDLE + "reload-on-update", false);
        settings.put(BUNDLE + property, directory.resolve("nowhere.pem").toUri());
        assertThat(whyNot(settings)).contains("nowhere.pem", "spring.ssl.bundle.pem.bus");
    }

    @Test
    void doesNotStartWithAKeyThatIsNoneOrABundleThatNobodyKnows() throws IOException {
        var settings = settings();
        settings.put("hub.amqp-ssl-bundle", "other");
        assertThat(whyNot(settings)).contains("hub.amqp-ssl-bundle", "other");
        settings = settings();
        var key = Files.writeString(directory.resolve("none.key"), "not a key\n");
        settings.put(BUNDLE + "keystore.private-key", key.toUri());
        assertThat(whyNot(settings)).contains("spring.ssl.bundle.pem.bus");
    }

    private String whyNot(Map<String, Object> settings) {
        return TestHub.whyNot(catchThrowable(() -> Hub.start(directory.resolve("hub"), settings)));
    }
}
