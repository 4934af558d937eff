package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.intake.Secrets.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-05-01T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
        // written within one tick of the file system's clock it would look the same
        Files.setLastModifiedTime(directory.resolve(name), FileTime.from(now));
    }

    private void later() {
        now = now.plus(Secrets.MAX_AGE).plusMillis(1);
    }

    @Test
    void namesEachSenderByItsFile() throws IOException {
        write("shop.webhook", "one\n");
        write("shop.acme.webhook", "two\n");
        write("shop.acme.basic", "other kind\n");
        write("shop2.webhook", "other connector\n");
        write("shop.a.b.webhook", "no such sender\n");
        var secrets = new Secrets(directory, clock);
        assertThat(secrets.of("shop", "webhook"))
                .containsExactlyInAnyOrder(new Credential("default", "one"), new Credential("acme", "two"));
        assertThat(secrets.of("nobody", "webhook")).isEmpty();
    }

    @Test
    void letsTwoLiveSideBySideWhileRotating() throws IOException {
        write("shop.webhook", " new \r\n\n old\n");
        assertThat(new Secrets(directory, clock).of("shop", "webhook"))
                .containsExactly(new Credential("default", "new"), new Credential("default", "old", true));
    }

    @Test
    void forgetsARemovedSecretWithinFiveSeconds() throws IOException {
        write("shop.webhook", "new\nold");
        var secrets = new Secrets(directory, clock);
        assertThat(secrets.of("shop", "webhook")).hasSize(2);
        write("shop.webhook", "new");
        now = now.plusSeconds(5);
        assertThat(secrets.of("shop", "webhook")).containsExactly(new Credential("default", "new"));
    }

    @Test
    void noticesAFileThatIsWrittenTwiceWithinATick() throws IOException {
        var written = now;
        write("shop.webhook", "secret-a");
        var secrets = new Secrets(directory, clock);
        now = now.plusMillis(3);
        // as long as before, and by its time not touched
        Files.writeString(directory.resolve("shop.webhook"), "secret-b");
        Files.setLastModifiedTime(directory.resolve("shop.webhook"), FileTime.from(written));
        later();
        assertThat(secrets.of("shop", "webhook")).containsExactly(new Credential("default", "secret-b"));
    }

    @Test
    void looksAgainAfterAWhile() throws IOException {
        write("shop.webhook", "old");
        var secrets = new Secrets(directory, clock);
        now = now.plus(Duration.ofMillis(500));
        write("shop.webhook", "new");
        assertThat(secrets.of("shop", "webhook")).containsExactly(new Credential("default", "old"));
        later();
        assertThat(secrets.of("shop", "webhook")).containsExactly(new Credential("default", "new"));
        Files.delete(directory.resolve("shop.webhook"));
        write("shop.acme.webhook", "two");
        later();
        assertThat(secrets.of("shop", "webhook")).containsExactly(new Credential("acme", "two"));
    }

    @Test
    void provesNobodyByAnEmptyFileOrDirectory() throws IOException {
        write("shop.webhook", " \n\n");
        assertThat(new Secrets(directory, clock).of("shop", "webhook")).isEmpty();
        assertThat(new Secrets(directory.resolve("gone"), clock).of("shop", "webhook"))
                .isEmpty();
    }

    @Test
    void isNotDisturbedByAFileThatIsNoText() throws IOException {
        write("shop.webhook", "one");
        Files.write(directory.resolve("a.webhook"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        Files.createDirectory(directory.resolve("shop.folder.webhook"));
        assertThat(new Secrets(directory, clock).of("shop", "webhook"))
                .containsExactly(new Credential("default", "one"));
    }

    /** Whoever was let in by it is not shut out for that. */
    @Test
    void isSureOfNoFileThatCannotBeRead() throws IOException {
        write("bus.workflow", "one");
        write("bus.other", "two");
        var secrets = new Secrets(directory, clock);
        assertThat(secrets.isSureOf("bus.workflow")).isTrue();
        // no text in UTF-8
        Files.write(directory.resolve("bus.workflow"), new byte[] {(byte) 0xff});
        later();
        assertThat(secrets.of("bus", "workflow")).isEmpty();
        assertThat(secrets.isSureOf("bus.workflow")).isFalse();
        assertThat(secrets.isSureOf("bus.other")).isTrue();
        Files.delete(directory.resolve("bus.workflow"));
        later();
        assertThat(secrets.isSureOf("bus.workflow")).isTrue();
        Files.delete(directory.resolve("bus.other"));
        Files.delete(directory);
        later();
        assertThat(secrets.of("bus", "other")).isEmpty();
        assertThat(secrets.isSureOf("bus.other")).isFalse();
        Files.createDirectory(directory);
    }
}
