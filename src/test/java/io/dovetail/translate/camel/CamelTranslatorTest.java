package io.dovetail.translate.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.Shop;
import io.dovetail.event.Event;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import io.dovetail.translate.Translated;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CamelTranslatorTest {

    private static final String CONNECTOR = "connectors/shop/connector.yaml";
    private static final String MAPPING = "connectors/shop/mappings/order.jslt";

    private final Shop shop = new Shop();

    @Test
    void saysTheCanonicalEventUnderTheIdAndKeyItWasAcceptedWith() {
        var event = said(Shop.order("4711", "12345.670"));

        assertThat(event.id()).isEqualTo(Ids.event("shop", "acme", "4711"));
        assertThat(event.connector()).isEqualTo("shop");
        assertThat(event.sender()).isEqualTo("acme");
        assertThat(event.type()).isEqualTo("order.placed.v1");
        assertThat(event.subject()).isEqualTo("4711");
        assertThat(event.time()).isEqualTo(Instant.parse("2026-05-01T11:30:00Z"));
        assertThat(event.key()).isEqualTo("4711");
        assertThat(event.traceparent()).isEqualTo("00-trace");
        assertThat(event.data().at("/total/amount").asText()).isEqualTo("12345.670");
        assertThat(event.data().at("/lines")).hasSize(8);
    }

    @Test
    void tellsTheMappingWhoSentItAndWhen() {
        shop.change(
                MAPPING,
                "\"subject\": .order.number",
                "\"subject\": $connector + \" \" + $sender + \" \" + $acceptedAt");
        assertThat(said(Shop.order("1", "1")).subject()).isEqualTo("shop acme 2026-05-01T12:00:00Z");
    }

    @Test
    void ignoresWhatTheMappingIgnores() {
        var tree = Shop.tree("{\"kind\":\"order\",\"order\":{\"number\":\"1\",\"placedAt\":\"\",\"test\":true}}");
        assertThat(translate(tree)).isEqualTo(new Translated.Ignored("a test order"));
    }

    @Test
    void ignoresUnknownEventsWhenTheConnectorSaysSo() {
        shop.change(CONNECTOR, "otherwise: park", "otherwise: { ignore: not for us }");
        assertThat(translate(Shop.tree("{\"kind\":\"refund\"}"))).isEqualTo(new Translated.Ignored("not for us"));
    }

    @Test
    void refusesUnknownEventsOtherwise() {
        var failure = failure(Shop.tree("{\"kind\":\"refund\"}"));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONTRACT);
        assertThat(failure.rule()).isEqualTo("events");
        assertThat(failure.message()).contains("connectors/shop/connector.yaml").contains("add one");
    }

    @Test
    void namesWhatBreaksTheContract() {
        var order = Shop.order("1", "1");
        ((ObjectNode) order.at("/order/lines/3")).put("quantity", "a dozen");
        var failure = failure(order);
        assertThat(failure.kind()).isEqualTo(FailureKind.CONTRACT);
        assertThat(failure.place()).isEqualTo("/order/lines/3/quantity");
        assertThat(failure.rule()).isEqualTo("shop/order.v1 pattern");
        assertThat(failure.value()).isEqualTo("a dozen");
    }

    @Test
    void refusesASenderThatSpeaksAsAnother() {
        var order = ((ObjectNode) Shop.order("1", "1")).put("shop", "globex");
        var failure = failure(order);
        assertThat(failure.kind()).isEqualTo(FailureKind.CONTRACT);
        assertThat(failure.rule()).isEqualTo("sender");
        assertThat(failure.value()).isEqualTo("globex");
        assertThat(failure.message()).contains("acme");
    }

    @Test
    void letsTheOnlySenderCallItselfAnything() {
        assertThat(translate(Shop.order("1", "1"), "default")).isInstanceOf(Translated.Said.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "number": .order.number  | "number": number("x" + .order.number) | mapping                          | :8:
        "time": .order.placedAt  | "time": "yesterday"                   | mapping result                   | instant such as
        "time": .order.placedAt  | "time": "2026-05-01"                  | mapping result                   | instant such as
        "time": .order.placedAt  | "when": .order.placedAt               | mapping result                   | beside subject, time and data
        "subject": .order.number | "subject": 7                          | mapping result                   | must be text
        "subject": .order.number | "ignore": "why"                       | mapping result                   | stands alone
        "tier": .order.tier      | "tier": "wood"                        | events/order.placed.v1 enum      | /data/tier
        "tier": .order.tier      | "colour": "red"                       | events/order.placed.v1 additionalProperties | /data
        """)
    void blamesTheMapping(String piece, String other, String rule, String message) {
        shop.change(MAPPING, piece, other);
        var failure = failure(Shop.order("1", "1"));
        assertThat(failure.kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(failure.place()).startsWith(MAPPING);
        assertThat(failure.rule()).isEqualTo(rule);
        assertThat(failure.place() + " " + failure.message()).contains(message);
    }

    @Test
    void refusesAMappingThatGivesNoObject() {
        shop.put(MAPPING, "[1]");
        assertThat(failure(Shop.order("1", "1")).rule()).isEqualTo("mapping result");
    }

    @Test
    void prefersTheRouteNamedAfterTheConnector() {
        shop.put("routes/translate/shop.camel.yaml", route("""
                    - to: kamelet:hub-contract
                    - setBody:
                        expression:
                          language: { language: jslt, expression: '{"kind": "from a route"} + .' }
                    - to: kamelet:hub-mapping
                    - to: kamelet:hub-canonical
            """));
        shop.change(MAPPING, "\"subject\": .order.number", "\"subject\": .kind");
        assertThat(said(Shop.order("1", "1")).subject()).isEqualTo("from a route");
    }

    @Test
    void saysWhichStepARouteLacks() {
        shop.put("routes/translate/shop.camel.yaml", route("        - to: kamelet:hub-contract\n"));
        assertThat(failure(Shop.order("1", "1")).message()).contains("hub-canonical");

        shop.put("routes/translate/shop.camel.yaml", route("        - to: kamelet:hub-mapping\n"));
        assertThat(failure(Shop.order("1", "1")).message()).contains("hub-contract first");
    }

    @Test
    void tellsABugFromABadMapping() {
        shop.put("routes/translate/shop.camel.yaml", route("""
                    - to: kamelet:hub-contract
                    - setBody:
                        constant: no tree
                    - filter:
                        expression:
                          language: { language: jslt, expression: .x }
                        steps:
                          - stop: {}
            """));
        var failure = failure(Shop.order("1", "1"));
        assertThat(failure.kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(failure.place()).isEqualTo("routes/translate/shop.camel.yaml (route shop)");
        assertThat(failure.detail()).contains("IllegalStateException");
    }

    @Test
    void namesEveryRouteThatCannotBeLoaded() {
        shop.put("routes/translate/shop.camel.yaml", route("        - tow: kamelet:hub-contract\n"));
        shop.put("routes/translate/other.camel.yaml", route("        - to: nowhere:at-all\n"));
        shop.put(
                "routes/translate/third.camel.yaml",
                route("        - to: hub:trigger\n").replace("shop", "third"));
        assertThatThrownBy(() -> new CamelTranslator(shop.configuration()))
                .isInstanceOf(BrokenRoutesException.class)
                .hasMessageContaining("routes/translate/shop.camel.yaml:7")
                .hasMessageContaining("routes/translate/other.camel.yaml")
                .hasMessageContaining("routes/translate/third.camel.yaml")
                .hasMessageContaining("hub:trigger");
    }

    @Test
    void needsTheDefaultRoute() {
        shop.files().remove("routes/translate/default.camel.yaml");
        assertThatThrownBy(() -> new CamelTranslator(shop.configuration()))
                .isInstanceOf(BrokenRoutesException.class)
                .hasMessageContaining("routes/translate/default.camel.yaml: is missing");
    }

    private static String route(String steps) {
        return """
            - route:
                id: shop
                description: The shop's own way.
                from:
                  uri: direct:translate-shop
                  steps:
            """ + steps;
    }

    private Translated translate(JsonNode tree) {
        return translate(tree, "acme");
    }

    private Translated translate(JsonNode tree, String sender) {
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration)) {
            return translator.translate(Shop.source(configuration, sender, "4711", tree));
        }
    }

    private Event said(JsonNode tree) {
        return assertThat(translate(tree))
                .asInstanceOf(type(Translated.Said.class))
                .actual()
                .event();
    }

    private Failure failure(JsonNode tree) {
        var failure = new Failure[1];
        assertThatThrownBy(() -> translate(tree))
                .isInstanceOfSatisfying(FailedException.class, e -> failure[0] = e.failure());
        return failure[0];
    }
}
