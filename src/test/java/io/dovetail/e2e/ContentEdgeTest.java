package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.relay.Addresses;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a delivery is content and nothing else: kept and passed on as it is. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContentEdgeTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Hub hub;
    private final Subscriber subscriber;

    ContentEdgeTest(Hub hub, Subscriber subscriber) {
        this.hub = hub;
        this.subscriber = subscriber;
    }

    Stream<String> strings() {
        return Stream.of(
                "a\u0000b",
                "\u0000",
                "\uD83D\uDCA5 pumpe läuft – 泵",
                "line\r\nHTTP/1.1 200 OK\r\n\r\n",
                "\u001B[31mred\u0007\b",
                "\u202Egnp.exe",
                "\uFFFE\uFFFF\uFEFF",
                "e\u0301 \u00E9",
                "${bean:hub?method=close}",
                "${sys.user.home} ${env.PATH} ${header.x} ${body}",
                "${type:java.lang.Runtime} ${exception.stacktrace}",
                "#{T(java.lang.Runtime).getRuntime().exit(1)}",
                "{{hub.secrets}} {{env:HOME}} {{sys:user.home}}",
                "#class:java.util.ArrayList #bean:hub",
                "RAW(a&b=c) RAW{x}",
                "kamelet:hub-trigger?workflow=x",
                "${jndi:ldap://127.0.0.1:1/a}",
                "'; drop table event; --",
                "\" or 1=1 \\",
                "<script>alert(1)</script><!DOCTYPE x>",
                "../../../../etc/passwd",
                "__proto__ constructor",
                "%s%n%x $1 \\1 \\u0041",
                "]]>&amp;&#0;",
                "null",
                " leading and trailing ",
                "x".repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("strings")
    void deliversEveryTextAsItIs(String text) throws Exception {
        var number = Bodies.number();
        var body = MAPPER.createObjectNode().put("timestamp", 1773050400120L).put("webhookEvent", "jira:issue_created");
        var issue = body.putObject("issue").put("id", number);
        issue.putObject("fields").put("summary", "a" + text + "z").put("description", text + "!");
        var bytes = MAPPER.writeValueAsBytes(body);
        var answer = hub.send(hub.signed().jira(bytes, number)).hasStatus(202);
        var event = subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(number));
        assertThat(event.data().path("summary").asText()).isEqualTo("a" + text + "z");
        hub.delivery(answer.id(), "published");
        assertThat(hub.body(answer.id())).isEqualTo(bytes);
    }

    /** What stands in an id or a key is cut off nowhere and changed nowhere; what cannot be kept is parked. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uD83D\uDCA5", "\r\nX: 1", "\u202E", "'; drop table event; --", "${sys.user.home}", "../..", "a b",
                        "%00",
                "\u0001", "\"", "#{1}", "<b>", "\t", "/", "::", "*"
            })
    void takesEveryCharacterInAnId(String odd) throws Exception {
        var number = Bodies.number();
        var id = number + odd;
        var answer = hub.send(hub.signed().jira(issue(id))).hasStatus(202);
        var delivery = hub.delivery(answer.id(), "published");
        assertThat(delivery.at("/events/0/key").asText()).isEqualTo(id);
        var event = subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("ticketId").asText().startsWith(number));
        assertThat(event.json().path("partitionkey").asText()).isEqualTo(id);
        assertThat(event.event().getExtension("partitionkey")).isEqualTo(id);
    }

    @Test
    void takesIdsUpToTheirLimitAndParksLongerOnes() throws Exception {
        // ":created" comes on top
        for (var length : List.of(1, 100, 101, 248)) {
            var id = (Bodies.number() + "x".repeat(300)).substring(0, Math.max(length, 17));
            var answer = hub.send(hub.signed().jira(issue(id))).hasStatus(202);
            hub.delivery(answer.id(), "published");
        }
        for (var length : List.of(257, 10_000)) {
            var id = Bodies.number() + "x".repeat(length);
            var answer = hub.send(hub.signed().jira(issue(id))).hasStatus(202);
            var failure = hub.delivery(answer.id(), "parked").at("/events/0/failure");
            assertThat(failure.path("message").asText()).contains("longer than 256 characters");
            assertThat(failure.path("value").asText().length()).isLessThan(300);
        }
    }

    @Test
    void parksIdsThatNoDatabaseKeeps() throws Exception {
        var withNul =
                hub.send(hub.signed().jira(issue(Bodies.number() + "\u0000"))).hasStatus(202);
        assertThat(hub.delivery(withNul.id(), "parked")
                        .at("/events/0/failure/message")
                        .asText())
                .contains("NUL");
        // half of a pair can be written in JSON alone
        var half = "{\"webhookEvent\": \"jira:issue_created\", \"issue\": {\"id\": \"1" + "\\u" + "d83d" + "\"}}";
        var answer = hub.send(hub.signed().jira(half));
        assertThat(answer.status()).as(answer.text()).isIn(202, 400);
        if (answer.status() == 202) {
            hub.delivery(answer.id(), "parked");
        }
        // no id at all
        for (var id : List.of("\"\"", "\" \"", "null", "{}", "[]", "false")) {
            var none = "{\"webhookEvent\": \"jira:issue_created\", \"n\": \"" + Bodies.number()
                    + "\", \"issue\": {\"id\": " + id + "}}";
            hub.delivery(hub.send(hub.signed().jira(none)).hasStatus(202).id(), "parked");
        }
    }

    @Test
    void takesDeliveryIdsUpToTheirLimit() {
        for (var length : List.of(17, 100, 101, 256)) {
            var number = Bodies.number();
            var id = (number + "x".repeat(300)).substring(0, length);
            hub.send(hub.signed().partner(Signed.utf8(Bodies.claim(number, "10")), id))
                    .hasStatus(202);
        }
        var number = Bodies.number();
        for (var length : List.of(257, 5_000)) {
            hub.send(hub.signed().partner(Signed.utf8(Bodies.claim(number, "10")), "x".repeat(length)))
                    .isProblem(400);
        }
        // an empty one is none: the body's hash takes its place
        var empty = Bodies.issueCreated(number);
        hub.send(hub.signed().jira(Signed.utf8(empty), "")).hasStatus(202);
        hub.send(hub.signed().jira(Signed.utf8(empty), "")).hasStatus(200);
        // header values are bytes: those that are control characters in Latin 1 are nobody's id
        hub.send(hub.signed().jira(Signed.utf8(empty), "é")).hasStatus(202);
        hub.send(hub.signed().jira(Signed.utf8(empty), "\uD83D\uDCA5")).isProblem(400);
    }

    private static final List<String> CAMEL_HEADERS = List.of(
            "CamelBeanMethodName",
            "CamelJmsDestinationName",
            "CamelHttpUri",
            "CamelHttpPath",
            "CamelFileName",
            "CamelExecCommandExecutable",
            "CamelSqlQuery",
            "CamelJacksonUnmarshalType",
            "CamelKafkaOverrideTopic",
            "kafka.OVERRIDE_TOPIC",
            "CamelRedeliveryCounter",
            "CamelToEndpoint",
            "CamelSlipEndpoint",
            "CamelTemplateContent",
            "CamelXsltFileName",
            "CamelLanguageScript",
            "JMSReplyTo",
            "JMSXGroupID",
            "JMSExpiration",
            "JMSDeliveryMode",
            "_AMQ_DUPL_ID",
            "_AMQ_SCHED_DELIVERY",
            "_AMQ_GROUP_ID",
            "operationName",
            "breadcrumbId",
            "x-tenant",
            "ce-id",
            "ce-type",
            "ce-source",
            "ce-subject");

    @Test
    void letsNoHeaderSteerAnything() throws Exception {
        var spellings = List.<java.util.function.UnaryOperator<String>>of(
                name -> name,
                name -> name.toLowerCase(Locale.ROOT),
                name -> name.toUpperCase(Locale.ROOT),
                name -> name.replace("Camel", "CAmel"),
                name -> name.replace(".", "_DOT_").replace("-", "_HYPHEN_"));
        for (var spelling : spellings) {
            var number = Bodies.number();
            var request = hub.signed().jira(Bodies.issueCreated(number));
            for (var name : CAMEL_HEADERS) {
                request.header(spelling.apply(name), "steered").header(spelling.apply(name), "steered-twice");
            }
            var answer = hub.send(request).hasStatus(202);
            hub.delivery(answer.id(), "published");
            var event = subscriber.awaitOne(
                    Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(number));
            assertThat(event.json().toString()).doesNotContain("steered");
            assertThat(event.event().getExtensionNames()).containsOnly("partitionkey", "traceparent");
        }
    }

    @Test
    void goesOnWithTheSendersTraceAndWithNoOther() throws Exception {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var number = Bodies.number();
        hub.send(hub.signed()
                        .jira(Bodies.issueCreated(number))
                        .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"))
                .hasStatus(202);
        var event = subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(number));
        assertThat(event.json().path("traceparent").asText()).startsWith("00-" + trace + "-");
        var telemetry = subscriber.awaitOne(
                Addresses.TELEMETRY,
                r -> r.data().path("event").asText().equals(event.event().getId()));
        assertThat(telemetry.data().path("traceId").asText()).isEqualTo(trace);

        for (var odd : List.of("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01", "x", "00-${trace}-x-01")) {
            var other = Bodies.number();
            hub.send(hub.signed().jira(Bodies.issueCreated(other)).header("traceparent", odd))
                    .hasStatus(202);
            var told = subscriber.awaitOne(
                    Addresses.EVENTS, r -> r.data().path("ticketId").asText().equals(other));
            assertThat(told.json().path("traceparent").asText()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        }
    }

    @Test
    void readsXmlInTheCharactersItDeclares() throws Exception {
        var number = Bodies.number();
        var text = Bodies.order(number, number)
                .replace("encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"")
                .replace("<MENEE>PCE</MENEE>", "<MENEE>Stück</MENEE>");
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var answer = hub.send(hub.signed().sap(bytes)).hasStatus(202);
        assertThat(hub.body(answer.id())).isEqualTo(bytes);
        var event = subscriber.awaitOne(
                Addresses.EVENTS, r -> r.json().path("subject").asText().equals(number));
        assertThat(event.json().toString()).contains("Stück");
    }

    private static String issue(String id) throws Exception {
        var body = MAPPER.createObjectNode().put("webhookEvent", "jira:issue_created");
        body.putObject("issue").put("id", id);
        return MAPPER.writeValueAsString(body);
    }
}
