package io.dovetail.intake;

import io.dovetail.connector.verify.SecretFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The secrets directory: one file a secret, named {@code <connector>.<secret>} for the sender {@code default} and
 * {@code <connector>.<sender>.<secret>} for others. Each line is a valid secret, so that an old and a new one live side
 * by side while rotating, or the file is one JSON document. Files are looked at again after {@link #MAX_AGE}: a removed
 * one is dead by then.
 */
public final class Secrets {

    public static final String DEFAULT_SENDER = "default";

    static final Duration MAX_AGE = Duration.ofSeconds(2);

    /**
     * One way for a sender to prove itself.
     *
     * @param isOld whether it stands below another one in its file, to go once the sender has changed over
     */
    public record Credential(String sender, String secret, boolean isOld) {

        /** The one that a sender should use. */
        public Credential(String sender, String secret) {
            this(sender, secret, false);
        }
    }

    /** What tells that a file is still the one that was read; one that is replaced within a tick has another key. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {

        static Stamp of(Path file) throws IOException {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    /** @param unreadable files that are there, and perhaps hold what they held; null: there may be any */
    private record Snapshot(
            Instant readAt,
            Map<String, Stamp> stamps,
            Map<String, List<String>> secrets,
            @Nullable Set<String> unreadable) {

        /**
         * The secrets of a file that has not changed since; null where that cannot be told. A file that was written a
         * moment before it was read may have been written again within the same tick of the file system's clock.
         */
        @Nullable
        List<String> unchanged(String file, Stamp stamp) {
            return stamp.equals(stamps.get(file)) && stamp.modified.toInstant().isBefore(readAt.minus(MAX_AGE))
                    ? secrets.get(file)
                    : null;
        }
    }

    private final Path directory;
    private final Clock clock;
    private volatile Snapshot snapshot;

    public Secrets(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
        this.snapshot = read(new Snapshot(Instant.MIN, Map.of(), Map.of(), Set.of()));
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
                var secrets = entry.getValue();
                for (var i = 0; i < secrets.size(); i++) {
                    credentials.add(new Credential(sender, secrets.get(i), i > 0));
                }
            }
        }
        return credentials;
    }

    /**
     * Whether what {@link #of} gives of a file is what it holds. Where it cannot be read now, nobody is let in by it, and
     * nobody need be shut out who was before.
     */
    public boolean isSureOf(String file) {
        var unreadable = current().unreadable;
        return unreadable != null && !unreadable.contains(file);
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
        var now = clock.instant();
        var stamps = new TreeMap<String, Stamp>();
        var secrets = new TreeMap<String, List<String>>();
        var unreadable = new TreeSet<String>();
        try (var files = Files.list(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (!read(file, before, stamps, secrets)) {
                    unreadable.add(file.getFileName().toString());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // a directory that cannot be read proves nobody: closed rather than open
            return new Snapshot(now, Map.of(), Map.of(), null);
        }
        return new Snapshot(now, stamps, secrets, unreadable);
    }

    /** Whether it is known what is in it, or it is gone. */
    private static boolean read(
            Path file, Snapshot before, Map<String, Stamp> stamps, Map<String, List<String>> secrets) {
        var name = file.getFileName().toString();
        try {
            var stamp = Stamp.of(file);
            var known = before.unchanged(name, stamp);
            secrets.put(name, known == null ? SecretFile.secrets(Files.readString(file)) : known);
            stamps.put(name, stamp);
            return true;
        } catch (IOException e) {
            // gone meanwhile, or no text, as an editor's swap file: that lets in nobody by it
            return Files.notExists(file);
        }
    }
}
