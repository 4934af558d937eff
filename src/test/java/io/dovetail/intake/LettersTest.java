package io.dovetail.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.camel.Shop;
import io.dovetail.ledger.NewDelivery.NewEvent;
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

    @Test
    void keepsTheOrderOfAKeyUnlessTheConnectorHasNone() {
        assertThat(event(new Shop())).matches(event -> "4711".equals(event.key()) && event.ordered());
        assertThat(event(new Shop().change(CONNECTOR, "split: none", "order: none")))
                .matches(event -> "4711".equals(event.key()) && !event.ordered());
    }
}
