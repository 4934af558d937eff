package io.dovetail.intake.poll;

import io.dovetail.call.Callers;
import io.dovetail.call.Secrets;
import io.dovetail.connector.Configuration;
import io.dovetail.intake.Intake;
import io.dovetail.intake.file.FileRoute;
import io.dovetail.intake.file.FolderSource;
import io.dovetail.ledger.Actor;
import io.dovetail.ledger.Cursors;
import io.dovetail.ledger.Cursors.Cursor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A poller for each route of the live version that asks for news. */
public final class Pollers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Pollers.class);

    private final Supplier<Configuration> live;
    private final Function<Configuration, PollRoutes> loader;
    private final UnaryOperator<Set<String>> missing;
    private final Secrets secrets;
    private final Intake intake;
    private final Cursors cursors;
    private final Callers callers;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<String, Running> pollers = new TreeMap<>();
    // for those who must not wait for anybody here
    private volatile List<Poller> asking = List.of();
    private String version = "";
    private @Nullable PollRoutes routes;
    private volatile @Nullable String unloaded;

    private record Running(Source source, Poller poller, Gauge age) {}

    /**
     * How far a source is read.
     *
     * @param poll the route that asks it
     * @param position where it is read on, as JSON; null: it was never asked
     * @param readAt when the last asking began that came to its end; null: none did
     * @param obstacle why it is not read on; null: it is
     */
    public record Reading(
            String poll,
            String connector,
            @Nullable String position,
            @Nullable Instant readAt,
            @Nullable String obstacle) {}

    /**
     * @param live the configuration that is live
     * @param loader makes its routes ready
     * @param missing of some secrets, those that are not there
     * @param secrets where the folders' places are
     */
    public Pollers(
            Supplier<Configuration> live,
            Function<Configuration, PollRoutes> loader,
            UnaryOperator<Set<String>> missing,
            Secrets secrets,
            Intake intake,
            Cursors cursors,
            Callers callers,
            Clock clock,
            MeterRegistry meters) {
        this.live = live;
        this.loader = loader;
        this.missing = missing;
        this.secrets = secrets;
        this.intake = intake;
        this.cursors = cursors;
        this.callers = callers;
        this.clock = clock;
        this.meters = meters;
    }

    /** Asks as the live version wants it, and in no other way any more. */
    public synchronized void adapt() {
        var configuration = live.get();
        if (configuration.hash().equals(version)) {
            return;
        }
        close();
        try {
            var loaded = loader.apply(configuration);
            routes = loaded;
            loaded.routes().forEach(route -> begin(new AskedSource(route, callers)));
            loaded.files().forEach(route -> begin(folder(configuration, route)));
            rememberWhoAsks();
            unloaded = null;
        } catch (RuntimeException e) {
            log.error("Nothing is polled; routes/intake cannot be loaded", e);
            unloaded = e.getMessage();
        }
        version = configuration.hash();
    }

    private Source folder(Configuration configuration, FileRoute route) {
        var connector = configuration.connector(route.door().connector());
        if (connector == null) {
            throw new IllegalStateException(
                    "there is no connector " + route.door().connector());
        }
        return new FolderSource(
                route,
                connector,
                secrets,
                (reason, about) -> intake.refused(connector.name(), route.door().sender(), reason, about));
    }

    private void begin(Source source) {
        var poller = new Poller(source, missing, intake, cursors, clock, meters);
        var age = Gauge.builder("hub_poll_age_seconds", poller, Poller::age)
                .tag("connector", source.connector())
                .tag("poll", source.id())
                .description("Seconds since the source was last asked and read to its end")
                .register(meters);
        pollers.put(source.id(), new Running(source, poller, age));
        poller.start();
    }

    /** A connector's system has sent something by itself: whoever asks it may hurry. */
    public void hint(String connector) {
        for (var poller : asking) {
            if (poller.connector().equals(connector)) {
                poller.hint();
            }
        }
    }

    /** Why a source is not read, by the route that asks it; without those that are. */
    public Map<String, String> obstacles() {
        var obstacles = new TreeMap<String, String>();
        var broken = unloaded;
        if (broken != null) {
            obstacles.put("routes/intake", broken);
        }
        for (var poller : asking) {
            var obstacle = poller.obstacle();
            if (obstacle != null) {
                obstacles.put(poller.id(), obstacle);
            }
        }
        return obstacles;
    }

    /** All sources that the live version asks. */
    public List<Reading> list() {
        return asking.stream().map(this::reading).toList();
    }

    private Reading reading(Poller poller) {
        var cursor = cursors.find(poller.id());
        return new Reading(
                poller.id(),
                poller.connector(),
                cursor.map(Cursor::position).orElse(null),
                cursor.map(Cursor::readAt).orElse(null),
                poller.obstacle());
    }

    /**
     * Lets a source be read anew from a time on, with whatever has changed since.
     *
     * @return false: no such route asks, or it asks nobody but looks into a folder
     */
    public synchronized boolean readAnew(String poll, Instant from, Actor actor, String reason) {
        var running = pollers.get(poll);
        if (running == null || !running.source.isReadAnew()) {
            return false;
        }
        // what it has in hand would move the cursor back to where it was
        end(List.of(running));
        try {
            var readAt = cursors.find(poll).map(Cursor::readAt).orElseGet(clock::instant);
            cursors.move(poll, new Cursor(Position.at(from).json(), readAt), actor, reason);
        } finally {
            begin(running.source);
            rememberWhoAsks();
        }
        return true;
    }

    private void end(List<Running> some) {
        some.forEach(running -> running.poller.end());
        some.forEach(running -> {
            running.poller.close();
            meters.remove(running.age);
        });
    }

    private void rememberWhoAsks() {
        asking = pollers.values().stream().map(Running::poller).toList();
    }

    @Override
    public synchronized void close() {
        var all = List.copyOf(pollers.values());
        pollers.clear();
        rememberWhoAsks();
        end(all);
        if (routes != null) {
            routes.close();
            routes = null;
        }
        version = "";
    }
}
