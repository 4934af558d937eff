package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.Caller;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Part;
import io.dovetail.connector.Problems;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A shipped connector's poller over the wire, with a ledger that remembers what it was handed and how far it is. */
final class PolledSource implements AutoCloseable {

    private final String connector;
    private final Configuration configuration;
    private final HttpNetwork network = new HttpNetwork();
    private final Callers callers;
    private final Map<String, String> secrets;
    private final List<JsonNode> stored = new ArrayList<>();
    private Cursor cursor;

    /**
     * @param begin up to when all has been read
     * @param change of the routes' texts, as to have shorter pages
     */
    PolledSource(String connector, Map<String, String> secrets, Instant begin, UnaryOperator<String> change) {
        this.connector = connector;
        this.secrets = secrets;
        this.callers = new Callers(network, secrets::get, Clock.systemUTC(), new SimpleMeterRegistry());
        this.cursor = new Cursor(Position.at(begin).json(), begin);
        var problems = new Problems();
        this.configuration = Configuration.of(files(connector, change), problems);
        assertThat(problems.list()).isEmpty();
    }

    /** The shipped files, but that no TLS is spoken. */
    private static Map<String, byte[]> files(String connector, UnaryOperator<String> change) {
        var files = new HashMap<String, byte[]>();
        Configuration.filesBelow(Path.of(".")).forEach((path, content) -> {
            if (path.startsWith("routes/intake/" + connector + ".")) {
                files.put(path, change.apply(new String(content, UTF_8)).getBytes(UTF_8));
            } else if (path.matches("connectors/" + connector + "/.*\\.kamelet\\.yaml")) {
                files.put(
                        path,
                        new String(content, UTF_8)
                                .replace("https://", "http://")
                                .getBytes(UTF_8));
            } else if (path.matches("schemas/.*|routes/translate/default\\..*|connectors/(hub|" + connector + ")/.*")) {
                files.put(path, content);
            }
        });
        return files;
    }

    /** Once, to the source's end. */
    void read(String route, Instant now) {
        var keeper = new Keeper() {
            @Override
            public void store(List<Letter> letters) {
                letters.forEach(letter -> stored.add(Shop.tree(new String(letter.body(), UTF_8))));
            }

            @Override
            public void keep(Cursor next) {
                cursor = next;
            }
        };
        try (var polls = new CamelPolls(configuration)) {
            var poll = polls.routes().stream()
                    .filter(one -> one.poll().id().equals(route))
                    .findFirst()
                    .orElseThrow();
            assertThat(poll.secrets()).isEqualTo(secrets.keySet());
            new Round(poll, callers, keeper, cursor, now).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that was handed over, also twice. */
    List<JsonNode> stored() {
        return stored;
    }

    /** What of it is an event of its own, as the ledger tells them apart: by id, and those of one id have one content. */
    List<String> events() {
        var ids = new ArrayList<String>();
        var seen = new HashMap<String, byte[]>();
        var different = new HashSet<String>();
        for (var tree : stored) {
            for (Part part : configuration.connectors().get(connector).read(tree)) {
                assertThat(part.problem()).isNull();
                var first = seen.putIfAbsent(String.valueOf(part.id()), part.content());
                if (first == null) {
                    ids.add(part.emits() + " " + part.id());
                } else if (!Arrays.equals(first, part.content())) {
                    different.add(part.id());
                }
            }
        }
        assertThat(different).as("one id, and other content").isEmpty();
        return ids;
    }

    /** What the connector makes of something that was handed over, which is one event. */
    Translated translated(int item) {
        var rules = configuration.connectors().get(connector);
        var part = rules.read(stored.get(item)).getFirst();
        var id = Ids.event(connector, "default", String.valueOf(part.id()));
        try (var translator = new CamelTranslator(configuration)) {
            return translator.translate(
                    new Source(
                            rules,
                            "default",
                            id,
                            part.tree(),
                            part.key(),
                            new UUID(0, 1),
                            Shop.ACCEPTED_AT,
                            null,
                            0,
                            null,
                            Lineage.NONE),
                    Caller.NOBODY);
        }
    }

    String position() {
        return cursor.position();
    }

    @Override
    public void close() {
        network.close();
    }
}
