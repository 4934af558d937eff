package io.dovetail.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** How a command reaches a hub: whose certificates it trusts, and by which it proves itself. */
final class Connection {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Connection() {}

    static HttpClient to(Workplace workplace, HubOptions options) {
        return to(workplace, options, null, null);
    }

    /**
     * @param certificate with those that it stands on, as PEM; null: none is shown
     * @param key its private key, as PEM
     */
    static HttpClient to(Workplace workplace, HubOptions options, @Nullable Path certificate, @Nullable Path key) {
        var client = HttpClient.newBuilder().connectTimeout(PATIENCE);
        var named = workplace.environment().get("HUB_TRUST");
        var trust = options.trust != null ? options.trust : named == null || named.isEmpty() ? null : Path.of(named);
        if (trust == null && certificate == null) {
            return client.build();
        }
        try {
            var own = certificate == null
                    ? null
                    : PemSslStoreDetails.forCertificate(pem(certificate))
                            .withPrivateKey(key == null ? pem(certificate) : pem(key));
            var trusted = trust == null ? null : PemSslStoreDetails.forCertificate(pem(trust));
            return client.sslContext(
                            SslBundle.of(new PemSslStoreBundle(own, trusted)).createSslContext())
                    .build();
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new NotDoneException("the certificates are not as they must be: " + reason(e));
        }
    }

    private static String pem(Path file) {
        try {
            var text = Files.readString(file);
            if (text.contains("-----BEGIN ")) {
                return text;
            }
        } catch (IOException e) {
            throw new NotDoneException(file + " cannot be read: " + e.getMessage());
        }
        throw new NotDoneException(file + " is no PEM: it has no line that begins with -----BEGIN");
    }

    private static String reason(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : e.getMessage() + "; " + reason(e.getCause());
    }
}
