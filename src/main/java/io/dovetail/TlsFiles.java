package io.dovetail;

import java.io.FileNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.web.server.Ssl;
import org.springframework.util.ResourceUtils;

/** The files of Spring's SSL bundles, and of ports that have files of their own: keys, certificates, and whose signature counts. */
final class TlsFiles {

    private TlsFiles() {}

    /** @param ports null: one that speaks no TLS */
    static List<Path> of(SslProperties settings, Collection<@Nullable Ssl> ports) {
        var pem = settings.getBundle().getPem().values().stream().flatMap(TlsFiles::locations);
        var jks = settings.getBundle().getJks().values().stream().flatMap(TlsFiles::locations);
        var own = ports.stream().filter(Objects::nonNull).flatMap(TlsFiles::locations);
        return Stream.of(pem, jks, own)
                .flatMap(Function.identity())
                .filter(Objects::nonNull)
                .flatMap(TlsFiles::file)
                .distinct()
                .toList();
    }

    private static Stream<@Nullable String> locations(PemSslBundleProperties bundle) {
        return Stream.of(bundle.getKeystore(), bundle.getTruststore())
                .flatMap(store -> Stream.of(store.getCertificate(), store.getPrivateKey()));
    }

    private static Stream<@Nullable String> locations(JksSslBundleProperties bundle) {
        return Stream.of(
                bundle.getKeystore().getLocation(), bundle.getTruststore().getLocation());
    }

    private static Stream<@Nullable String> locations(Ssl port) {
        return Stream.of(
                port.getCertificate(),
                port.getCertificatePrivateKey(),
                port.getTrustCertificate(),
                port.getKeyStore(),
                port.getTrustStore());
    }

    /** Nothing where the setting holds what would be in a file, or is part of the program. */
    private static Stream<Path> file(String location) {
        if (location.isBlank() || location.contains("-----BEGIN") || location.matches("(classpath|base64):(?s).*")) {
            return Stream.empty();
        }
        try {
            return Stream.of(ResourceUtils.getFile(location).toPath());
        } catch (FileNotFoundException | InvalidPathException e) {
            return Stream.empty(); // whoever reads it says what is wrong
        }
    }
}
