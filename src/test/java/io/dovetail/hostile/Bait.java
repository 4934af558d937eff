package io.dovetail.hostile;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A class on the hub's class path in these tests that writes down who wakes it: whoever deserialises it, makes a bean of
 * it or calls it from a script, because a delivery said so. {@code HOSTILE_BAIT} names the file.
 */
public final class Bait implements Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    static {
        taken("loaded");
    }

    public Bait() {
        taken("made");
    }

    public static String touch() {
        taken("called");
        return "touched";
    }

    @Serial
    private void readObject(ObjectInputStream in) {
        taken("deserialised");
    }

    private static void taken(String how) {
        var file = System.getenv("HOSTILE_BAIT");
        if (file != null) {
            bite(Path.of(file), how);
        }
    }

    static void bite(Path file, String how) {
        try {
            Files.writeString(file, how + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
