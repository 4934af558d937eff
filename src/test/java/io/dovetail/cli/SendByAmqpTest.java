package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.TestHub;
import io.dovetail.check.Tree;
import io.dovetail.harness.FreshData;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The command against a hub with queues, each of which says its own of what is sent to it. */
class SendByAmqpTest {

    @TempDir
    static Path directory;

    private static ConfigurableApplicationContext hub;

    private final Terminal terminal = new Terminal(directory.resolve("root"), directory.resolve("data"), Map.of());

    @BeforeAll
    static void startAHub() throws IOException {
        var root = directory.resolve("root");
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        open(root, "jira", "amqp: { deliveryId: issueEventId }");
        open(root, "partner-api", "amqp: {}");
        var secrets = Files.createDirectories(directory.resolve("data/secrets"));
        Files.writeString(secrets.resolve("partner-api.acme.amqp"), "acme-password\n");
        Files.writeString(secrets.resolve("partner-api.amqp"), "partner-password\n");
        var settings = new HashMap<String, Object>(Map.of("server.port", 0, "management.server.port", 0));
        settings.putAll(Map.of(
                "hub.amqp-port", 0,
                "hub.min-disk-free", "1MB",
                "hub.root", root.toString(),
                "hub.data", directory.resolve("data").toString(),
                "hub.secrets", secrets.toString()));
        FreshData.into(directory.resolve("data"));
        hub = TestHub.start(settings, Map.of());
    }

    private static void open(Path root, String connector, String door) throws IOException {
        var yaml = root.resolve("connectors").resolve(connector).resolve("connector.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("intake:\n", "intake:\n  " + door + "\n"));
    }

    @AfterAll
    static void stopTheHub() {
        hub.close();
    }

    @Test
    void sendsASampleToTheQueueOfItsConnector() {
        assertThat(terminal.type("send", "jira", "issue-deleted", "--amqp", "--id", "i-1"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.out()).contains("accepted for sample issue-deleted from default");
    }

    @Test
    void sendsInTheNameOfASender() throws IOException {
        var file = Files.writeString(directory.resolve("claim.json"), "{}");
        assertThat(terminal.type("send", "partner-api", file.toString(), "--amqp", "--sender", "acme"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.out()).contains("from acme");
        assertThat(terminal.type("send", "partner-api", file.toString(), "--amqp", "--sender", "globex"))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("partner-api.globex.amqp", "acme, default");
    }

    @Test
    void tellsWhyAMessageIsNotTaken() throws IOException {
        var file = Files.write(directory.resolve("empty.json"), new byte[0]);
        assertThat(terminal.type("send", "partner-api", file.toString(), "--amqp"))
                .isEqualTo(1);
        assertThat(terminal.out()).contains("rejected: ", "The message has no body.");
        var large = Files.write(directory.resolve("large.json"), new byte[2 << 20]);
        assertThat(terminal.type("send", "partner-api", large.toString(), "--amqp"))
                .isEqualTo(1);
        assertThat(terminal.out()).contains("refused: ", "A message has at most");
        var elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("partner-api.amqp"), "wrong\n");
        assertThat(terminal.type(
                        "send",
                        "partner-api",
                        "claim-small",
                        "--amqp",
                        "--sender",
                        "default",
                        "--secrets",
                        elsewhere.toString()))
                .isEqualTo(1);
        assertThat(terminal.out()).contains("not authenticated", "in.partner-api");
    }

    @Test
    void saysThatThereIsNoQueueOrNoHub() throws IOException {
        assertThat(terminal.type("send", "sap-idoc", "order-placed", "--amqp")).isEqualTo(1);
        assertThat(terminal.err()).contains("sap-idoc has no queue", "amqp: {}");

        var data = Files.createDirectories(directory.resolve("nobody"));
        try (var free = new ServerSocket(0)) {
            new ObjectMapper().writeValue(data.resolve("run.json").toFile(), Map.of("amqpPort", free.getLocalPort()));
        }
        var secrets = directory.resolve("data/secrets").toString();
        assertThat(terminal.type(
                        "send", "jira", "issue-deleted", "--amqp", "--data", data.toString(), "--secrets", secrets))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("no hub speaks AMQP on port");
    }
}
