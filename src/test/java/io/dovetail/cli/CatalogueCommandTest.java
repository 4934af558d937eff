package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueCommandTest {

    @TempDir
    private Path folder;

    @Test
    void writesTheCatalogueAndSaysWhere() {
        var terminal = new Terminal(Path.of("").toAbsolutePath(), Path.of("nowhere"), Map.of());

        assertThat(terminal.type("catalogue", "--out", folder.toString())).isZero();
        assertThat(terminal.out())
                .matches("\\d+ types of events, \\d+ of them said by \\d+ connectors: read " + folder
                        + "/index\\.html\n");
        assertThat(folder.resolve("asyncapi.json")).exists();
    }

    @Test
    void writesNoneOfFilesThatAreBroken() throws IOException {
        Files.createDirectories(folder.resolve("schemas/events"));
        Files.writeString(folder.resolve("schemas/events/a.b.v1.schema.json"), "{}");
        var terminal = new Terminal(folder, Path.of("nowhere"), Map.of());

        assertThat(terminal.type("catalogue")).isEqualTo(1);
        assertThat(terminal.err()).contains("hub check", "the first: ");
        assertThat(folder.resolve("target")).doesNotExist();
    }
}
