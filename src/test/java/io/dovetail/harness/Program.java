package io.dovetail.harness;

import io.dovetail.Main;
import io.dovetail.check.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The hub as tests start it in a JVM of its own: a jar, and Java's archive of the classes that a first start of it has
 * loaded, so that all later ones are quicker. Made once, and kept under {@code target} until the test JVM ends.
 */
public final class Program {

    private static @Nullable Program made;

    private final Path directory;
    private final String classPath;

    private Program(Path directory) throws IOException {
        this.directory = directory;
        this.classPath = classPath(directory.resolve("hub.jar"));
    }

    public static synchronized Program get() {
        if (made == null) {
            try {
                var target = Path.of(System.getProperty("hub.root", ""), "target");
                var directory = Files.createTempDirectory(Files.createDirectories(target), "program-")
                        .toAbsolutePath();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
                var program = new Program(directory);
                program.startFirst();
                made = program;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return made;
    }

    /** The data of a hub that was started and stopped. */
    public Path data() {
        return directory.resolve("data");
    }

    /** Connectors, routes and schemas: the partners' connector alone, so that a hub starts sooner. */
    public Path engineersFiles() {
        return directory.resolve("root");
    }

    /** A command that runs a hub that starts soon rather than works fast; of a flag said twice the last counts. */
    public List<String> command(List<String> flags) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx320m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.serialFilter=!*",
                "-Xlog:disable",
                "-Xlog:all=off"));
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (Files.exists(archive())) {
            command.add("-XX:SharedArchiveFile=" + archive());
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, Main.class.getName(), "run"));
        return command;
    }

    /** Where Java keeps the classes that a hub loads. */
    private Path archive() {
        return directory.resolve("hub.jsa");
    }

    private void startFirst() throws InterruptedException {
        Tree.of(engineersFiles(), "partner-api");
        FreshData.into(data());
        var command = command(List.of("-XX:ArchiveClassesAtExit=" + archive()));
        try (var hub = HubProcess.start(command, engineersFiles(), data(), Map.of())) {
            hub.ready();
        }
    }

    /** Jars alone: Java archives no classes from folders. */
    private static String classPath(Path jar) throws IOException {
        var entries = new ArrayList<String>();
        entries.add(jar.toString());
        var classes = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().getPath());
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
        var known = Path.of(System.getProperty("hub.root", ""), "target/runtime.classpath");
        var all = Files.exists(known) ? Files.readString(known).strip() : System.getProperty("java.class.path");
        for (var entry : all.split(":")) {
            if (Files.isRegularFile(Path.of(entry))) {
                entries.add(entry);
            }
        }
        return String.join(":", entries);
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            // it lies below target, where the next clean finds it
        }
    }
}
