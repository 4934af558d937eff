package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.intake.poll.camel.CamelPolls;
import io.dovetail.ledger.Cursors.Cursor;
import io.dovetail.translate.camel.CamelTranslator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A shipped connector that asks its system, over the wire but without TLS, and what it has handed over. */
final class PolledConnector implements AutoCloseable {

    static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private final String name;
    private final Map<String, String> secrets;
    private final UnaryOperator<String> change;
    private final HttpNetwork network = new HttpNetwork();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Callers callers;
    private final List<JsonNode> stored = new ArrayList<>();
    private Cursor cursor = new Cursor("{\"time\":\"2026-05-01T11:50:00.000Z\"}", NOON);
    private Runnable beforeStoring = () -> {};

    /** @param change of its Kamelets and routes, as to shorter pages */
    PolledConnector(String name, Map<String, String> secrets, UnaryOperator<String> change) {
        this.name = name;
        this.secrets = secrets;
        this.change = change;
        this.callers = new Callers(network, secrets::get, Clock.systemUTC(), meters);
    }

    Callers callers() {
        return callers;
    }

    SimpleMeterRegistry meters() {
        return meters;
    }

    /** All deliveries, in their order, with those that were handed over again. */
    List<JsonNode> stored() {
        return stored;
    }

    List<String> stored(String pointer) {
        return stored.stream().map(item -> item.at(pointer).asText()).toList();
    }

    String position() {
        return cursor.position();
    }

    /** What comes to pass while the hub has read something and not yet stored it. */
    void beforeStoring(Runnable happens) {
        beforeStoring = happens;
    }

    private Configuration configuration() {
        var files = new HashMap<String, byte[]>();
        Configuration.filesBelow(Path.of(".")).forEach((path, content) -> {
            if (path.matches("schemas/.*|connectors/(hub|" + name + ")/.*|routes/intake/" + name
                    + "\\..*|routes/translate/.*")) {
                var text = new String(content, UTF_8);
                var isAsking = path.startsWith("connectors/" + name) || path.startsWith("routes/intake/");
                files.put(
                        path,
                        isAsking
                                ? change.apply(text.replace("https://{{" + name, "http://{{" + name))
                                        .getBytes(UTF_8)
                                : content);
            }
        });
        var problems = new Problems();
        var configuration = Configuration.of(files, problems);
        assertThat(problems.list()).isEmpty();
        return configuration;
    }

    /** Asks once, to the source's end. */
    void read(String route) {
        var keeper = new Keeper() {
            @Override
            public void store(List<Letter> letters) {
                if (!letters.isEmpty()) {
                    beforeStoring.run();
                }
                letters.forEach(letter -> stored.add(Shop.tree(new String(letter.body(), UTF_8))));
            }

            @Override
            public void keep(Cursor next) {
                cursor = next;
            }
        };
        try (var polls = new CamelPolls(configuration())) {
            var poll = polls.routes().stream()
                    .filter(one -> one.poll().id().equals(route))
                    .findFirst()
                    .orElseThrow();
            assertThat(poll.secrets()).isEqualTo(secrets.keySet());
            new Round(poll, callers, keeper, cursor, NOON).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    FailedException failsToRead(String route) {
        return catchThrowableOfType(FailedException.class, () -> read(route));
    }

    /** Makes one attempt with an order's event, by a shop's route that uses the connector's Kamelets. */
    void write(String steps, String order) {
        var shop = new Shop();
        configuration().files().forEach((path, content) -> {
            if (path.startsWith("connectors/" + name + "/") && path.endsWith(".kamelet.yaml")) {
                shop.files().put(path.replace("connectors/" + name + "/", "connectors/shop/"), content);
            }
        });
        shop.change("connectors/shop/connector.yaml", "otherwise: park", "calls: {}\notherwise: park");
        shop.put("routes/translate/shop.camel.yaml", """
                - route:
                    id: shop
                    description: What becomes of an order is told to others.
                    from:
                      uri: direct:translate-shop
                      steps:
                        - to: kamelet:hub-contract
                %s        - to: kamelet:hub-mapping
                        - to: kamelet:hub-canonical
                """.formatted(steps.indent(8)));
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration)) {
            translator.translate(
                    Shop.source(configuration, "acme", order, Shop.order(order, "1")),
                    callers.of("shop", Duration.ofSeconds(10)));
        }
    }

    FailedException failsToWrite(String steps, String order) {
        return catchThrowableOfType(FailedException.class, () -> write(steps, order));
    }

    @Override
    public void close() {
        network.close();
    }
}
