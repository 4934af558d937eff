package io.dovetail.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.camel.Shop;
import io.dovetail.ledger.NewDelivery;
import io.dovetail.ledger.NewDelivery.NewEvent;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class LettersTest {

    private static final String CONNECTOR = "connectors/shop/connector.yaml";
    private static final String ORDER = "{\"kind\": \"order\", \"order\": {\"number\": \"4711\"}}";

    private static NewEvent event(Shop shop) {
        var connector = requireNonNull(shop.configuration().connector("shop"));
        var letter = new Letter("default", null, false, "application/json", ORDER.getBytes(UTF_8), null);
        return new Letters(Clock.systemUTC())
                .delivery(connector, letter)
                .events()
                .getFirst();
    }

    private static NewDelivery delivery(Shop shop, String body) {
        var connector = requireNonNull(shop.configuration().connector("shop"));
        var letter = new Letter("default", null, false, "application/json", body.getBytes(UTF_8), null);
        return new Letters(Clock.systemUTC()).delivery(connector, letter);
    }

    @Test
    void storesNoCredentialThatTheConnectorNamesAndKnowsTheDeliveryByWhatArrived() throws Exception {
        var arrived = ORDER.replace("{\"kind\"", "{\"session\": \"abc123\", \"kind\"");
        var shop = new Shop().change(CONNECTOR, "    maxBytes:", "    redactBeforeStore: [session]\n    maxBytes:");

        var delivery = delivery(shop, arrived);

        assertThat(new String(delivery.body(), UTF_8))
                .contains("[redacted]", "4711")
                .doesNotContain("abc123");
        assertThat(delivery.bodyHash())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(arrived.getBytes(UTF_8)));
        assertThat(delivery.events()).singleElement().matches(event -> "4711".equals(event.key()));
        assertThat(delivery(shop, ORDER).body()).asString().isEqualTo(ORDER);
    }

    @Test
    void doesNotKeepWhatItCannotReadWhereACredentialMayStand() {
        var broken = "{\"session\": \"abc123\", \"order\"";
        var shop = new Shop();
        assertThat(delivery(shop, broken).body()).asString().isEqualTo(broken);

        shop.change(CONNECTOR, "    maxBytes:", "    redactBeforeStore: [session]\n    maxBytes:");

        assertThat(delivery(shop, broken).body())
                .asString()
                .startsWith("This body is not kept")
                .doesNotContain("abc123");
    }

    @Test
    void keepsTheOrderOfAKeyUnlessTheConnectorHasNone() {
        assertThat(event(new Shop())).matches(event -> "4711".equals(event.key()) && event.ordered());
        assertThat(event(new Shop().change(CONNECTOR, "split: none", "order: none")))
                .matches(event -> "4711".equals(event.key()) && !event.ordered());
    }

    @Test
    void takesAnotherTellingOfAnIdForTheSameWhereTheConnectorSaysSo() throws Exception {
        var shop = new Shop();
        var other = ORDER.replace("{\"kind\"", "{\"door\": \"poller\", \"kind\"");
        assertThat(content(shop, other)).isNotEqualTo(content(shop, ORDER));

        shop.change(CONNECTOR, "id: .order.number", "id: .order.number\n    sameBy: id");
        assertThat(content(shop, other)).isEqualTo(content(shop, ORDER));
        assertThat(content(shop, ORDER.replace("4711", "4712"))).isNotEqualTo(content(shop, ORDER));
    }

    /** Whose id was used before; also where a rule gives its events no id, and they have names all the same. */
    @Test
    void takesTheNamesFromTheEventsOfAConflict() {
        for (var shop : List.of(new Shop(), new Shop().change(CONNECTOR, "id: .order.number", ""))) {
            var connector = requireNonNull(shop.configuration().connector("shop"));
            var letter = new Letter("default", "no-1", true, "application/json", ORDER.getBytes(UTF_8), null);
            var letters = new Letters(Clock.systemUTC());
            var conflicting = letters.conflicting(connector, letter);
            assertThat(conflicting.sourceId()).isEqualTo("no-1");
            assertThat(conflicting.signed()).isFalse();
            assertThat(conflicting.events())
                    .singleElement()
                    .matches(event -> event.sourceId() == null && event.key() == null && event.emits() == null)
                    .matches(event -> event.keys()
                            .equals(letters.delivery(connector, letter)
                                    .events()
                                    .getFirst()
                                    .keys()));
        }
    }

    private static byte[] content(Shop shop, String body) {
        return delivery(shop, body).events().getFirst().contentHash();
    }

    @Test
    void takesTheSameBytesForNewsWhereNothingNamesAnEvent() {
        var named = requireNonNull(new Shop().configuration().connector("shop"));
        var unnamed = requireNonNull(new Shop()
                .change(CONNECTOR, "id: .order.number", "")
                .configuration()
                .connector("shop"));
        var letters = new Letters(Clock.systemUTC());
        var letter = new Letter("default", null, false, "application/json", ORDER.getBytes(UTF_8), null);

        assertThat(letters.delivery(named, letter).sourceId())
                .isEqualTo(letters.delivery(named, letter).sourceId());
        var first = letters.delivery(unnamed, letter);
        var second = letters.delivery(unnamed, letter);
        assertThat(first.sourceId()).isNotEqualTo(second.sourceId());
        assertThat(first.events().getFirst().id())
                .isNotEqualTo(second.events().getFirst().id());
        assertThat(first.events().getFirst())
                .matches(event -> "4711".equals(event.key()) && event.emits() != null && event.sourceId() != null);

        // of what waits in a queue, and is offered until it is stored, the place in it tells
        assertThat(letters.delivery(unnamed, letter.at("in.shop/7")).sourceId())
                .isEqualTo(letters.delivery(unnamed, letter.at("in.shop/7")).sourceId())
                .isNotEqualTo(letters.delivery(unnamed, letter.at("in.shop/8")).sourceId());

        var numbered = new Letter("default", "no-1", false, "application/json", ORDER.getBytes(UTF_8), null);
        assertThat(letters.delivery(unnamed, numbered).sourceId())
                .isEqualTo(letters.delivery(unnamed, numbered).sourceId());
    }
}
