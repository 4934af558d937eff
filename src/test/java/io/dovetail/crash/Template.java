package io.dovetail.crash;

import io.dovetail.harness.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * What every hub of these tests would make for itself on its first start, made once: PostgreSQL's programs and empty
 * cluster, the broker's journal and the secrets.
 */
final class Template {

    /** The senders to {@code partner-api}, each with a secret of its own. */
    static final List<String> SENDERS = List.of("acme", "globex");

    private static Template made;

    private final Path first;

    private Template(Path first) throws IOException {
        this.first = first;
        for (var sender : SENDERS) {
            Files.writeString(
                    first.resolve("secrets/partner-api." + sender + ".webhook"), Signature.newSecret() + "\n");
        }
    }

    static synchronized Template get() {
        if (made == null) {
            try {
                made = new Template(Program.get().data());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return made;
    }

    /** The checkout, with connectors, routes and schemas. */
    static Path root() {
        return Path.of(System.getProperty("hub.root", "")).toAbsolutePath();
    }

    /** Where PostgreSQL's programs are unpacked. */
    Path programs() {
        return first;
    }

    /** Secrets and PostgreSQL's programs alone: a hub here makes its database anew. */
    void copyWithoutDatabase(Path data) {
        try {
            Files.createDirectories(data);
            copy(first.resolve("secrets"), data);
            try (var found = Files.newDirectoryStream(first, "postgres-bin-*")) {
                for (var programs : found) {
                    Files.createSymbolicLink(data.resolve(programs.getFileName()), programs);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that a hub leaves behind that was started once and stopped. */
    void copy(Path data) {
        copyWithoutDatabase(data);
        try {
            for (var name : List.of("postgres", "postgres-secrets", "artemis")) {
                copy(first.resolve(name), data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path into) throws IOException {
        try {
            var copying = new ProcessBuilder("cp", "-a", from.toString(), into.toString())
                    .inheritIO()
                    .start();
            if (copying.waitFor() != 0) {
                throw new IOException("cannot copy " + from + " into " + into);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // it lies below target, where the next clean finds it
        }
    }
}
