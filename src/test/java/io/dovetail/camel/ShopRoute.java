package io.dovetail.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.event.FailedException;
import io.dovetail.translate.Translated;
import io.dovetail.translate.camel.CamelTranslator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** A shop's route that tells another system of orders, by the Kamelets that are shipped for it, over the wire. */
public final class ShopRoute implements AutoCloseable {

    public static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Shop shop = new Shop();
    private final HttpNetwork network = new HttpNetwork();
    private final Callers callers;

    /**
     * @param connector whose Kamelets it may use; as they are shipped, but that no TLS is spoken
     * @param answer what in the route's variables the number of its event is
     */
    public ShopRoute(String connector, Map<String, String> secrets, String answer) {
        callers = new Callers(network, secrets::get, Clock.systemUTC(), new SimpleMeterRegistry());
        try (var kamelets = Files.newDirectoryStream(Path.of("connectors", connector), "*.kamelet.yaml")) {
            for (var kamelet : kamelets) {
                var text = Files.readString(kamelet);
                assertThat(text).contains("https://{{" + connector + ".host}}");
                shop.put("connectors/shop/" + kamelet.getFileName(), text.replace("https://", "http://"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shop.change("connectors/shop/connector.yaml", "otherwise: park", "calls: {}\notherwise: park");
        shop.change("connectors/shop/mappings/order.jslt", "\"number\": .order.number", "\"number\": " + answer);
    }

    /** The step by which a route says what a Kamelet is to know. */
    public static String set(String variable, String expression) {
        return """
                - setVariable:
                    name: %s
                    expression:
                      language:
                        language: jslt
                        expression: |
                %s""".formatted(variable, expression.indent(10));
    }

    public String run(String steps, String order) {
        return run(steps, order, "1");
    }

    /** Makes one attempt with an order, and gives the number that its event then has. */
    public String run(String steps, String order, String total) {
        shop.put("routes/translate/shop.camel.yaml", """
                - route:
                    id: shop
                    description: What is ordered in the shop is told to others.
                    from:
                      uri: direct:translate-shop
                      steps:
                        - to: kamelet:hub-contract
                %s        - to: kamelet:hub-mapping
                        - to: kamelet:hub-canonical
                """.formatted(steps.indent(8)));
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration)) {
            var said = translator.translate(
                    Shop.source(configuration, "acme", order, Shop.order(order, total)), callers.of("shop", DEADLINE));
            return ((Translated.Said) said).event().data().path("number").asText();
        }
    }

    public static FailedException failure(Runnable attempt) {
        return catchThrowableOfType(FailedException.class, attempt::run);
    }

    @Override
    public void close() {
        network.close();
    }
}
