package io.dovetail.crash;

import io.dovetail.check.Tree;
import io.dovetail.harness.FreshData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * What every hub of these tests would make for itself on its first start, made once: PostgreSQL's programs and empty
 * cluster, the broker's journal, the secrets, and Java's archive of loaded classes. Kept under {@code target} until the
 * test JVM ends.
 */
final class Template {

    /** The senders to {@code partner-api}, each with a secret of its own. */
    static final List<String> SENDERS = List.of("acme", "globex");

    private static Template made;

    private final Path directory;
    private final String classPath;

    private Template(Path directory) throws IOException {
        this.directory = directory;
        this.classPath = classPath(directory.resolve("hub.jar"));
    }

    static synchronized Template get() {
        if (made == null) {
            try {
                var directory = Files.createTempDirectory(Files.createDirectories(root().resolve("target")), "crash-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
                var template = new Template(directory);
                template.fill();
                made = template;
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

    /** The hub's own class path, in jars alone: Java archives no classes from folders. */
    String classPath() {
        return classPath;
    }

    /** Where Java keeps the classes that a hub loads. */
    Path archive() {
        return directory.resolve("hub.jsa");
    }

    /** Where PostgreSQL's programs are unpacked. */
    Path programs() {
        return directory.resolve("data");
    }

    /** Secrets and PostgreSQL's programs alone: a hub here makes its database anew. */
    void copyWithoutDatabase(Path data) {
        try {
            Files.createDirectories(data);
            copy(directory.resolve("data/secrets"), data);
            try (var found = Files.newDirectoryStream(directory.resolve("data"), "postgres-bin-*")) {
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
                copy(directory.resolve("data").resolve(name), data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The connectors, routes and schemas of a hub here: the partners' connector alone, so that it starts sooner. */
    Path engineersFiles() {
        return directory.resolve("root");
    }

    private void fill() throws IOException {
        Tree.of(engineersFiles(), "partner-api");
        var data = directory.resolve("data");
        FreshData.into(data);
        var secrets = Files.createDirectories(data.resolve("secrets"));
        for (var sender : SENDERS) {
            Files.writeString(secrets.resolve("partner-api." + sender + ".webhook"), Signature.newSecret() + "\n");
        }
        try (var hub = new HubProcess(this, data).option("-XX:ArchiveClassesAtExit=" + archive())) {
            hub.start();
            hub.stop(Duration.ofSeconds(60));
        }
    }

    private static String classPath(Path jar) throws IOException {
        var known = root().resolve("target/runtime.classpath");
        var entries = new ArrayList<String>();
        entries.add(jar.toString());
        var classes = Path.of(HubProcess.mainClass()
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        if (Files.isRegularFile(classes)) {
            // of its own, however often the checkout is built meanwhile
            Files.copy(classes, jar);
        } else if (ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(
                                System.err,
                                System.err,
                                "--create",
                                "--no-compress",
                                "--file",
                                jar.toString(),
                                "-C",
                                classes.toString(),
                                ".")
                != 0) {
            throw new IOException("no jar could be made of " + classes);
        }
        var all = Files.exists(known) ? Files.readString(known).strip() : System.getProperty("java.class.path");
        for (var entry : all.split(":")) {
            if (Files.isRegularFile(Path.of(entry))) {
                entries.add(entry);
            }
        }
        return String.join(":", entries);
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
