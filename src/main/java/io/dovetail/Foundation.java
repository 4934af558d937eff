package io.dovetail;

import io.dovetail.connector.Configuration;
import io.dovetail.flow.FlowSettings;
import io.dovetail.flow.Version;
import io.dovetail.intake.FreeSpace;
import io.dovetail.intake.Secrets;
import io.dovetail.intake.queue.AmqpDoors;
import io.dovetail.ledger.Transactions;
import io.dovetail.ledger.Versions;
import io.dovetail.ledger.Versions.Held;
import io.dovetail.ledger.postgres.DataLock;
import io.dovetail.operate.Reload;
import io.dovetail.relay.artemis.Broker;
import io.dovetail.relay.artemis.BrokerSettings;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;

/**
 * What the rooms stand on: the lock of the data directory, the database, the broker and the first version. They start
 * side by side, and stop in turn: the broker before the database, the lock last.
 */
final class Foundation implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Foundation.class);

    private final HubSettings settings;
    private final DataLock lock;
    private @Nullable CompletableFuture<Beginning> beginning;
    private final CompletableFuture<Database> database;
    private final CompletableFuture<AmqpDoors> amqpDoors;
    private final CompletableFuture<BusConsumers> consumers;
    private final CompletableFuture<Broker> broker;

    private Foundation(
            HubSettings settings,
            DataLock lock,
            CompletableFuture<Beginning> beginning,
            CompletableFuture<Database> database,
            CompletableFuture<AmqpDoors> amqpDoors,
            CompletableFuture<BusConsumers> consumers,
            CompletableFuture<Broker> broker) {
        this.settings = settings;
        this.lock = lock;
        this.beginning = beginning;
        this.database = database;
        this.amqpDoors = amqpDoors;
        this.consumers = consumers;
        this.broker = broker;
    }

    /** @param held why the version is not that of the files; null: it is */
    record Beginning(Version version, @Nullable Held held) {}

    /**
     * @param front of webhooks and the API
     * @param ports the others
     */
    static Foundation lay(
            HubSettings settings,
            SecretFiles secrets,
            FlowSettings flow,
            KeySettings keys,
            PortTls front,
            List<Port> ports,
            SslBundles bundles) {
        var tls = AmqpTls.of(settings.amqpSslBundle(), bundles);
        var lock = DataLock.acquire(settings.dataPath());
        var isNew = Database.isNew(settings);
        var database = CompletableFuture.supplyAsync(() -> Database.open(settings), Foundation::start);
        var beginning = CompletableFuture.supplyAsync(
                () -> load(settings, flow, keys, isNew ? null : database), Foundation::start);
        var amqpDoors = beginning.thenApply(Beginning::version).thenApply(v -> {
            // the embedded one's role for work is made by the hub, and nothing waits for that one's first start
            var auditRisk = settings.isEmbedded() ? Optional.<String>empty() : auditRisk(database);
            if (settings.production()) {
                Production.require(settings, front, ports, v.configuration(), secrets, auditRisk);
            } else {
                auditRisk.ifPresent(log::warn);
                secrets.makeUpMissing(v.configuration(), settings);
                secrets.requireNoneEmpty(settings);
                front.notAskedFor(v.configuration()).forEach(log::warn);
                secrets.sharedBySenders(v.configuration()).forEach(log::warn);
                var others = secrets.missingOfOthers(v.configuration());
                if (!others.isEmpty()) {
                    log.warn(
                            "Routes ask other systems with secrets that are not in {}: {}. Nobody but those systems can"
                                    + " give them; until they are there, events wait.",
                            settings.secretsPath(),
                            String.join(", ", others));
                }
            }
            return new AmqpDoors(
                    v.configuration(),
                    new Secrets(settings.secretsPath(), Clock.systemUTC()),
                    Broker.MAX_MESSAGE_BYTES);
        });
        // what was made up above is there when they are read for the first time
        var consumers = amqpDoors.thenApply(doors -> new BusConsumers(
                Set.copyOf(settings.consumers()), new Secrets(settings.secretsPath(), Clock.systemUTC())));
        var broker = amqpDoors.thenCombine(
                consumers,
                (doors, readers) -> Broker.start(
                        settings.dataPath().resolve("artemis"),
                        BrokerSettings.of(settings.amqpAddress(), settings.amqpPort(), readers),
                        new Senders(doors),
                        tls));
        return new Foundation(settings, lock, beginning, database, amqpDoors, consumers, broker);
    }

    private static void start(Runnable task) {
        Thread.ofPlatform().daemon().name("start").start(task);
    }

    /**
     * The version of the files, or the one that was rolled back to, should the files still be those that it is live
     * instead of; then it does not matter what is wrong with them.
     *
     * @param database null: it knows of no version yet
     */
    private static Beginning load(
            HubSettings settings, FlowSettings flow, KeySettings keys, @Nullable CompletableFuture<Database> database) {
        var loader = new Loader(settings.rootPath(), flow, keys);
        Version ofFiles = null;
        Reload.RefusedException refused = null;
        try {
            ofFiles = loader.load();
        } catch (Reload.RefusedException e) {
            refused = e;
        }
        var versions = database == null ? null : versions(database);
        var held = versions == null ? null : versions.held().orElse(null);
        if (versions != null && held != null && held.insteadOf().equals(Configuration.hash(loader.files()))) {
            if (ofFiles != null) {
                ofFiles.close();
            }
            return new Beginning(kept(held, loader, versions), held);
        }
        if (ofFiles == null) {
            throw new CannotStartException("The configuration below "
                    + settings.rootPath().toAbsolutePath().normalize() + " has problems:\n  "
                    + String.join("\n  ", refused == null ? List.of() : refused.problems()));
        }
        return new Beginning(ofFiles, null);
    }

    private static @Nullable Versions versions(CompletableFuture<Database> database) {
        try {
            return new Versions(Transactions.toRead(database.join().dataSource()));
        } catch (CompletionException e) {
            return null; // whoever needs the database says why it is not there
        }
    }

    private static Optional<String> auditRisk(CompletableFuture<Database> database) {
        try {
            return database.join().auditRisk();
        } catch (CompletionException e) {
            return Optional.empty(); // whoever needs the database says why it is not there
        }
    }

    private static Version kept(Held held, Loader loader, Versions versions) {
        try {
            log.warn(
                    "The version {} is live, to which somebody has rolled back ({}), instead of that of the files, {}",
                    held.hash(),
                    held.reason(),
                    held.insteadOf());
            return loader.kept(held.hash(), versions);
        } catch (Reload.RefusedException e) {
            throw new CannotStartException("The hub was rolled back to the version " + held.hash()
                    + ", and this hub cannot load it:\n  "
                    + String.join("\n  ", e.problems())
                    + "\nChange the files, and they go live; or start the hub that could load it.");
        }
    }

    /** The first version, once: nothing of it is kept here, since the first reload replaces it. */
    Beginning begin() {
        var first = join(Objects.requireNonNull(beginning, "It has begun already."));
        beginning = null;
        return first;
    }

    Database database() {
        return join(database);
    }

    Broker broker() {
        return join(broker);
    }

    AmqpDoors amqpDoors() {
        return join(amqpDoors);
    }

    /** What everybody who may send proves it with; the missing ones are made up by then, so that none is overlooked. */
    Secrets secrets(Clock clock) {
        amqpDoors();
        return new Secrets(settings.secretsPath(), clock);
    }

    /**
     * A broker that stops by itself, for a full disk or a journal that hangs, is started anew; and whoever reads from one
     * that runs still has to have a password.
     */
    void tendBroker() {
        try {
            if (broker().isRunning()) {
                broker().shutOutTheRevoked();
            } else {
                log.warn("The broker has stopped; it is started again");
                broker().restart();
            }
        } catch (RuntimeException | Error e) {
            // whoever looks again in two seconds must not be stopped by it
            log.error("The broker is not looked after, or does not start again; then events wait in the outbox", e);
        }
    }

    /** Of the file system with the data directory: the embedded database's and the broker's. */
    FreeSpace freeSpace(Clock clock) {
        var data = settings.dataPath().toFile();
        return new FreeSpace(data::getUsableSpace, settings.minDiskFree().toBytes(), clock);
    }

    BusConsumers consumers() {
        return join(consumers);
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public void close() {
        closeIfStarted(broker);
        closeIfStarted(database);
        lock.close();
    }

    private static void closeIfStarted(CompletableFuture<? extends AutoCloseable> server) {
        try (var started = server.join()) {
            // closed by leaving
        } catch (Exception e) {
            // it never started, and said so when it was asked for
        }
    }
}
