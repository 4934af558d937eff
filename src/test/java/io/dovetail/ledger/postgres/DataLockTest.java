package io.dovetail.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {

    @TempDir
    Path data;

    @Test
    void namesTheHubThatHasIt() throws Exception {
        var other = otherHub();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");
            assertThatThrownBy(() -> DataLock.acquire(data))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("pid " + other.pid());
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        DataLock.acquire(data).close();
    }

    @Test
    void isNotLostByASecondAttemptInTheSameProcess() throws Exception {
        try (var held = DataLock.acquire(data)) {
            assertThatThrownBy(() -> DataLock.acquire(data)).hasMessageContaining("Another hub");
            var other = otherHub();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue()).isEqualTo(1);
            assertThat(held).isNotNull();
        }
        DataLock.acquire(data).close();
        assertThat(Files.exists(data.resolve("hub.lock"))).isTrue();
    }

    private Process otherHub() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockChild.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
