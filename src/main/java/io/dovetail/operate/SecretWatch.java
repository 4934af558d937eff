package io.dovetail.operate;

import io.dovetail.ledger.SecretHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Sees which files of the secrets directory come, go and are written, without a look at what is in them. */
public final class SecretWatch {

    private static final int MOST_FILES = 5_000;

    private final Path directory;
    private final SecretHistory history;
    private Map<String, Instant> told = Map.of();

    public SecretWatch(Path directory, SecretHistory history) {
        this.directory = directory;
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
