package io.dovetail.connector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.camel.Shop;
import io.dovetail.codec.MalformedException;
import org.junit.jupiter.api.Test;

/** What a contract marks as sensitive is not told where something fails, and not shown to those who may only look. */
class SensitivityTest {

    private static final String CONNECTOR = "connectors/shop/connector.yaml";
    private static final String CONTRACT = "schemas/shop/order.v1.schema.json";
    private static final String MARKED = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
             "properties": {
               "number": {"type": "string"},
               "customer": {"$ref": "#/$defs/person", "type": "object", "required": ["email"]},
               "contacts": {"type": "array", "items": {"$ref": "#/$defs/person"}}},
             "$defs": {"person": {"properties": {
               "email": {"type": "string", "pattern": "@", "x-sensitivity": "personal"},
               "friends": {"items": {"$ref": "#/$defs/person"}}}}}}""";

    private final Shop shop = new Shop().put(CONTRACT, MARKED);

    private Schema contract() {
        return requireNonNull(shop.configuration().schemas().find("shop/order.v1"));
    }

    private String shown(String body, boolean part) throws MalformedException {
        var connector = requireNonNull(shop.configuration().connector("shop"));
        return new String(connector.shown(body.getBytes(UTF_8), part), UTF_8);
    }

    @Test
    void aFailureDoesNotTellTheValue() {
        var violation = requireNonNull(contract().check(Shop.tree("{\"customer\": {\"email\": \"mia.lund\"}}")));

        assertThat(violation.pointer()).isEqualTo("/customer/email");
        assertThat(violation.toString()).contains("not shown").doesNotContain("mia.lund");
    }

    @Test
    void norThatOfWhatItStandsIn() {
        var violation = requireNonNull(contract().check(Shop.tree("{\"contacts\": {\"email\": \"mia.lund@x\"}}")));

        assertThat(violation.keyword()).isEqualTo("type");
        assertThat(violation.toString()).doesNotContain("mia.lund");
    }

    @Test
    void otherValuesAreTold() {
        var violation = requireNonNull(contract().check(Shop.tree("{\"number\": 4711}")));

        assertThat(violation.value()).isEqualTo("4711");
    }

    @Test
    void whoMayOnlyLookSeesTheRest() throws MalformedException {
        var body = "{\"number\":\"4711\",\"contacts\":[{\"email\":\"a@x\",\"id\":1}]}";

        assertThat(shown(body, true)).isEqualTo(shown(body, false)).isEqualTo(body.replace("a@x", "[redacted]"));
    }

    @Test
    void ofASchemaWithinItselfNothing() throws MalformedException {
        assertThat(shown("{\"customer\":{\"friends\":[{\"friends\":[{\"email\":\"a@x\"}]}]}}", true))
                .doesNotContain("a@x");
    }

    @Test
    void alsoInADeliveryOfMany() throws MalformedException {
        shop.change(CONNECTOR, "split: none", "split: orders.list[]");

        assertThat(shown("{\"orders\":{\"list\":[{\"customer\":{\"email\":\"a@x\"}}]}}", false))
                .doesNotContain("a@x");
        assertThat(shown("{\"customer\":{\"email\":\"a@x\"}}", true)).doesNotContain("a@x");
    }

    @Test
    void whatCannotBeReadIsNotShown() {
        assertThatThrownBy(() -> shown("{\"customer\":{\"email\":\"a@x\"", false))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void checkKnowsTheWords() {
        var problems = new Problems();
        shop.change(CONTRACT, "\"personal\"", "\"private\"");
        Configuration.of(shop.files(), problems);
        assertThat(problems.list().toString()).contains("x-sensitivity is personal, confidential or secret");
    }

    @Test
    void checkKnowsWhatCannotBeOverwritten() {
        var problems = new Problems();
        shop.change(CONNECTOR, "    maxBytes:", "    redactBeforeStore: [a.b, \"a..b\"]\n    maxBytes:");
        Configuration.of(shop.files(), problems);
        assertThat(problems.list()).singleElement().asString().contains("redactBeforeStore holds paths as");
    }
}
