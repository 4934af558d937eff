package io.dovetail.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.stream.Stream;

/** Somebody who vouches for others: a certificate of its own, as PEM, and those that it signs. */
record Authority(Path directory, String name) {

    private static final String PASSWORD = "changeit";

    static Authority make(Path directory, String name) {
        var authority = new Authority(directory, name);
        authority.keytool("-genkeypair", name, "-dname", "CN=" + name, "-ext", "bc:c");
        authority.keytool(
                "-exportcert", name, "-rfc", "-file", authority.certificate().toString());
        return authority;
    }

    Path certificate() {
        return directory.resolve(name + ".crt");
    }

    /** For this subject, as {@code CN=acme,O=Acme}, with a key of its own. */
    Certificate issue(String file, String subject) {
        var request = directory.resolve(file + ".csr").toString();
        var signed = directory.resolve(file + ".crt");
        keytool("-genkeypair", file, "-dname", subject);
        keytool("-certreq", file, "-file", request);
        keytool("-gencert", name, "-rfc", "-infile", request, "-outfile", signed.toString());
        try {
            var key = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray())
                    .getKey(file, PASSWORD.toCharArray());
            var chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(Files.newInputStream(signed))
                    .toArray(java.security.cert.Certificate[]::new);
            var own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("it", key, PASSWORD.toCharArray(), chain);
            var pem = directory.resolve(file + ".key");
            Files.writeString(
                    pem,
                    "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
            return new Certificate(own, signed, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path store() {
        return directory.resolve(name + ".p12");
    }

    private void keytool(String command, String alias, String... more) {
        var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var words = Stream.concat(
                        Stream.of(
                                tool,
                                command,
                                "-alias",
                                alias,
                                "-keystore",
                                store().toString(),
                                "-storepass",
                                PASSWORD),
                        Stream.concat(
                                command.equals("-genkeypair")
                                        ? Stream.of("-keyalg", "EC", "-validity", "30")
                                        : Stream.of(),
                                Stream.of(more)))
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
