package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.check.Check;
import io.dovetail.check.Tree;
import io.dovetail.scaffold.CannotScaffoldException;
import io.dovetail.scaffold.NewFiles;
import io.dovetail.scaffold.Skeleton;
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

    @Test
    void proposesOneFromSamplesThatPassesCheckAtOnce() throws Exception {
        var first = Files.writeString(root.resolve("Login ok.json"), "{ \"user\": \"u1\", \"at\": \"x\" }");
        var second = Files.writeString(root.resolve("other.json"), "{ \"user\": \"u2\" }");

        assertThat(terminal.type("new", "connector", "gate-2", "--from", first.toString(), second.toString()))
                .as(terminal.err())
                .isZero();

        assertThat(terminal.out())
                .contains("connectors/gate-2/samples/login-ok/events.json", "Guessed", "gate.event.v1", "2 samples");
        var report = Check.report(root, Set.of("gate-2"));
        assertThat(report.problems()).isEmpty();
        assertThat(report.samples()).isEqualTo(2);
        // another of the same name finds the type taken, and a hub's folder is never written over
        assertThat(terminal.type("new", "connector", "gate-2", "--from", first.toString()))
                .isEqualTo(1);
        assertThat(terminal.type("new", "connector", "gate-3", "--from", first.toString()))
                .isZero();
        assertThat(terminal.out()).contains("gate.event-too.v1");
        assertThat(Check.report(root, Set.of("gate-2", "gate-3")).problems()).isEmpty();
    }

    @Test
    void writesNothingOfWhatItRefuses() throws Exception {
        var broken = Files.writeString(root.resolve("broken.json"), "{ \"a\": ");
        var sound = Files.writeString(root.resolve("sound.json"), "{ \"id\": 1, \"say\": \"a\" }");
        var before = files();

        assertThat(terminal.type("new", "connector", "gate", "--from", sound.toString(), broken.toString()))
                .isEqualTo(1);
        assertThat(terminal.err())
                .contains("broken.json is no delivery that a hub would take")
                .contains("line 1");
        assertThat(terminal.type("new", "connector", "gate", "--from", "nowhere.json"))
                .isEqualTo(1);
        assertThat(terminal.type("new", "connector", "gate", "--emits", "order.placed.v1"))
                .isEqualTo(1);
        assertThat(terminal.type("new", "connector", "../gate", "--from", sound.toString()))
                .isEqualTo(1);
        assertThat(files()).isEqualTo(before);

        // the last move fails: somebody else has made a connector of that name in the meantime
        assertThatThrownBy(() -> {
                    var place = NewFiles.of(root, "gate");
                    Files.createDirectories(root.resolve("connectors/gate/samples"));
                    place.write(Skeleton.files("gate"));
                })
                .isInstanceOf(CannotScaffoldException.class);
        assertThat(root.resolve("schemas/gate")).doesNotExist();
        assertThat(files()).isEqualTo(before + 2);
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
