package io.dovetail;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.flow.Version;
import io.dovetail.ledger.Versions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Versions as the ledger keeps them: their files in one zip; and back to work from there. */
final class Archive {

    private static final Logger log = LoggerFactory.getLogger(Archive.class);
    private static final String PLACE = "ledger";

    private Archive() {}

    static byte[] zip(Configuration configuration) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : new TreeMap<>(configuration.files()).entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Puts a version to work that was live once. It has to be as sound as one of today: what is refused now may have
     * been found to do harm.
     *
     * @throws UnreadableVersionException with all problems
     */
    static Version load(String hash, Versions versions) {
        return load(hash, versions, (configuration, problems) -> {});
    }

    /** @param alsoCheck what this hub wants beyond that */
    static Version load(String hash, Versions versions, BiConsumer<Configuration, Problems> alsoCheck) {
        var began = System.nanoTime();
        var problems = new Problems();
        var files = versions.files(hash);
        if (files.isEmpty()) {
            problems.add(PLACE, "no such version is kept");
        } else {
            var version = unpack(hash, files.get(), alsoCheck, problems);
            if (version != null) {
                log.info("Loaded the version {} again, in {} ms", hash, (System.nanoTime() - began) / 1_000_000);
                return version;
            }
        }
        throw new UnreadableVersionException(hash, problems.list());
    }

    /** The files of a version as they are kept, whatever this hub thinks of them. */
    static Optional<Map<String, byte[]>> files(String hash, Versions versions) {
        return versions.files(hash).map(zip -> {
            try {
                return unzip(zip);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static @Nullable Version unpack(
            String hash, byte[] zip, BiConsumer<Configuration, Problems> alsoCheck, Problems problems) {
        try {
            var configuration = Configuration.of(unzip(zip), problems);
            if (!configuration.hash().equals(hash)) {
                problems.add(PLACE, "the files that are kept are not those of this version");
            }
            alsoCheck.accept(configuration, problems);
            return Loader.start(configuration, problems);
        } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
            log.warn("The version {} cannot be loaded again", hash, e);
            problems.add(PLACE, "the files that are kept cannot be read");
            return null;
        }
    }

    private static Map<String, byte[]> unzip(byte[] bytes) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }
}
