package io.dovetail.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.camel.Shop;
import io.dovetail.ledger.NewDelivery;
import io.dovetail.ledger.NewDelivery.NewEvent;
import java.security.MessageDigest;
import java.time.Clock;
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

        var numbered = new Letter("default", "no-1", false, "application/json", ORDER.getBytes(UTF_8), null);
        assertThat(letters.delivery(unnamed, numbered).sourceId())
                .isEqualTo(letters.delivery(unnamed, numbered).sourceId());
    }
}
