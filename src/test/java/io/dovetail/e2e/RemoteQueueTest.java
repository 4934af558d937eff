package io.dovetail.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.event.Ids;
import io.dovetail.intake.queue.MeshDouble;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A running hub reads a queue that another broker keeps, as the shipped connector sap-s4 declares it for Event Mesh. */
@ExtendWith(VendorsHub.class)
class RemoteQueueTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Hub hub;
    private final MeshDouble mesh = new MeshDouble();
    private Map<String, String> secrets = Map.of();

    RemoteQueueTest(VendorsHub.Running running) throws Exception {
        hub = running.hub();
    }

    private void letsTheHubIn() throws IOException {
        secrets = Map.of(
                "queue-url",
                mesh.url(),
                "queue-name",
                MeshDouble.QUEUE,
                "queue-token-url",
                mesh.tokenUrl(),
                "queue-client-id",
                "sb-hub",
                "queue-client-secret",
                "Sesame");
        for (var secret : secrets.entrySet()) {
            Files.writeString(hub.secrets().resolve("sap-s4." + secret.getKey()), secret.getValue());
        }
    }

    @AfterEach
    void close() throws IOException {
        for (var secret : secrets.keySet()) {
            Files.deleteIfExists(hub.secrets().resolve("sap-s4." + secret));
        }
        mesh.close();
    }

    private void send(String id) throws JMSException {
        var factory = new JmsConnectionFactory("amqp://127.0.0.1:" + mesh.port());
        try (var connection = factory.createConnection()) {
            var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            var message = session.createBytesMessage();
            message.writeBytes("""
                    {"specversion": "1.0", "type": "sap.s4.beh.salesorder.v1.SalesOrder.Changed.v1", "source": "/s4",
                     "id": "%s", "data": {"SalesOrder": "%s"}}
                    """.formatted(id, id).getBytes(UTF_8));
            session.createProducer(session.createQueue(MeshDouble.QUEUE)).send(message);
        }
    }

    private List<String> states(String id) {
        return hub.get("/api/timeline?key=" + Ids.event("sap-s4", "default", "/s4 " + id))
                .json()
                .path("events")
                .valueStream()
                .map((JsonNode event) -> event.path("state").asText())
                .toList();
    }

    private String queues() {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/queues/details")
                .toString();
    }

    @Test
    void takesWhatWaitedThereOnceAlthoughTheLineIsCut() throws Exception {
        var number = Bodies.number();
        send(number + "1");
        await().atMost(PATIENCE).until(() -> queues().contains("sap-s4.queue-"));
        letsTheHubIn();
        await().atMost(PATIENCE).until(() -> states(number + "1").equals(List.of("ignored")));
        await().atMost(PATIENCE).until(() -> mesh.waiting() == 0);

        mesh.cut();
        send(number + "2");
        await().atMost(PATIENCE).until(() -> states(number + "2").equals(List.of("ignored")));
        await().atMost(PATIENCE).until(() -> mesh.waiting() == 0);
        assertThat(states(number + "1")).hasSize(1);
        assertThat(mesh.shown()).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
        await().atMost(PATIENCE).until(() -> !queues().contains("sap-s4.remote-queue"));
    }
}
