package io.dovetail;

import io.dovetail.flow.FlowSettings;
import io.dovetail.flow.Version;
import io.dovetail.intake.FreeSpace;
import io.dovetail.intake.Secrets;
import io.dovetail.intake.queue.AmqpDoors;
import io.dovetail.ledger.postgres.DataLock;
import io.dovetail.operate.AdminPassword;
import io.dovetail.operate.Reload;
import io.dovetail.relay.artemis.Broker;
import io.dovetail.relay.artemis.BrokerSettings;
import java.time.Clock;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private final CompletableFuture<Version> version;
    private final CompletableFuture<Database> database;
    private final CompletableFuture<AmqpDoors> amqpDoors;
    private final CompletableFuture<Broker> broker;

    private Foundation(
            HubSettings settings,
            DataLock lock,
            CompletableFuture<Version> version,
            CompletableFuture<Database> database,
            CompletableFuture<AmqpDoors> amqpDoors,
            CompletableFuture<Broker> broker) {
        this.settings = settings;
        this.lock = lock;
        this.version = version;
        this.database = database;
        this.amqpDoors = amqpDoors;
        this.broker = broker;
    }

    static Foundation lay(
            HubSettings settings, FlowSettings flow, KeySettings keys, PortTls front, SslBundles bundles) {
        var tls = AmqpTls.of(settings.amqpSslBundle(), bundles);
        var lock = DataLock.acquire(settings.dataPath());
        var database = CompletableFuture.supplyAsync(() -> Database.open(settings), Foundation::start);
        var version = CompletableFuture.supplyAsync(() -> load(settings, flow, keys), Foundation::start);
        var amqpDoors = version.thenApply(v -> {
            var secrets = new SecretFiles(settings.secretsPath());
            if (settings.production()) {
                Production.require(settings, front, v.configuration(), secrets);
            } else {
                secrets.makeUpMissing(v.configuration(), settings);
                front.notAskedFor(v.configuration()).forEach(log::warn);
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
        var broker = amqpDoors.thenApply(doors -> {
            var secrets = new SecretFiles(settings.secretsPath());
            var consumers = new HashMap<String, String>();
            for (var consumer : settings.consumers()) {
                consumers.put(consumer, secrets.read("bus." + consumer));
            }
            return Broker.start(
                    settings.dataPath().resolve("artemis"),
                    BrokerSettings.of(settings.amqpAddress(), settings.amqpPort(), consumers),
                    new Senders(doors),
                    tls);
        });
        return new Foundation(settings, lock, version, database, amqpDoors, broker);
    }

    private static void start(Runnable task) {
        Thread.ofPlatform().daemon().name("start").start(task);
    }

    private static Version load(HubSettings settings, FlowSettings flow, KeySettings keys) {
        try {
            return new Loader(settings.rootPath(), flow, keys).load();
        } catch (Reload.RefusedException e) {
            throw new CannotStartException("The configuration below "
                    + settings.rootPath().toAbsolutePath().normalize() + " has problems:\n  "
                    + String.join("\n  ", e.problems()));
        }
    }

    Version version() {
        return join(version);
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

    /** A broker that stops by itself, for a full disk or a journal that hangs, is started anew. */
    void keepBrokerRunning() {
        try {
            if (!broker().isRunning()) {
                log.warn("The broker has stopped; it is started again");
                broker().restart();
            }
        } catch (RuntimeException e) {
            log.error("The broker does not start again; events wait in the outbox", e);
        }
    }

    /** Of the file system with the data directory: the embedded database's and the broker's. */
    FreeSpace freeSpace(Clock clock) {
        var data = settings.dataPath().toFile();
        return new FreeSpace(data::getUsableSpace, settings.minDiskFree().toBytes(), clock);
    }

    /** As it was given, or as it stands in the secrets, which are there once the broker is. */
    AdminPassword adminPassword() {
        broker();
        return new AdminPassword(new SecretFiles(settings.secretsPath()).adminPassword(settings));
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
