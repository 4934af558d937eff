package io.dovetail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

@Isolated
class DemoTest {

    @TempDir
    Path directory;

    @Test
    void showsANewcomerThatAllOfItHappens() {
        var printed = new ByteArrayOutputStream();
        var status = demo(printed, "--once", "--data", directory.resolve("data").toString());
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("checks hold")
                .doesNotContain("✗");
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).allMatch(line -> line.length() <= 100);
        assertThat(status).isZero();
    }

    @Test
    @EnabledIfSystemProperty(
            named = "keycloak",
            matches = ".*",
            disabledReason = "fetches and starts a real Keycloak: ./hub test -Dtest=DemoTest -Dkeycloak=true")
    void showsARealKeycloakToo() {
        var printed = new ByteArrayOutputStream();
        var status = demo(
                printed,
                "--once",
                "--keycloak",
                "--data",
                directory.resolve("data").toString());
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("28 of 28 checks hold")
                .doesNotContain("✗");
        assertThat(status).isZero();
    }

    @Test
    void sparesADirectoryThatItDidNotMake() throws Exception {
        Files.writeString(directory.resolve("dear"), "to somebody");
        var printed = new ByteArrayOutputStream();
        assertThat(demo(printed, "--once", "--data", directory.toString())).isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("--data");
        assertThat(directory.resolve("dear")).exists();
    }

    private static int demo(ByteArrayOutputStream printed, String... arguments) {
        return new CommandLine(new Demo(
                        new PrintStream(printed, true, StandardCharsets.UTF_8),
                        new PrintStream(printed, true, StandardCharsets.UTF_8)))
                .execute(arguments);
    }
}
