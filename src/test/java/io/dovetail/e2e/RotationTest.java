package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A secret is changed as docs/operating.md says: the new one above, watch, the old one away. */
@ExtendWith(VendorsHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RotationTest {

    private static final String METRIC =
            "hub_secret_old_last_used_seconds{connector=\"rotating\",name=\"key\",sender=\"default\"} ";
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    private final VendorsHub.Running running;
    private final Hub hub;

    RotationTest(VendorsHub.Running running) {
        this.running = running;
        this.hub = running.hub();
    }

    private void write(String secrets) throws IOException {
        Files.writeString(hub.secrets().resolve("rotating.key"), secrets);
        running.putForward(FIVE_SECONDS);
    }

    private Answer send(String secret) {
        return hub.send(Request.post("/in/rotating")
                .header("Content-Type", "application/json")
                .header("X-Api-Key", secret)
                .body("{\"id\": \"" + Bodies.number() + "\"}"));
    }

    private String metrics() {
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text();
    }

    private List<Double> lastUse() {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(METRIC))
                .map(line -> Double.parseDouble(line.substring(METRIC.length())))
                .toList();
    }

    @Test
    void changesASecretWithoutARestartAndSeesWhenTheOldOneCanGo() throws IOException {
        var old = hub.secret("rotating.key");
        send(old).hasStatus(202);
        assertThat(lastUse()).isEmpty();

        write("the-new-one\n" + old + "\n");
        await().atMost(Hub.PATIENCE).until(() -> lastUse().equals(List.of(0.0)));
        send("the-new-one").hasStatus(202);
        assertThat(lastUse()).containsExactly(0.0);
        send(old).hasStatus(202);
        var used = lastUse().getFirst();
        assertThat(used).isGreaterThan(System.currentTimeMillis() / 1000.0);
        assertThat(metrics()).doesNotContain(old, "the-new-one");

        write("the-new-one\n");
        send(old).isProblem(401);
        send("the-new-one").hasStatus(202);
        await().atMost(Hub.PATIENCE).until(() -> lastUse().isEmpty());
    }
}
