package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.citrusframework.actions.ReceiveMessageAction.Builder.receive;
import static org.citrusframework.http.actions.HttpActionBuilder.http;
import static org.citrusframework.validation.json.JsonPathMessageValidationContext.Builder.jsonPath;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.core.provider.EventFormatProvider;
import io.dovetail.event.Ids;
import io.dovetail.relay.Addresses;
import io.dovetail.relay.artemis.Queues;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.citrusframework.CitrusContext;
import org.citrusframework.DefaultTestCaseRunner;
import org.citrusframework.GherkinTestActionRunner;
import org.citrusframework.http.client.HttpClient;
import org.citrusframework.http.client.HttpClientBuilder;
import org.citrusframework.jms.endpoint.JmsEndpoint;
import org.citrusframework.jms.endpoint.JmsEndpointBuilder;
import org.citrusframework.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.http.HttpStatus;

/** From each kind of partner's HTTP call to what a workflow engine reads from its queues. */
@ExtendWith(SharedHub.class)
class ScenariosTest {

    private static final long PATIENCE_MILLIS = 20_000;

    private final Hub hub;
    private final HttpClient partner;
    private final JmsEndpoint events;
    private final JmsEndpoint triggers;
    private final JmsEndpoint telemetry;
    private final DefaultTestCaseRunner runner =
            new DefaultTestCaseRunner(CitrusContext.create().createTestContext());
    private final GherkinTestActionRunner story = runner;

    ScenariosTest(Hub hub) {
        this.hub = hub;
        this.partner = new HttpClientBuilder()
                .requestUrl("http://127.0.0.1:" + hub.port())
                .build();
        this.events = queue(Addresses.EVENTS);
        this.triggers = queue(Addresses.TRIGGERS);
        this.telemetry = queue(Addresses.TELEMETRY);
    }

    private JmsEndpoint queue(String address) {
        return new JmsEndpointBuilder()
                .connectionFactory(new JmsConnectionFactory(
                        "citrus", hub.secret("bus.citrus"), "amqp://127.0.0.1:" + hub.amqpPort()))
                .destination(Queues.qualified(address, "citrus"))
                .timeout(PATIENCE_MILLIS)
                .build();
    }

    @BeforeEach
    void begin() {
        runner.start();
    }

    @AfterEach
    void end() {
        runner.stop();
    }

    private void sends(String connector, String media, Map<String, String> headers, String body) {
        var request = http().client(partner)
                .send()
                .post("/in/" + connector)
                .message()
                .contentType(media)
                .body(body);
        headers.forEach(request::header);
        story.when(request);
        story.then(http().client(partner)
                .receive()
                .response(HttpStatus.ACCEPTED)
                .message()
                .contentType("application/json")
                .validate(jsonPath().expression("$.status", "accepted")));
    }

    /** The message of this id, which must be a CloudEvent to the SDK of CloudEvents and fit its published schema. */
    private void comesOut(JmsEndpoint queue, UUID id, String schema, Map<String, Object> expected) {
        var paths = jsonPath().expression("$.specversion", "1.0").expression("$.id", id.toString());
        expected.forEach(paths::expression);
        story.then(receive()
                .endpoint(queue)
                .selector("id = '" + id + "'")
                .message()
                .validate((Message message, org.citrusframework.context.TestContext context) ->
                        isCloudEvent(message.getPayload(byte[].class), schema))
                .validate(paths));
    }

