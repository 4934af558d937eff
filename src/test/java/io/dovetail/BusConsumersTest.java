package io.dovetail;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.intake.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusConsumersTest {

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-05-01T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private BusConsumers consumers;

    @BeforeEach
    void begin() throws IOException {
        write("bus.workflow", "new\nold\n");
        consumers = new BusConsumers(Set.of("workflow"), new Secrets(directory, clock));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
        now = now.plusSeconds(5);
    }

    @Test
    void knowsAConsumerByEachLine() {
        var used = new ArrayList<String>();
        consumers.connect((consumer, credential) -> used.add(consumer + " " + credential.isOld()));
        assertThat(consumers.isKnown("workflow", "new")).isTrue();
        assertThat(consumers.isKnown("workflow", "old")).isTrue();
        assertThat(consumers.isKnown("workflow", "new\nold")).isFalse();
        assertThat(consumers.isKnown("workflow", "")).isFalse();
        assertThat(used).containsExactly("workflow false", "workflow true");
    }

    @Test
    void knowsNobodyWhoIsNotInTheSettings() throws IOException {
        write("bus.retired", "still there\n");
        write("bus.a.workflow", "of nobody\n");
        write("hub.admin", "admin\n");
        assertThat(consumers.isKnown("retired", "still there")).isFalse();
        assertThat(consumers.isKnown("a.workflow", "of nobody")).isFalse();
        assertThat(consumers.isKnown("workflow", "of nobody")).isFalse();
        assertThat(consumers.isKnown("../hub.admin", "admin")).isFalse();
        assertThat(consumers.isKnown("", "new")).isFalse();
        assertThat(consumers.isRevoked("retired", "whatever")).isFalse();
    }

    @Test
    void shutsOutWhoseLineIsGone() throws IOException {
        assertThat(consumers.isRevoked("workflow", "old")).isFalse();
        write("bus.workflow", "new\n");
        assertThat(consumers.isRevoked("workflow", "old")).isTrue();
        assertThat(consumers.isRevoked("workflow", "new")).isFalse();
        Files.delete(directory.resolve("bus.workflow"));
        now = now.plusSeconds(5);
        assertThat(consumers.isRevoked("workflow", "new")).isTrue();
    }

    /** A moment without files, as while they are mounted anew, must not end the connections of all consumers. */
    @Test
    void shutsOutNobodyWhileTheDirectoryCannotBeRead() throws IOException {
        Files.delete(directory.resolve("bus.workflow"));
        Files.delete(directory);
        now = now.plusSeconds(5);
        assertThat(consumers.isKnown("workflow", "new")).isFalse();
        assertThat(consumers.isRevoked("workflow", "new")).isFalse();
        Files.createDirectory(directory);
    }
}
