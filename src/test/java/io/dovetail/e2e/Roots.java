package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.check.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** A copy of the engineers' files, to be changed by a test. */
record Roots(Path path) {

    private static Path few;

    /** The connectors that most tests send to, in a directory for reading. */
    static synchronized Path few() {
        if (few == null) {
            try {
                few = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "few-")
                        .toAbsolutePath();
                Runtime.getRuntime().addShutdownHook(new Thread(Roots::deleteFew));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            copy(few, "jira", "partner-api", "sap-idoc");
        }
        return few;
    }

    private static void deleteFew() {
        try {
            FileSystemUtils.deleteRecursively(few);
        } catch (IOException e) {
            // it lies below target, where the next clean finds it
        }
    }

    /** With these connectors alone. */
    static Roots copy(Path root, String... connectors) {
        return new Roots(Tree.of(root, connectors).root());
    }

    Roots change(String file, String piece, String by) {
        try {
            var text = Files.readString(path.resolve(file));
            assertThat(text).contains(piece);
            Files.writeString(path.resolve(file), text.replace(piece, by));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A further door, as {@code amqp: {}}. */
    Roots door(String connector, String door) {
        return change("connectors/" + connector + "/connector.yaml", "intake:\n", "intake:\n  " + door + "\n");
    }
}
