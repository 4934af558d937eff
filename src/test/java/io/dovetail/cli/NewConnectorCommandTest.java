package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.check.Check;
import io.dovetail.check.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewConnectorCommandTest {

    @TempDir
    private Path root;

    private Terminal terminal;

    @BeforeEach
    void copyEngineersFiles() {
        Tree.of(root, "jira");
        terminal = new Terminal(root, root.resolve("data"), Map.of());
    }

    @Test
    void makesAConnectorThatPassesCheckAtOnce() {
        assertThat(terminal.type("new", "connector", "acme-desk")).isZero();

        var report = Check.report(root, Set.of("acme-desk"));

        assertThat(report.problems()).isEmpty();
        assertThat(report.samples()).isEqualTo(4);
        assertThat(root.resolve("connectors/acme-desk/connector.yaml"))
                .content()
                .contains("title: Acme Desk");
        assertThat(root.resolve("connectors/acme-desk/README.md")).content().doesNotContain("${");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Jira", "a b", "hub", "../x", "x-", "1st", "jira", "events", ""})
    void refusesNamesThatAreTakenOrNone(String name) throws Exception {
        var before = files();

        assertThat(terminal.type("new", "connector", name)).isEqualTo(1);
        assertThat(files()).isEqualTo(before);
    }

    private long files() throws Exception {
        try (var files = Files.walk(root)) {
            return files.count();
        }
    }
}
