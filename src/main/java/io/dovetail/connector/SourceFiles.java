package io.dovetail.connector;

import io.dovetail.event.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The engineers' files, read once so that all checks see the same state. */
final class SourceFiles {

    private static final List<String> FOLDERS = List.of("connectors", "schemas", "routes");
    private static final int MAX_BYTES = 1024 * 1024;

    private SourceFiles() {}

    static SortedMap<String, byte[]> read(Path root, Problems problems) {
        var files = new TreeMap<String, byte[]>();
        for (var folder : FOLDERS) {
            if (Files.isDirectory(root.resolve(folder))) {
                read(root, root.resolve(folder), files, problems);
            } else {
                problems.add(folder, "there is no such folder: is " + root.getFileName() + " the right directory?");
            }
        }
        return files;
    }

    private static void read(Path root, Path folder, Map<String, byte[]> files, Problems problems) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    return isHidden(dir) || isSamples(root.relativize(dir))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    // a mounted volume's files are links: what counts is what they lead to
                    if (!isHidden(file) && Files.isRegularFile(file)) {
                        var path = root.relativize(file).toString().replace('\\', '/');
                        if (Files.size(file) > MAX_BYTES) {
                            problems.add(path, "the file is larger than " + MAX_BYTES + " bytes");
                        } else {
                            files.put(path, Files.readAllBytes(file));
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            problems.add(root.relativize(folder).toString(), "cannot be read: " + e.getMessage());
        }
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static boolean isSamples(Path path) {
        return path.getNameCount() == 3 && path.startsWith("connectors") && path.endsWith("samples");
    }

    /** Every folder under {@code connectors/} but {@code hub}, which holds the hub's own Kamelets and must be no connector. */
    static SortedSet<String> connectorFolders(Map<String, byte[]> files) {
        var folders = new TreeSet<String>();
        for (var path : files.keySet()) {
            var parts = path.split("/");
            if (parts.length > 2
                    && parts[0].equals("connectors")
                    && (!parts[1].equals("hub") || parts[2].equals("connector.yaml"))) {
                folders.add(parts[1]);
            }
        }
        return folders;
    }

    /** @param files in the order of their paths */
    static String hash(Map<String, byte[]> files) {
        var sha256 = Digests.of("SHA-256");
        files.forEach((path, content) -> {
            var name = path.getBytes(StandardCharsets.UTF_8);
            // lengths, so that no content can pass for another file's path
            sha256.update(ByteBuffer.allocate(8)
                    .putInt(name.length)
                    .putInt(content.length)
                    .flip());
            sha256.update(name);
            sha256.update(content);
        });
        return Digests.brief(sha256.digest());
    }
}
