package io.dovetail.intake;

import io.dovetail.connector.verify.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The secrets directory: one file a secret, named {@code <connector>.<secret>} for the sender {@code default} and
 * {@code <connector>.<sender>.<secret>} for others. Each line is a valid secret, so that an old and a new one live side
 * by side while rotating, or the file is one JSON document. Files are looked at again after {@link #MAX_AGE}: a removed one is dead by then.
 */
public final class Secrets {

    public static final String DEFAULT_SENDER = "default";

    static final Duration MAX_AGE = Duration.ofSeconds(2);

    /** One way for a sender to prove itself. */
    public record Credential(String sender, String secret) {}

    private record Snapshot(Instant readAt, Map<String, FileTime> stamps, Map<String, List<String>> secrets) {}

    private final Path directory;
    private final Clock clock;
    private volatile Snapshot snapshot;

    public Secrets(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
        this.snapshot = read(new Snapshot(Instant.MIN, Map.of(), Map.of()));
    }

    /** Everybody who may send to a connector. */
    public List<Credential> of(String connector, String name) {
        var credentials = new ArrayList<Credential>();
        var prefix = connector + ".";
        var suffix = "." + name;
        for (var entry : current().secrets.entrySet()) {
            var file = entry.getKey();
            if (!file.startsWith(prefix) || !file.endsWith(suffix)) {
                continue;
            }
            var sender = file.length() == prefix.length() + name.length()
                    ? DEFAULT_SENDER
                    : file.substring(prefix.length(), file.length() - suffix.length());
            if (!sender.contains(".")) {
                entry.getValue().forEach(secret -> credentials.add(new Credential(sender, secret)));
            }
        }
        return credentials;
    }

    private Snapshot current() {
        var now = clock.instant();
        var seen = snapshot;
        if (now.isBefore(seen.readAt.plus(MAX_AGE)) && !now.isBefore(seen.readAt)) {
            return seen;
        }
        synchronized (this) {
            if (snapshot == seen) {
                snapshot = read(seen);
            }
            return snapshot;
        }
    }

    private Snapshot read(Snapshot before) {
        var stamps = new TreeMap<String, FileTime>();
        var secrets = new TreeMap<String, List<String>>();
        try (var files = Files.list(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                read(file, before, stamps, secrets);
            }
        } catch (IOException e) {
            // a directory that cannot be read proves nobody: closed rather than open
            return new Snapshot(clock.instant(), Map.of(), Map.of());
        }
        return new Snapshot(clock.instant(), stamps, secrets);
    }

    private static void read(
            Path file, Snapshot before, Map<String, FileTime> stamps, Map<String, List<String>> secrets) {
        var name = file.getFileName().toString();
        try {
            var stamp = Files.getLastModifiedTime(file);
            var known = before.secrets.get(name);
            secrets.put(
                    name,
                    known != null && stamp.equals(before.stamps.get(name))
                            ? known
                            : SecretFile.secrets(Files.readString(file)));
            stamps.put(name, stamp);
        } catch (IOException e) {
            // gone meanwhile, or no text, as an editor's swap file: that shuts out nobody but its own sender
        }
    }
}
