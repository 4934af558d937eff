package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** A copy of the engineers' files, to be changed by a test. */
record Roots(Path path) {

    static Roots copy(Path root) {
        try {
            for (var folder : new String[] {"connectors", "routes", "schemas"}) {
                FileSystemUtils.copyRecursively(Path.of(folder), root.resolve(folder));
            }
            return new Roots(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