    private static void isCloudEvent(byte[] body, String schema) {
        var event = EventFormatProvider.getInstance()
                .resolveFormat("application/cloudevents+json")
                .deserialize(body);
        try {
            var data = new ObjectMapper().readTree(event.getData().toBytes());
            assertThat(PublishedSchemas.get(schema).validate(data)).isEmpty();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aHighestTicketOfJiraIsEscalated() {
        var number = Bodies.number();
        var body = Bodies.issueCreated(number);
        sends(
                "jira",
                "application/json",
                Map.of(
                        "X-Atlassian-Webhook-Identifier",
                        number,
                        "X-Hub-Signature",
                        "sha256=" + HexFormat.of().formatHex(hub.signed().jiraDigest(Signed.utf8(body)))),
                body);
        var event = Ids.event("jira", "default", number + ":created");
        comesOut(
                events,
                event,
                "events/ticket.opened.v1",
                Map.of(
                        "$.type",
                        "ticket.opened.v1",
                        "$.source",
                        "/connectors/jira/default",
                        "$.subject",
                        "E2E-" + number,
                        "$.partitionkey",
                        number,
                        "$.data.priority",
                        "Highest"));
        comesOut(
                triggers,
                Ids.trigger(event, "ticket-escalation"),
                "triggers/trigger.v1",
                Map.of(
                        "$.type",
                        "trigger.ticket-escalation.v1",
                        "$.data.priority",
                        "urgent",
                        "$.data.approval.required",
                        false,
                        "$.data.policy.route",
                        "tickets",
                        "$.data.event.id",
                        event.toString()));
    }

    @Test
    void aLargeOrderOfSapIsReviewed() {
        var number = Bodies.number();
        sends(
                "sap-idoc",
                "text/xml",
                Map.of("Authorization", Signed.basic(hub.secret("sap-idoc.basic"))),
                Bodies.order(number, number));
        var event = Ids.event("sap-idoc", "default", "E2E/100/" + number);
        comesOut(
                events,
                event,
                "events/order.placed.v1",
                Map.of(
                        "$.type",
                        "order.placed.v1",
                        "$.partitionkey",
                        number,
                        "$.data.total.amount",
                        "20000.00",
                        "$.data.total.currency",
                        "EUR"));
        comesOut(
                triggers,
                Ids.trigger(event, "order-review"),
                "triggers/trigger.v1",
                Map.of(
                        "$.type",
                        "trigger.order-review.v1",
                        "$.data.approval.required",
                        true,
                        "$.data.policy.route",
                        "orders"));
    }

    @Test
    void aClaimOfAPartnerIsTriaged() {
        var number = Bodies.number();
        var body = Bodies.claim(number, "9000");
        var now = Long.toString(Instant.now().getEpochSecond());
        sends(
                "partner-api",
                "application/json",
                Map.of(
                        "webhook-id",
                        "msg_" + number,
                        "webhook-timestamp",
                        now,
                        "webhook-signature",
                        Signed.partnerSignature(
                                hub.secret("partner-api.webhook"), "msg_" + number, now, Signed.utf8(body))),
                body);
        var event = Ids.event("partner-api", "default", "claim.submitted:" + number);
        comesOut(
                events,
                event,
                "events/claim.submitted.v1",
                Map.of("$.type", "claim.submitted.v1", "$.data.claimNumber", number, "$.data.claimed.amount", "9000"));
        comesOut(
                triggers,
                Ids.trigger(event, "claim-triage"),
                "triggers/trigger.v1",
                Map.of("$.data.workflow", "claim-triage", "$.data.priority", "high", "$.data.approval.required", true));
        comesOut(
                telemetry,
                Ids.trigger(event, "telemetry.published.1"),
                "telemetry/telemetry.v1",
                Map.of("$.data.outcome", "published", "$.data.connector", "partner-api", "$.data.triggers", 1));
    }

    @Test
    void aForgedDeliveryIsRefused() {
        story.when(http().client(partner)
                .send()
                .post("/in/jira")
                .message()
                .contentType("application/json")
                .header("X-Hub-Signature", "sha256=" + "0".repeat(64))
                .body(Bodies.issueCreated(Bodies.number())));
        story.then(http().client(partner)
                .receive()
                .response(HttpStatus.UNAUTHORIZED)
                .message()
                .contentType("application/problem+json")
                .validate(jsonPath().expression("$.status", 401)));
    }
}
