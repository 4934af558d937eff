package io.dovetail.ledger.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of the PostgreSQL on the class path, unpacked once per version. */
final class Binaries {

    private Binaries() {}

    /**
     * The directory that holds {@code bin/postgres}, unpacked below {@code parent} if it is not there yet. Only a whole
     * copy ever bears the final name, whenever the hub is killed.
     */
    static Path unpackedIn(Path parent) throws IOException {
        var os = System.getProperty("os.name");
        var arch = System.getProperty("os.arch").replace("amd64", "x86_64");
        var name = "postgres-%s-%s.txz".formatted(os.toLowerCase(Locale.ROOT), arch);
        var archive = Binaries.class.getResource("/" + name);
        if (archive == null) {
            throw new CannotStartException(("No PostgreSQL for %s on %s comes with the hub."
                            + " Give it one by HUB_DATABASE_URL=jdbc:postgresql://HOST:PORT/DATABASE?user=…&password=….")
                    .formatted(os, arch));
        }
        var connection = archive.openConnection();
        var home = parent.resolve("postgres-bin-" + version(connection));
        if (!Files.exists(home)) {
            Cluster.deleteLeftBehind(parent, "postgres-bin.new-");
            var unfinished = Files.createTempDirectory(parent, "postgres-bin.new-");
            unpack(connection, unfinished);
            Cluster.sync(unfinished);
            try {
                Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.exists(home)) { // else another hub was quicker, and has the same
                    throw e;
                }
            }
        }
        return home;
    }

    /** The checksum that the jar has of the archive anyway: the archive itself does not name its version. */
    private static String version(URLConnection connection) throws IOException {
        if (connection instanceof JarURLConnection jar) {
            return Long.toHexString(jar.getJarEntry().getCrc());
        }
        return Long.toString(connection.getContentLengthLong());
    }

    private static void unpack(URLConnection archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(
                new XZInputStream(new BufferedInputStream(archive.getInputStream(), 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target) || needless(entry.getName())) {
                    continue;
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(path.getParent());
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    write(tar, entry, path);
                }
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        Files.createDirectories(path.getParent());
        Files.copy(tar, path);
        var executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.force(false);
        }
    }

    /** What only those need who compile against PostgreSQL. */
    private static boolean needless(String name) {
        return name.endsWith(".a") || name.contains("/pgxs/") || name.contains("include/");
    }
}
