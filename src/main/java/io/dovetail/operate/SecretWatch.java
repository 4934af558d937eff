package io.dovetail.operate;

import io.dovetail.ledger.SecretHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sees which files of the secrets directory, and which others that matter as much, come, go and are written, without a
 * look at what is in them.
 */
public final class SecretWatch {

    private static final int MOST_FILES = 5_000;

    private final Path directory;
    private final List<Path> others;
    private final SecretHistory history;
    private Map<String, Instant> told = Map.of();

    /** @param others files elsewhere, which are told by their whole path */
    public SecretWatch(Path directory, List<Path> others, SecretHistory history) {
        this.directory = directory;
        var own = directory.toAbsolutePath().normalize();
        this.others = others.stream()
                .map(file -> file.toAbsolutePath().normalize())
                .filter(file -> !own.equals(file.getParent()))
                .toList();
        this.history = history;
    }

    /** @throws IOException when the directory cannot be read: that says nothing about the files in it */
    void look() throws IOException {
        var written = new TreeMap<String, Instant>();
        try (var files = Files.list(directory)) {
            // what begins with a dot is an editor's, or how Kubernetes puts files in place
            for (var file : files.filter(Files::isRegularFile)
                    .sorted()
                    .limit(MOST_FILES)
                    .toList()) {
                var name = file.getFileName().toString();
                if (!name.startsWith(".")) {
                    written.put(name, changed(file).toInstant());
                }
            }
        }
        for (var file : others) {
            if (Files.isRegularFile(file)) {
                written.put(file.toString(), changed(file).toInstant());
            }
        }
        if (!written.equals(told)) {
            history.tell(written);
            told = written;
        }
    }

    /** What wrote a file can also set when it was last written, as {@code cp -p} does; when it was changed, it cannot. */
    private static FileTime changed(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? (FileTime) Files.getAttribute(file, "unix:ctime")
                : Files.getLastModifiedTime(file);
    }
}
