package io.dovetail.translate.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.Caller;
import io.dovetail.call.Credentials;
import io.dovetail.call.Request;
import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.Shop;
import io.dovetail.event.Event;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.translate.Translated;
import io.dovetail.trigger.camel.CamelPolicies;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What routes may ask other systems, and what no message makes of it. */
class AskingRoutesTest {

    private static final String KAMELET = "connectors/shop/shop-customer.kamelet.yaml";
    private static final String MAPPING = "connectors/shop/mappings/order.jslt";

    private final Shop shop = new Shop().asks("https://crm.example.com");
    private final List<Request> asked = new ArrayList<>();
    private final ArrayDeque<JsonNode> answers = new ArrayDeque<>();
    private final Caller caller = request -> {
        asked.add(request);
        return answers.isEmpty() ? Shop.tree("{\"tier\": \"silver\"}") : answers.remove();
    };

    private Translated translate(JsonNode order) {
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration)) {
            return translator.translate(Shop.source(configuration, "acme", "4711", order), caller);
        }
    }

    private Event said(JsonNode order) {
        return assertThat(translate(order))
                .asInstanceOf(type(Translated.Said.class))
                .actual()
                .event();
    }

    private Failure failure(JsonNode order) {
        return catchThrowableOfType(FailedException.class, () -> translate(order))
                .failure();
    }

    private static JsonNode order(String number) {
        var order = Shop.order("1", "1");
        ((ObjectNode) order.path("order")).put("number", number);
        return order;
    }

    @Test
    void giveTheMappingTheAnswerBesideTheEvent() {
        var event = said(Shop.order("4711", "12.5"));
        assertThat(event.data().path("tier").asText()).isEqualTo("silver");
        assertThat(event.data().at("/total/amount").asText()).isEqualTo("12.5");
        var request = asked.getFirst();
        assertThat(request.line()).isEqualTo("GET https://crm.example.com/customers/4711");
        assertThat(request.headers()).containsOnlyKeys("Accept", "User-Agent");
        assertThat(request.body()).isNull();
        assertThat(request.credentials()).isNull();
    }

    @Test
    void giveNullForWhatIsNotThere() {
        answers.add(NullNode.getInstance());
        shop.change(MAPPING, "$lookup.customer.tier", "if ($lookup.customer) \"gold\" else \"silver\"");
        assertThat(said(Shop.order("1", "1")).data().path("tier").asText()).isEqualTo("silver");
    }

    @Test
    void askTwiceTheSecondWithWhatTheFirstAnswered() {
        steps("""
                - to:
                    uri: https://crm.example.com/first
                    variableReceive: customer
                - setVariable:
                    name: account
                    expression:
                      language: { language: jslt, expression: $lookup.customer.account }
                - filter:
                    expression:
                      language: { language: jslt, expression: $lookup.account }
                    steps:
                      - to:
                          uri: https://crm.example.com/accounts/{account}?expand=all
                          variableReceive: customer
                """);
        answers.add(Shop.tree("{\"account\": 77}"));
        answers.add(Shop.tree("{\"tier\": \"gold\"}"));
        assertThat(said(Shop.order("1", "1")).data().path("tier").asText()).isEqualTo("gold");
        assertThat(asked)
                .extracting(Request::line)
                .containsExactly(
                        "GET https://crm.example.com/first", "GET https://crm.example.com/accounts/77?expand=all");
    }

    @Test
    void postWhatARouteMakes() {
        steps("""
                - setVariable:
                    name: question
                    expression:
                      language: { language: jslt, expression: '{"search": .order.number}' }
                - to:
                    uri: https://crm.example.com/search
                    variableSend: question
                    variableReceive: customer
                    parameters:
                      httpMethod: POST
                """);
        assertThat(said(Shop.order("4711", "1")).data().at("/lines")).hasSize(8);
        assertThat(asked.getFirst().method()).isEqualTo("POST");
        assertThat(asked.getFirst().headers()).containsEntry("Content-Type", "application/json");
        assertThat(new String(asked.getFirst().body(), UTF_8)).isEqualTo("{\"search\":\"4711\"}");
    }

    @Test
    void proveThemselvesByWhatNoOneReadsInThem() {
        steps("""
                - setHeader:
                    name: X-Api-Key
                    expression:
                      constant: "{{shop.key}}"
                - to:
                    uri: https://{{shop.host}}/customers
                    variableReceive: customer
                    parameters:
                      authMethod: Basic
                      authUsername: hub
                      authPassword: "{{shop.crm}}"
                """);
        said(Shop.order("4711", "1"));
        var request = asked.getFirst();
        assertThat(request.line()).isEqualTo("GET https://{{shop.host}}/customers");
        assertThat(request.credentials()).isInstanceOf(Credentials.Basic.class);
        assertThat(request.headers().get("X-Api-Key")).doesNotContain("{{").contains("shop.key");
    }

    /** A value stays where it belongs: it never becomes another segment, parameter, fragment or host. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a/b | a%2Fb
        a?admin=true | a%3Fadmin%3Dtrue
        a#b | a%23b
        a&b=c | a%26b%3Dc
        @evil.com | %40evil.com
        //evil.com | %2F%2Fevil.com
        https://evil.com/ | https%3A%2F%2Fevil.com%2F
        %2e%2e | %252e%252e
        a;b | a%3Bb
        ä | %C3%A4
        {{shop.crm}} | %7B%7Bshop.crm%7D%7D
        ${bean:x} | %24%7Bbean%3Ax%7D
        {number} | %7Bnumber%7D
        a+b | a%2Bb
        ... | ...
        """)
    void encodeWhatAnEventFillsIn(String number, String encoded) {
        said(order(number));
        assertThat(asked.getFirst().address()).isEqualTo("https://crm.example.com/customers/" + encoded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "../admin",
                "a/../../admin",
                "..\\admin",
                "a/..",
                "x\r\nHost: evil",
                "a\u0000b",
                " ",
                "\u007f"
            })
    void askNothingWhereAValueLeadsElsewhere(String number) {
        var failure = failure(order(number));
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.rule()).isEqualTo("address");
        assertThat(failure.place()).isEqualTo("GET https://crm.example.com/customers/{number}");
        assertThat(asked).isEmpty();
    }

    /** What stands in a secret's place would be taken for it, if an event could hold it. */
    @Test
    void tellNobodyWhatStandsInASecretsPlace() {
        shop.change(KAMELET, "https://crm.example.com/customers/", "https://{{shop.host}}/{{shop.path}}/");
        assertThat(failure(order("..")).place()).isEqualTo("GET https://{{shop.host}}/{{shop.path}}/{number}");
    }

    @Test
    void askNothingWithoutAValueOrWithOneTooLong() {
        shop.change(KAMELET, "expression: .order.number }", "expression: .order.customer }");
        assertThat(failure(Shop.order("1", "1")).message()).contains("no value for {number}");
        shop.change(KAMELET, "expression: .order.customer }", "expression: .order.number }");
        assertThat(failure(order("x".repeat(6_001))).message()).contains("more than 6000");
        assertThat(asked).isEmpty();
    }

    /** Camel's own component would take each of these for an order. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CamelHttpUri",
                "CAMELHTTPURI",
                "CamelHttpPath",
                "CamelHttpQuery",
                "CamelHttpMethod",
                "Host",
                "Cookie",
                "Authorization",
                "X-Forwarded-Host",
                "Transfer-Encoding",
                "Proxy-Authorization",
                "X-HTTP-Method-Override"
            })
    void sendNoHeaderThatWouldRedirectThem(String header) {
        header(header, "\"https://evil.com/\"");
        assertThat(failure(Shop.order("1", "1")).message()).contains("the header " + header);
        assertThat(asked).isEmpty();
    }

    @Test
    void sendNoHeaderWithALineBreakInIt() {
        header("X-Order", "\"a\" + .order.number");
        said(Shop.order("4711", "1"));
        assertThat(asked.getFirst().headers()).containsEntry("X-Order", "a4711");
        assertThat(failure(order("x\r\nHost: evil")).message()).contains("the header X-Order");
        assertThat(asked).hasSize(1);
    }

    private void header(String name, String expression) {
        steps("""
                - setHeader:
                    name: %s
                    expression:
                      language: { language: jslt, expression: '%s' }
                - to:
                    uri: https://crm.example.com/customers
                    variableReceive: customer
                """.formatted(name, expression));
    }

    /** Makes these the Kamelet's steps. */
    private void steps(String yaml) {
        var kamelet = new String(shop.file(KAMELET), UTF_8);
        var begin = "      steps:\n";
        shop.put(KAMELET, kamelet.substring(0, kamelet.indexOf(begin)) + begin + yaml.indent(8));
    }

    @Test
    void letTheReasonThrough() {
        answers.clear();
        var away = FailedException.notBefore(
                Failure.of(FailureKind.EXTERNAL, "GET https://crm", "status 503", "away"),
                java.time.Duration.ofSeconds(7));
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration)) {
            assertThatThrownBy(() -> translator.translate(
                            Shop.source(configuration, "acme", "4711", Shop.order("1", "1")), request -> {
                                throw away;
                            }))
                    .isSameAs(away);
        }
    }

    @Test
    void areRefusedInPolicies() {
        shop.put("routes/triggers/nosy.camel.yaml", """
                - route:
                    id: nosy
                    description: Asks somebody.
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        https://{host}/customers/{number}           | is no host
        https://user:pw@crm.example.com/{number}    | is no host
        https://crm.example.com/{Number}            | a small letter
        https://crm.example.com/a?authMethod=Digest | authMethod is Basic or Bearer
        https://crm.example.com/a?httpMethod=DELETE | GET, POST, PUT or PATCH
        """)
    void areLoadedOnlyWithAnAddress(String address, String problem) {
        shop.change(KAMELET, "https://crm.example.com/customers/{number}", address);
        assertThatThrownBy(() -> new CamelTranslator(shop.configuration()))
                .isInstanceOf(BrokenRoutesException.class)
                .hasMessageContaining(problem);
    }
}
