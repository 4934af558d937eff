package io.dovetail.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The public suite of what JSON parsers get wrong, where it is at hand, each file as a delivery. */
record JsonSuite(Numbers numbers) {

    private static final Path FOLDER = Path.of("../shared/corpora/JSONTestSuite/test_parsing");

    /** Allowed by RFC 8259 and refused here on purpose: which of the two values is meant? */
    private static final Set<String> DUPLICATES =
            Set.of("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");

    static boolean isHere() {
        return Files.isDirectory(FOLDER);
    }

    List<Attack> attacks() {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().map(this::attack).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Attack attack(Path file) {
        var name = file.getFileName().toString();
        var number = numbers.next();
        return Attack.of(
                "json suite", name, ends(name), () -> Template.all().getFirst().delivery(number, content(file)));
    }

    /** What is well-formed is no business of the connector's all the same, and is parked or ignored. */
    private static Set<Ending> ends(String name) {
        if (name.startsWith("n_") || DUPLICATES.contains(name)) {
            return Ending.REFUSAL;
        }
        return name.startsWith("y_") ? Ending.TAKEN_AGAIN : Ending.ANY;
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
