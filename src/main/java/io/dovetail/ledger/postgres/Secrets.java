package io.dovetail.ledger.postgres;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/** The generated passwords of the embedded database, in a file that its owner alone can read. */
record Secrets(Credential owner, Credential app, boolean isNew) {

    static final String OWNER = "hub_owner";
    static final String APP = "hub_app";

    static Secrets keptIn(Path file) throws IOException {
        if (Files.exists(file)) {
            var kept = new Properties();
            try (var in = Files.newBufferedReader(file)) {
                kept.load(in);
            }
            var owner = kept.getProperty(OWNER);
            var app = kept.getProperty(APP);
            if (owner == null || app == null) {
                throw new CannotStartException(
                        "%s lacks %s or %s. Delete it: the hub then makes new passwords.".formatted(file, OWNER, APP));
            }
            return new Secrets(new Credential(OWNER, owner), new Credential(APP, app), false);
        }
        return new Secrets(new Credential(OWNER, random()), new Credential(APP, random()), true);
    }

    /** To be called once the database knows them: a file that is there is a file that holds. */
    void keepIn(Path file) throws IOException {
        var unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(
                        unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly);
                var out = Channels.newOutputStream(channel)) {
            out.write("%s=%s%n%s=%s%n"
                    .formatted(OWNER, owner.password(), APP, app.password())
                    .getBytes(StandardCharsets.US_ASCII));
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        Cluster.sync(Objects.requireNonNull(file.getParent()));
    }

    private static String random() {
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
