package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.provider.EventFormatProvider;
import io.dovetail.harness.Carried;
import io.dovetail.relay.Addresses;
import io.dovetail.relay.artemis.Queues;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;

/** A consumer over AMQP 1.0 that takes everything from its queues, and holds each message against its schema. */
final class Subscriber implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** @param event as the CloudEvents SDK reads it */
    record Received(String address, JsonNode json, CloudEvent event) {

        String type() {
            return json.path("type").asText();
        }

        JsonNode data() {
            return json.path("data");
        }
    }

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Connection connection;

    private Subscriber(Connection connection) {
        this.connection = connection;
    }

    static Subscriber of(Hub hub, String consumer) {
        try {
            var connection = new JmsConnectionFactory("amqp://127.0.0.1:" + hub.amqpPort())
                    .createConnection(consumer, hub.secret("bus." + consumer));
            var subscriber = new Subscriber(connection);
            for (var address : Addresses.ALL) {
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                session.createConsumer(session.createQueue(Queues.qualified(address, consumer)))
                        .setMessageListener(message -> subscriber.take(address, message));
            }
            connection.start();
            return subscriber;
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(String address, Message message) {
        try {
            var body = message.getBody(byte[].class);
            var json = MAPPER.readTree(body);
            var facade = (AmqpJmsMessageFacade) ((JmsMessage) message).getFacade();
            var event = EventFormatProvider.getInstance()
                    .resolveFormat("application/cloudevents+json")
                    .deserialize(body);
            if (!"application/cloudevents+json".equals(String.valueOf(facade.getContentType()))) {
                faults.add(address + ": the content type is " + facade.getContentType());
            }
            check(address, message, json, event);
            received.add(new Received(address, json, event));
        } catch (JMSException | IOException | RuntimeException e) {
            faults.add(address + ": " + e);
        }
    }

    private void check(String address, Message message, JsonNode json, CloudEvent event) throws JMSException {
        if (!(message instanceof BytesMessage)) {
            faults.add(address + ": the body is not bytes");
        }
        if (!Carried.by(message).equals(Carried.MEANT)
                || !event.getId().equals(message.getStringProperty("id"))
                || !event.getType().equals(message.getStringProperty("type"))) {
            faults.add(address + ": it carries " + Carried.by(message) + " beside its body");
        }
        if (event.getSpecVersion() != SpecVersion.V1) {
            faults.add(address + ": not CloudEvents 1.0");
        }
        var schema = schema(address, json);
        schema.validate(json.path("data")).forEach(error -> faults.add(address + " " + json + ": " + error));
    }

    private static JsonSchema schema(String address, JsonNode json) {
        return switch (address) {
            case Addresses.EVENTS ->
                PublishedSchemas.get("events/" + json.path("type").asText());
            case Addresses.TRIGGERS -> PublishedSchemas.get("triggers/trigger.v1");
            default -> PublishedSchemas.get("telemetry/telemetry.v1");
        };
    }

    /** All that this address has told so far and that fits. */
    List<Received> all(String address, Predicate<Received> fits) {
        return received.stream()
                .filter(r -> r.address.equals(address) && fits.test(r))
                .toList();
    }

    /** So many messages, as soon as they are there. */
    List<Received> await(String address, int count, Predicate<Received> fits) {
        return org.awaitility.Awaitility.await(count + " messages on " + address)
                .atMost(Hub.PATIENCE)
                .until(() -> all(address, fits), found -> found.size() >= count);
    }

    Received awaitOne(String address, Predicate<Received> fits) {
        return await(address, 1, fits).getFirst();
    }

    /** That a Jira issue came, and after it all of its changes, in their order. */
    void hasChangesInOrder(String issue, int changes) {
        var summaries =
                await(
                                Addresses.EVENTS,
                                changes + 1,
                                r -> r.data().path("ticketId").asText().equals(issue))
                        .stream()
                        .skip(1)
                        .map(r -> r.data().path("summary").asText())
                        .toList();
        assertThat(summaries)
                .isEqualTo(IntStream.rangeClosed(1, changes)
                        .mapToObj(n -> "after change " + n)
                        .toList());
    }

    /** Whatever came that was no valid CloudEvent or broke its schema. */
    List<String> faults() {
        return faults;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
        assertThat(faults).as("messages that are not as published").isEmpty();
    }
}
