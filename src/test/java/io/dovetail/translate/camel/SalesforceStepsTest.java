package io.dovetail.translate.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.call.Answer;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.call.Caller;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.Shop;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.translate.Translated;
import io.dovetail.trigger.camel.CamelPolicies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps by which camel-salesforce asks and reads what is answered, while the hub carries both: over the wire. */
class SalesforceStepsTest {

    private static final String KAMELET = "connectors/shop/shop-customer.kamelet.yaml";
    private static final String MAPPING = "connectors/shop/mappings/order.jslt";
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String ACCOUNT = "0015000000GzVs1AAF";

    private final AskedSystem salesforce = AskedSystem.start();
    private final HttpNetwork network = new HttpNetwork();
    private final Callers callers = new Callers(
            network,
            Map.of(
                    "shop.client",
                    "hub",
                    "shop.client-secret",
                    "pw",
                    "shop.word",
                    "sesame",
                    "shop.host",
                    "127.0.0.1:" + salesforce.port())::get,
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    private final Shop shop = new Shop().asks("https://crm.example.com");

    SalesforceStepsTest() {
        answers(AskedSystem.json(200, "{\"Name\": \"gold\"}"));
        shop.change(MAPPING, "$lookup.customer.tier", "fallback($lookup.customer.Name, \"silver\")");
    }

    @AfterEach
    void close() {
        network.close();
        salesforce.close();
    }

    private void answers(Behaviour behaviour) {
        salesforce.decides(seen -> seen.target().endsWith("/token")
                ? AskedSystem.json(200, "{\"access_token\":\"00D!1\",\"token_type\":\"Bearer\"}")
                : behaviour);
    }

    /** What it was asked, but for tokens. */
    private List<Seen> asked() {
        return salesforce.seen().stream()
                .filter(seen -> !seen.target().endsWith("/token"))
                .toList();
    }

    /** Makes these the Kamelet's steps: what an expression gives is to be found in the variable "number". */
    private void step(String number, String operation, String parameters) {
        var kamelet = new String(shop.file(KAMELET), UTF_8);
        var begin = "      steps:\n";
        var common = """
                instanceUrl: http://{{shop.host}}
                oauth2ClientId: "{{shop.client}}"
                oauth2ClientSecret: "{{shop.client-secret}}"
                oauth2TokenEndpoint: http://{{shop.host}}/services/oauth2/token
                """;
        var steps = """
                - setVariable:
                    name: number
                    expression:
                      language:
                        language: jslt
                        expression: '%s'
                - to:
                    uri: salesforce:%s
                    variableReceive: customer
                    %s
                    parameters:
                %s""".formatted(
                        number,
                        operation,
                        operation.startsWith("get") ? "" : "variableSend: number",
                        (common + parameters).indent(6));
        shop.put(KAMELET, kamelet.substring(0, kamelet.indexOf(begin)) + begin + steps.indent(8));
    }

    private void byId(String number) {
        step(
                number,
                "getSObject",
                "apiVersion: '61.0'\nsObjectName: Account\nsObjectId: '{number}'\nsObjectFields: Name,Industry\n");
    }

    private void byExternalId(String number) {
        step(
                number,
                "getSObjectWithId",
                "apiVersion: '62.0'\nsObjectName: Account\nsObjectIdName: Number__c\nsObjectIdValue: '{number}'\n");
    }

    /** @param caller whose time begins when it is got: not while Camel is still being started */
    private String said(Supplier<Caller> caller) {
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration)) {
            var order = Shop.source(configuration, "acme", "4711", Shop.order("4711", "1"));
            return ((Translated.Said) translator.translate(order, caller.get()))
                    .event()
                    .data()
                    .path("tier")
                    .asText();
        }
    }

    private String said() {
        return said(() -> callers.of("shop", DEADLINE));
    }

    private Failure failure(Supplier<Caller> caller) {
        return catchThrowableOfType(FailedException.class, () -> said(caller)).failure();
    }

    private Failure failure() {
        return failure(() -> callers.of("shop", DEADLINE));
    }

    /** An operation that no Kamelet has, in the version and with the headers that are camel-salesforce's own. */
    @Test
    void askAsTheComponentDoes() {
        byId("\"" + ACCOUNT + "\"");
        assertThat(said()).isEqualTo("gold");
        assertThat(asked()).singleElement().satisfies(seen -> {
            assertThat(seen.method()).isEqualTo("GET");
            assertThat(seen.target())
                    .isEqualTo("/services/data/v61.0/sobjects/Account/" + ACCOUNT + "?fields=Name,Industry");
            assertThat(seen.header("Accept")).isEqualTo("application/json;charset=utf-8");
            assertThat(seen.header("Accept-Charset")).isEqualTo("UTF-8");
            assertThat(seen.headers().get("Authorization")).containsExactly("Bearer 00D!1");
            assertThat(seen.body()).isEmpty();
        });
    }

    @Test
    void sendAllOfAVariableAndTakeNothingForTheAnswerWhereThereIsNone() {
        var part = "x".repeat(50);
        var much = part.repeat(1_200);
        answers(AskedSystem.json(204, ""));
        step(
                "let x = \"" + part + "\" let y = $x" + " + $x".repeat(29) + " {\"Name\": $y" + " + $y".repeat(39)
                        + "}",
                "composite",
                "apiVersion: '62.0'\n");
        assertThat(said()).isEqualTo("silver");
        assertThat(asked()).singleElement().satisfies(seen -> {
            assertThat(seen.method()).isEqualTo("POST");
            assertThat(seen.target()).isEqualTo("/services/data/v62.0/composite");
            assertThat(seen.body()).isEqualTo("{\"Name\":\"" + much + "\"}");
        });
    }

    @Test
    void giveNullForWhatIsNotThereWhereTheySaySo() {
        answers(AskedSystem.json(404, "[{\"errorCode\":\"NOT_FOUND\"}]"));
        byExternalId("\"A-1\"");
        assertThat(failure().rule()).isEqualTo("status 404");
        shop.change(KAMELET, "sObjectName: Account", "sObjectName: Account\n              notFoundBehaviour: 'NULL'");
        assertThat(said()).isEqualTo("silver");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a/b              | a%2Fb
        a?fields=Secret  | a%3Ffields%3DSecret
        a#b              | a%23b
        a%2Fb            | a%252Fb
        %2e%2e           | %252e%252e
        //evil.com       | %2F%2Fevil.com
        """)
    void keepAnExternalIdInItsPlace(String id, String segment) {
        byExternalId("\"" + id + "\"");
        said();
        assertThat(asked())
                .singleElement()
                .satisfies(seen -> assertThat(seen.target())
                        .isEqualTo("/services/data/v62.0/sobjects/Account/Number__c/" + segment));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../Contact", "A-1/../../Account", " ", ""})
    void askNothingWhereAnExternalIdLeadsElsewhere(String id) {
        byExternalId("\"" + id + "\"");
        var failure = failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.rule()).isEqualTo("address");
        assertThat(failure.place()).isEqualTo("salesforce:getSObjectWithId http://{{shop.host}}");
        assertThat(salesforce.seen()).isEmpty();
    }

    /** The component puts it into the address as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"0015000000GzVs1/../x", "0015000000GzVs1?a=bcd", "describe", "0015000000GzVs1%2Fx"})
    void askNothingByAnIdThatIsNone(String id) {
        byId("\"" + id + "\"");
        assertThat(failure().message()).contains("the value for {number}");
        assertThat(salesforce.seen()).isEmpty();
    }

    /** The component would take each of these for a parameter. */
    @ParameterizedTest
    @ValueSource(strings = {"sObjectName", "sObjectIdName", "sObjectIdValue", "apiVersion", "rawPath", "X-Order"})
    void takeNoHeaderForAParameter(String header) {
        byExternalId("\"A-1\"");
        shop.change(
                KAMELET,
                "        - to:",
                "        - setHeader: { name: %s, constant: x }\n        - to:".formatted(header));
        assertThat(failure().message()).contains("the header " + header + " is none that is sent to Salesforce");
        assertThat(salesforce.seen()).isEmpty();
    }

    @Test
    void fillSecretsInWhereTheyAreSent() {
        answers(AskedSystem.json(200, "{\"Name\": \"gold\"}"));
        step("{\"Name\": \"{{shop.word}}\"}", "composite", "apiVersion: '62.0'\n");
        said();
        assertThat(salesforce.seen().getFirst().isFrom("hub:pw")).isTrue();
        assertThat(asked().getFirst().body()).isEqualTo("{\"Name\":\"sesame\"}");
    }

    @Test
    void waitNoLongerThanTheEventMay() {
        byExternalId("\"A-1\"");
        // so that the token is got before
        said();
        answers(salesforce.silence());
        var failure = failure(() -> callers.of("shop", Duration.ofSeconds(1)));
        assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.rule()).isEqualTo("no answer");
        assertThat(failure.place())
                .isEqualTo("GET http://{{shop.host}}/services/data/v62.0/sobjects/Account/Number__c/{number}");
    }

    @Test
    void readNoMoreThanTheHubDoes() {
        answers(AskedSystem.json(200, "{\"Name\": \"" + "x".repeat(Answer.MAX_BYTES) + "\"}"));
        byExternalId("\"A-1\"");
        var failure = failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure.rule()).isEqualTo("answer too large");
    }

    @Test
    void spareASystemThatDoesNotAnswer() {
        answers(AskedSystem.json(503, "{}"));
        byExternalId("\"A-1\"");
        for (var i = 0; i < 5; i++) {
            assertThat(failure().rule()).isEqualTo("status 503");
        }
        assertThat(failure().rule()).isEqualTo("circuit open");
        assertThat(asked()).hasSize(5);
    }

    @Test
    void letTheReasonThrough() {
        byExternalId("\"A-1\"");
        var away = FailedException.notBefore(
                Failure.of(FailureKind.EXTERNAL, "GET https://crm", "status 503", "away"), Duration.ofSeconds(7));
        assertThatThrownBy(() -> said(() -> request -> {
                    throw away;
                }))
                .isSameAs(away);
        assertThat(failure(() -> request -> {
                            throw new StackOverflowError();
                        })
                        .kind())
                .isEqualTo(FailureKind.INTERNAL);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().matches("(?i).*(HttpClient@|SalesforceHttp).*"));
    }

    @Test
    void areRefusedInPolicies() {
        byExternalId("\"A-1\"");
        shop.put("routes/triggers/nosy.camel.yaml", """
                - route:
                    id: nosy
                    description: Asks Salesforce.
                    from:
                      uri: kamelet:hub-event
                      parameters:
                        types: order.placed.v1
                      steps:
                        - to: kamelet:shop-customer
                """);
        assertThatThrownBy(() -> new CamelPolicies(shop.configuration()))
                .isInstanceOf(BrokenRoutesException.class)
                .hasMessageContaining("no policy asks another system");
    }
}
