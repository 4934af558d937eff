package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.intake.Letter;
import io.dovetail.intake.poll.camel.CamelPolls;
import io.dovetail.ledger.Cursors.Cursor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A route that ships, which asks over the wire: what it hands over, and what it remembers. */
final class ShippedPoll implements AutoCloseable {

    private final HttpNetwork network = new HttpNetwork();
    private final String id;
    private final Map<String, String> secrets;
    private final Map<String, String> changes;
    private final Callers callers;
    private final List<String> stored = new ArrayList<>();
    private @Nullable Cursor cursor;
    private boolean hasNoDatabase;

    /** @param changes in its connector's files and its own: pieces, and what stands there instead */
    ShippedPoll(String id, Map<String, String> secrets, Map<String, String> changes) {
        this.id = id;
        this.secrets = secrets;
        this.changes = changes;
        this.callers = new Callers(network, secrets::get, Clock.systemUTC(), new SimpleMeterRegistry());
    }

    private Map<String, byte[]> files() {
        var connector = id.split("\\.")[0];
        var files = new HashMap<String, byte[]>();
        Configuration.filesBelow(Path.of(".")).forEach((path, content) -> {
            if (path.matches("schemas/.*|connectors/(hub|" + connector + ")/.*|routes/intake/" + connector
                    + "\\..*|routes/translate/default.*")) {
                var text = new String(content, UTF_8);
                if (!path.startsWith("schemas/")) {
                    for (var change : changes.entrySet()) {
                        text = text.replace(change.getKey(), change.getValue());
                    }
                }
                files.put(path, text.getBytes(UTF_8));
            }
        });
        return files;
    }

    Configuration configuration() {
        var problems = new Problems();
        var configuration = Configuration.of(files(), problems);
        assertThat(problems.list()).isEmpty();
        return configuration;
    }

    /** Once, to the source's end. */
    void read(Instant now) {
        var keeper = new Keeper() {
            @Override
            public void store(List<Letter> letters) {
                if (hasNoDatabase) {
                    throw new IllegalStateException("no database");
                }
                letters.forEach(letter -> stored.add(new String(letter.body(), UTF_8)));
            }

            @Override
            public @Nullable String objection(String sender, byte[] body) {
                // the running hub looks at more of it
                var text = new String(body, UTF_8);
                return text.startsWith("refused ") ? text.replace("refused ", "") : null;
            }

            @Override
            public void keep(Cursor next) {
                cursor = next;
            }
        };
        try (var polls = new CamelPolls(configuration())) {
            var poll = polls.routes().stream()
                    .filter(one -> one.poll().id().equals(id))
                    .findFirst()
                    .orElseThrow();
            assertThat(secrets.keySet()).containsAll(poll.secrets());
            new Round(poll, callers, keeper, cursor, now).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bodies, in their order. */
    List<String> stored() {
        return List.copyOf(stored);
    }

    void losesItsDatabase(boolean gone) {
        hasNoDatabase = gone;
    }

    /** As if it had read so far. */
    void isAt(String position, Instant readAt) {
        cursor = new Cursor(position, readAt);
    }

    String position() {
        return cursor == null ? "" : cursor.position();
    }

    @Override
    public void close() {
        network.close();
    }
}
