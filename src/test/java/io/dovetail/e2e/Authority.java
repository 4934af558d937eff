package io.dovetail.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.stream.Stream;

/** Somebody who vouches for others: a certificate of its own, as PEM, and those that it signs. */
record Authority(Path directory, String name) {

    private static final String PASSWORD = "changeit";

    static Authority make(Path directory, String name) {
        var authority = new Authority(directory, name);
        authority.keytool(name, "-dname", "CN=" + name, "-ext", "bc:c");
        authority.entry(name);
        return authority;
    }

    Path certificate() {
        return directory.resolve(name + ".crt");
    }

    /** For this subject, as {@code CN=acme,O=Acme}, with a key of its own. */
    Certificate issue(String file, String subject) {
        keytool(file, "-dname", subject, "-signer", name);
        return entry(file);
    }

    /** The key and its certificate, as PEM too. */
    private Certificate entry(String alias) {
        try {
            var all = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
            var key = all.getKey(alias, PASSWORD.toCharArray());
            var chain = all.getCertificateChain(alias);
            var own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("it", key, PASSWORD.toCharArray(), chain);
            var certificate = directory.resolve(alias + ".crt");
            Files.writeString(certificate, Certificate.pem("CERTIFICATE", chain[0].getEncoded()));
            var pem = directory.resolve(alias + ".key");
            Files.writeString(pem, Certificate.pem("PRIVATE KEY", key.getEncoded()));
            return new Certificate(own, certificate, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path store() {
        return directory.resolve(name + ".p12");
    }

    private void keytool(String alias, String... more) {
        var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var words = Stream.concat(
                        Stream.of(
                                tool,
                                "-genkeypair",
                                "-alias",
                                alias,
                                "-keyalg",
                                "EC",
                                "-validity",
                                "30",
                                "-keystore",
                                store().toString(),
                                "-storepass",
                                PASSWORD),
                        Stream.of(more))
                .toList();
        try {
            var run = new ProcessBuilder(words).redirectErrorStream(true).start();
            var said = new String(run.getInputStream().readAllBytes());
            if (run.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
