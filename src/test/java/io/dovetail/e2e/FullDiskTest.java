package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.intake.FreeSpace;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub whose disk becomes full and has room again. */
class FullDiskTest {

    private static final long LEAST = 512L << 20;

    @TempDir
    Path directory;

    @Test
    void isToldToSendersBeforeAnythingIsStoredAndEndsByItself() {
        var free = new AtomicLong(LEAST);
        var space = new FreeSpace(free::get, LEAST, Clock.systemUTC());
        var settings = Map.<String, Object>of("hub.min-disk-free", "512MB");
        try (var hub = Hub.start(directory, settings, Map.of("freeSpace", space))) {
            var before = hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())));
            before.hasStatus(202);

            free.set(LEAST - 1);
            var number = Bodies.number();
            var request = Signed.utf8(Bodies.issueCreated(number));
            var refused = await().atMost(Hub.PATIENCE)
                    .until(() -> hub.send(hub.signed().jira(request, number)), answer -> answer.status() == 503);
            refused.isProblem(503);
            assertThat(refused.headers().get("retry-after")).isEqualTo("5");
            var turnedAway = Bodies.number();
            hub.send(hub.signed().partner(Bodies.claim(turnedAway, "10"))).isProblem(503);
            assertThat(hub.stored(turnedAway)).isZero();
            // strangers learn nothing of it, and what was accepted goes on
            hub.send(Request.post("/in/jira").body("{}")).isProblem(401);
            hub.delivery(before.id(), "published");

            hub.awaitRefusal("jira/default", "delivery-refused", "no_space");
            hub.awaitRefusal("partner-api/default", "delivery-refused", "no_space");

            var health = hub.asAdmin(Request.of("GET", "/actuator/health"))
                    .to(hub.managementPort())
                    .hasStatus(503)
                    .json();
            assertThat(health.at("/components/disk/status").asText()).isEqualTo("DOWN");
            assertThat(health.at("/components/disk/details/what").asText()).contains("hub.min-disk-free");
            hub.isAliveAndNotReady();
            assertThat(hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                            .to(hub.managementPort())
                            .text())
                    .contains("hub_accept_seconds_count{connector=\"jira\",outcome=\"no_space\"}");

            free.set(LEAST);
            await().atMost(Hub.PATIENCE)
                    .until(() -> hub.send(hub.signed().jira(request, number)).status() < 300);
            hub.health("").hasStatus(200);
            hub.health("/readiness").hasStatus(200);
        }
    }

    /** Its doors are shut even then, so there is no reason not to run: what it holds must go on to the bus. */
    @Test
    void keepsNoHubFromStarting() {
        var space = new FreeSpace(() -> 0, LEAST, Clock.systemUTC());
        try (var hub = Hub.start(directory, Map.of(), Map.of("freeSpace", space))) {
            hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number()))).isProblem(503);
        }
    }
}
