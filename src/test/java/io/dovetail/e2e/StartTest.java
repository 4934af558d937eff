package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dovetail.TestHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

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

    /** Looks whether it is ready once all is started, and at what had been proved when it became so. */
    private final class Witness implements ApplicationListener<ApplicationEvent> {

        private int started;
        private boolean isReady;
        private boolean isProved;

        @Override
        public void onApplicationEvent(ApplicationEvent event) {
            if (event instanceof ApplicationReadyEvent all) {
                started = readiness(all.getApplicationContext());
            }
            if (event instanceof AvailabilityChangeEvent<?> change
                    && change.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
                // the first time counts
                isProved = isReady ? isProved : Files.exists(directory.resolve("data/run.json"));
                isReady = true;
            }
        }
    }

    private static int readiness(ApplicationContext hub) {
        var port = hub.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
        return Request.of("GET", "/actuator/health/readiness").to(port).status();
    }

    /** It makes up nothing, not even a file in the place of a secret. */
    @Test
    void isRefusedInProductionWithAllThatStandsAgainstIt() {
        var thrown = catchThrowable(() -> TestHub.start(with(Map.of(
                        "hub.root", Roots.few().toString(), "hub.production", true, "hub.admin-password", "admin")))
                .close());
        assertThat(TestHub.whyNot(thrown))
                .startsWith("With HUB_PRODUCTION=true, this stands against it:\n  ")
                .contains("bus.workflow", "everybody tries first", "HUB_TLS_ENDS_BEFORE=true");
        assertThat(directory.resolve("data/secrets")).doesNotExist();
    }

    /** With all connectors of this repository: the secrets are those that a start before made up, which went no further. */
    @Test
    void isRefusedWhenADoorStandsOpenAndSucceedsInProductionWithAllThatItWants() throws IOException {
        var secrets = directory.resolve("made-before");
        var refused = new Witness();
        var thrown = catchThrowable(() -> TestHub.start(
                        with(Map.of(
                                "hub.secrets", secrets.toString(),
                                "management.endpoint.health.show-details", "always",
                                "management.endpoint.health.show-components", "always")),
                        Map.of("witness", refused))
                .close());
        assertThat(TestHub.whyNot(thrown))
                .startsWith("It has knocked at its own doors, and these are not as they must be:\n  GET http://127.")
                .contains(
                        "/actuator/health without a password told a stranger more than the status (components): look at "
                                + "the settings management.endpoint.health.show-details",
                        "/actuator/health/readiness without a password")
                .doesNotContain("/in/", "/api/", "prometheus");
        assertThat(directory.resolve("data/run.json")).doesNotExist();
        assertThat(refused.isReady).isFalse();

        // what only a person can know: where a shipped connector's route asks, and whose answers it believes
        Files.writeString(secrets.resolve("open-badges.status-host"), "badges.example.com\n");
        Files.writeString(secrets.resolve("open-badges.status-keys"), "{\"keys\":[]}\n");
        var production = Map.<String, Object>of(
                "hub.secrets", secrets.toString(), "hub.production", true, "hub.tls-ends-before", true);
        var witness = new Witness();
        try (var hub = TestHub.start(with(production), Map.of("witness", witness))) {
            assertThat(hub.isRunning()).isTrue();
            assertThat(directory.resolve("data/run.json")).exists();
            assertThat(witness.started).isEqualTo(503);
            assertThat(witness.isProved).isTrue();
            assertThat(readiness(hub)).isEqualTo(200);
        }
    }

    /** A broker that has lost its checks while the hub was put together. */
    private static final class OpenBroker implements ApplicationListener<ContextRefreshedEvent> {
        @Override
        public void onApplicationEvent(ContextRefreshedEvent event) {
            TestHub.broker(event.getApplicationContext())
                    .server()
                    .getSecurityStore()
                    .setSecurityEnabled(false);
        }
    }

    @Test
    void isRefusedWhenAnybodyCanLogInByAmqp() throws IOException {
        var root = Roots.copy(directory.resolve("root"), "jira").door("jira", "amqp: {}");
        var thrown = catchThrowable(() -> TestHub.start(
                        with(Map.of("hub.root", root.path().toString())), Map.of("openBroker", new OpenBroker()))
                .close());
        assertThat(TestHub.whyNot(thrown))
                .startsWith("It has knocked at its own doors, and these are not as they must be:\n  LOGIN amqp://127.")
                .contains(
                        "as workflow with a wrong password was let in: look at ",
                        "as in.jira with a wrong password was let in: look at ")
                .doesNotContain("without a password", "http:");
        assertThat(directory.resolve("data/run.json")).doesNotExist();
    }
}
