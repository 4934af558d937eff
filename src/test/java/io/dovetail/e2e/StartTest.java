package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dovetail.TestHub;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hub makes sure of before it says that it is ready. */
class StartTest {

    @TempDir
    Path directory;

    private Map<String, Object> with(Map<String, Object> settings) {
        var all = new HashMap<String, Object>(Map.of(
                "server.port", 0,
                "management.server.port", 0,
                "hub.amqp-port", 0,
                "hub.data", directory.resolve("data").toString()));
        all.putAll(settings);
        return all;
    }

    @Test
    void isRefusedWhenADoorStandsOpen() {
        var thrown = catchThrowable(() -> TestHub.start(with(Map.of(
                        "management.endpoint.health.show-details", "always",
                        "management.endpoint.health.show-components", "always")))
                .close());
        assertThat(TestHub.whyNot(thrown))
                .startsWith("It has knocked at its own doors, and these are not as they must be:\n  GET http://127.")
                .contains(
                        "/actuator/health without a password told a stranger more than the status (components): look at "
                                + "the settings management.endpoint.health.show-details",
                        "/actuator/health/readiness without a password")
                .doesNotContain("/in/", "/api/", "prometheus");
        assertThat(directory.resolve("data/run.json")).doesNotExist();
    }
}
