package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.crash.Offer.Kind;
import io.dovetail.ledger.postgres.EmbeddedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hubs on one database that both are given by URL. */
class TakeOverTest {

    private static final int FENCED = 70;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void writesNothingMoreOnceAnotherHubTookItsDatabaseOver() throws Exception {
        var home = Files.createDirectories(directory.resolve("external"));
        try (var server = EmbeddedServer.start(home, Template.get().programs());
                var old = hub("old", server).poisoned();
                var oldPartners = new Generator(old);
                var oldConsumer = new Subscriber(old).start();
                var heir = heir(server)) {
            old.start();
            // it has this event in hand when it is stopped, and goes on with it when it wakes
            heir.partners.adopt(oldPartners.send(oldPartners.offer("acme", "C-1", 1, Kind.ENDLESS)));
            await().atMost(PATIENCE).until(() -> old.output().contains("hangs on purpose"));
            old.signal("STOP");
            heir.hub.start();
            heir.consumer.start();
            heir.send("C-1", 2, Kind.EXPIRING);
            heir.arrived();
            var late = oldPartners.offer("acme", "C-1", 3, Kind.EXPIRING);
            var sending = Thread.ofPlatform().daemon().start(() -> send(oldPartners, late));
            old.signal("CONT");

            assertThat(old.awaitExit(PATIENCE)).as(old::output).isEqualTo(FENCED);
            sending.interrupt();
            sending.join(PATIENCE);
            assertThat(oldPartners.ledger().getLast().outcome).isEqualTo(Sent.Outcome.UNKNOWN);
            assertThat(oldConsumer.events()).isEmpty();
            assertThat(heir.settle()).isEmpty();
        }
    }

    private static void send(Generator partners, Offer offer) {
        try {
            partners.send(offer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Trial heir(EmbeddedServer server) {
        var hub = hub("heir", server);
        return Trial.of(hub, new Subscriber(hub));
    }

    private HubProcess hub(String name, EmbeddedServer server) {
        var data = directory.resolve(name).resolve("data").toAbsolutePath();
        Template.get().copyWithoutDatabase(data);
        return new HubProcess(data)
                .setting(
                        "HUB_DATABASE_URL",
                        "%s?user=%s&password=%s"
                                .formatted(
                                        server.jdbcUrl(),
                                        server.owner().user(),
                                        server.owner().password()));
    }
}
