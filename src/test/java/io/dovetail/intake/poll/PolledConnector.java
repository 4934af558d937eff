package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.Caller;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.codec.JsonCodec;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import io.dovetail.event.FailedException;
import io.dovetail.event.Ids;
import io.dovetail.event.Lineage;
import io.dovetail.intake.Letter;
import io.dovetail.intake.poll.camel.CamelPolls;
import io.dovetail.ledger.Cursors.Cursor;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.camel.CamelTranslator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A shipped connector that asks its system, over the wire but without TLS, with a ledger that remembers what it has
 * handed over, and how far it is: until a test says so, at ten to twelve.
 */
final class PolledConnector implements AutoCloseable, Keeper {

    static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private final String name;
    private final Map<String, String> secrets;
    private final Configuration configuration;
    private final HttpNetwork network = new HttpNetwork();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Callers callers;
    private final List<String> bodies = new ArrayList<>();
    private @Nullable Cursor cursor = new Cursor("{\"time\":\"2026-05-01T11:50:00.000Z\"}", NOON);
    private Runnable beforeStoring = () -> {};

    /** @param change of its Kamelets and routes, as to shorter pages */
    PolledConnector(String name, Map<String, String> secrets, UnaryOperator<String> change) {
        this.name = name;
        this.secrets = secrets;
        this.callers = new Callers(network, secrets::get, Clock.systemUTC(), meters);
        var problems = new Problems();
        this.configuration = Configuration.of(files(change), problems);
        assertThat(problems.list()).isEmpty();
    }

    private Map<String, byte[]> files(UnaryOperator<String> change) {
        var files = new HashMap<String, byte[]>();
        Configuration.filesBelow(Path.of(".")).forEach((path, content) -> {
            if (path.startsWith("connectors/" + name + "/") || path.startsWith("routes/intake/" + name + ".")) {
                var text = new String(content, UTF_8).replace("https://{{" + name, "http://{{" + name);
                files.put(path, change.apply(text).getBytes(UTF_8));
            } else if (path.matches("schemas/.*|connectors/hub/.*|routes/translate/default\\..*")) {
                files.put(path, content);
            }
        });
        return files;
    }

    /** As if it had read so far; null: it has never asked. */
    PolledConnector isAt(@Nullable Cursor reached) {
        cursor = reached;
        return this;
    }

    Connector rules() {
        return configuration.connectors().get(name);
    }

    Callers callers() {
        return callers;
    }

    SimpleMeterRegistry meters() {
        return meters;
    }

    /** All deliveries, in their order, with those that were handed over again. */
    List<String> bodies() {
        return bodies;
    }

    List<JsonNode> stored() {
        return bodies.stream().map(Shop::tree).toList();
    }

    List<String> stored(String pointer) {
        return stored().stream().map(item -> item.at(pointer).asText()).toList();
    }

    /** What of it is an event of its own, as the ledger tells them apart: by id, and those of one id have one content. */
    List<String> events() {
        var contents = new HashMap<String, byte[]>();
        var events = new ArrayList<String>();
        for (var tree : stored()) {
            for (var part : rules().read(tree)) {
                assertThat(part.problem()).isNull();
                var content = rules().content(part, JsonCodec.write(part.tree()));
                var first = contents.putIfAbsent(String.valueOf(part.id()), content);
                if (first == null) {
                    events.add(part.emits() + " " + part.id());
                } else {
                    assertThat(content).as("what has the id %s", part.id()).isEqualTo(first);
                }
            }
        }
        return events;
    }

    /** What the connector makes of something that was handed over, which is one event. */
    Translated translated(int item) {
        var part = rules().read(stored().get(item)).getFirst();
        var source = new Source(
                rules(),
                "default",
                Ids.event(name, "default", String.valueOf(part.id())),
                part.tree(),
                part.key(),
                new UUID(0, 1),
                Shop.ACCEPTED_AT,
                null,
                0,
                null,
                Lineage.NONE);
        try (var translator = new CamelTranslator(configuration)) {
            return translator.translate(source, Caller.NOBODY);
        }
    }

    String position() {
        return cursor == null ? "" : cursor.position();
    }

    /** What comes to pass while the hub has read something and not yet stored it. */
    void beforeStoring(Runnable happens) {
        beforeStoring = happens;
    }

    @Override
    public void store(List<Letter> letters) {
        if (!letters.isEmpty()) {
            beforeStoring.run();
        }
        letters.forEach(letter -> bodies.add(new String(letter.body(), UTF_8)));
    }

    /** The running hub looks at more of it. */
    @Override
    public @Nullable String objection(String sender, byte[] body) {
        var text = new String(body, UTF_8);
        return text.startsWith("refused ") ? text.replace("refused ", "") : null;
    }

    @Override
    public void keep(Cursor next) {
        cursor = next;
    }

    /** Asks once, to the source's end. */
    void read(String route, Instant now) {
        try (var polls = new CamelPolls(configuration)) {
            var poll = polls.routes().stream()
                    .filter(one -> one.poll().id().equals(route))
                    .findFirst()
                    .orElseThrow();
            assertThat(poll.secrets()).isEqualTo(secrets.keySet());
            new Round(poll, callers, this, cursor, now).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void read(String route) {
        read(route, NOON);
    }

    FailedException failsToRead(String route, Instant now) {
        return catchThrowableOfType(FailedException.class, () -> read(route, now));
    }

    FailedException failsToRead(String route) {
        return failsToRead(route, NOON);
    }

    @Override
    public void close() {
        network.close();
    }
}
