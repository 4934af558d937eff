package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.intake.Secrets.Credential;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender changes over from one secret to the next, and an operator watches until the old one can go. */
class RotationsTest {

    private static final Configuration LIVE = Configuration.read(Path.of("."), new Problems());

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-05-01T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Secrets secrets;
    private Rotations rotations;

    @BeforeEach
    void readTheDirectory() {
        secrets = new Secrets(directory, clock);
        rotations = new Rotations(() -> LIVE, Map.of("bus", Set.of("workflow")), secrets, clock, meters);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
        now = now.plusSeconds(5);
        rotations.look();
    }

    private void use(String sender, String secret) {
        for (var credential : secrets.of("partner-api", "webhook")) {
            if (credential.sender().equals(sender) && credential.secret().equals(secret)) {
                rotations.used("partner-api", "webhook", credential);
                return;
            }
        }
        throw new AssertionError("no such secret");
    }

    private @Nullable Double lastUse(String sender) {
        var gauge = meters.find("hub_secret_old_last_used_seconds")
                .tag("connector", "partner-api")
                .tag("name", "webhook")
                .tag("sender", sender)
                .gauge();
        return gauge == null ? null : gauge.value();
    }

    @Test
    void tellsWhenTheOldSecretOfASenderWasUsedLast() throws IOException {
        write("partner-api.acme.webhook", "first");
        write("partner-api.webhook", "other");
        use("acme", "first");
        rotations.look();
        assertThat(meters.getMeters()).isEmpty();

        write("partner-api.acme.webhook", "second\nfirst");
        assertThat(lastUse("acme")).isZero();
        use("acme", "second");
        assertThat(lastUse("acme")).isZero();
        use("acme", "first");
        assertThat(lastUse("acme")).isEqualTo(now.getEpochSecond());
        now = now.plusSeconds(60);
        assertThat(lastUse("acme")).isEqualTo(now.getEpochSecond() - 60);
        assertThat(lastUse("default")).isNull();

        write("partner-api.acme.webhook", "second");
        assertThat(secrets.of("partner-api", "webhook")).doesNotContain(new Credential("acme", "first", true));
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void beginsTheNextRotationAnew() throws IOException {
        write("partner-api.webhook", "second\nfirst");
        use("default", "first");
        write("partner-api.webhook", "second");
        write("partner-api.webhook", "third\nsecond");
        assertThat(lastUse("default")).isZero();
    }

    @Test
    void makesTimeSeriesOfNoFileThatNoConnectorReads() throws IOException {
        write("nobody.webhook", "new\nold");
        write("partner-api.other", "new\nold");
        write("bus.nobody", "new\nold");
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void putsNoSecretIntoALabel() throws IOException {
        write("partner-api.webhook", "s3cr3t-new\ns3cr3t-old");
        use("default", "s3cr3t-old");
        assertThat(meters.getMeters()).singleElement().satisfies(meter -> {
            assertThat(meter).isInstanceOf(Gauge.class);
            assertThat(meter.getId().toString()).doesNotContain("s3cr3t");
        });
    }

    @Test
    void tellsOfASecretThatIsNoConnectors() throws IOException {
        write("bus.workflow", "second\nfirst");
        rotations.used("bus", "workflow", secrets.of("bus", "workflow").getLast());
        var gauge = meters.get("hub_secret_old_last_used_seconds")
                .tags("connector", "bus", "name", "workflow", "sender", "default")
                .gauge();
        assertThat(gauge.value()).isEqualTo(now.getEpochSecond());
        write("bus.workflow", "second");
        assertThat(meters.getMeters()).isEmpty();
    }
}
