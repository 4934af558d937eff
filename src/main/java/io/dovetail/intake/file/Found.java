package io.dovetail.intake.file;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that lies in a folder, as it is at the moment. Equal as long as nobody writes to it or puts another in its
 * place.
 *
 * @param file on this machine: its name, relative to the folder, in whatever bytes it is written
 * @param key what the file system knows it by
 */
record Found(
        String name,
        @Nullable Path file,
        boolean isFile,
        long size,
        Instant changedAt,
        @Nullable Object key) {

    static Found of(Path file, BasicFileAttributes attributes) {
        return new Found(
                Objects.requireNonNull(file.getFileName()).toString(),
                file,
                attributes.isRegularFile(),
                attributes.size(),
                attributes.lastModifiedTime().toInstant(),
                attributes.fileKey());
    }

    /** For people, on one line. */
    String shown() {
        return name.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    /** For a new file: letters, digits and little else, and not too long for what is put before and behind it. */
    String tame() {
        var tame = name.replaceAll("[^A-Za-z0-9._-]", "_");
        return tame.length() > 180 ? tame.substring(tame.length() - 180) : tame;
    }
}
