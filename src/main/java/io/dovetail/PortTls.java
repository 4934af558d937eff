package io.dovetail;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.boot.web.server.WebServerSslBundle;

/**
 * TLS of one of the hub's ports, by Spring Boot's settings.
 *
 * @param asksForCertificates whether whoever connects may show one, which the port's trust store must vouch for
 * @param own by which the port proves itself
 */
record PortTls(boolean isOn, boolean asksForCertificates, Set<Certificate> own) {

    static final PortTls OFF = new PortTls(false, false, Set.of());

    /**
     * @param prefix of the settings
     * @throws CannotStartException when the settings are of no use, or let anybody vouch for senders
     */
    static PortTls of(String prefix, @Nullable Ssl ssl, SslBundles bundles) {
        if (ssl == null || !ssl.isEnabled()) {
            return OFF;
        }
        var auth = ssl.getClientAuth() == null ? ClientAuth.NONE : ssl.getClientAuth();
        if (auth == ClientAuth.NEED) {
            throw new CannotStartException(prefix + ".client-auth is want, or is left out: connectors say whose"
                    + " senders must show a certificate, and operators have none.");
        }
        @Nullable KeyStore trusted;
        Set<Certificate> own;
        try {
            var bundle = WebServerSslBundle.get(ssl, bundles);
            bundle.createSslContext();
            trusted = bundle.getStores().getTrustStore();
            own = certificates(bundle.getStores().getKeyStore());
        } catch (RuntimeException | KeyStoreException e) {
            throw new CannotStartException(prefix
                    + (ssl.getBundle() == null
                            ? " cannot be used: "
                            : ".bundle names the bundle " + ssl.getBundle()
                                    + ", which cannot be used. Look at spring.ssl.bundle.pem." + ssl.getBundle() + ": ")
                    + reasons(e));
        }
        if (own.isEmpty()) {
            throw new CannotStartException(prefix + " has no certificate of the hub's own: name it and its key, as with"
                    + " spring.ssl.bundle.pem.<bundle>.keystore.certificate and .private-key.");
        }
        if (auth == ClientAuth.WANT && trusted == null) {
            throw new CannotStartException(
                    prefix + ".client-auth asks for certificates, and no trust store says who may"
                            + " vouch for them: any public authority could. Name those that do, as with"
                            + " spring.ssl.bundle.pem.<bundle>.truststore.certificate.");
        }
        return new PortTls(true, auth == ClientAuth.WANT, own);
    }

    /** A port that asks for certificates where somebody may vouch for them. */
    static PortTls of(SslStoreBundle stores) {
        try {
            return new PortTls(true, stores.getTrustStore() != null, certificates(stores.getKeyStore()));
        } catch (KeyStoreException e) {
            throw new IllegalStateException("what Spring has made of the files is loaded", e);
        }
    }

    private static Set<Certificate> certificates(@Nullable KeyStore store) throws KeyStoreException {
        var found = new HashSet<Certificate>();
        if (store == null) {
            return found;
        }
        for (var alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                found.add(store.getCertificate(alias));
            }
        }
        return found;
    }

    private static String reasons(Throwable e) {
        var cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : e.getMessage() + "; " + reasons(cause);
    }

    String scheme() {
        return isOn ? "https" : "http";
    }

    /** A sentence when connectors want certificates that this port never asks for; their senders all get 401. */
    List<String> notAskedFor(Configuration configuration) {
        var wanting = configuration.connectors().values().stream()
                .filter(connector -> connector.webhook().verify().wantsCertificate())
                .map(Connector::name)
                .collect(Collectors.joining(", "));
        return asksForCertificates || wanting.isEmpty()
                ? List.of()
                : List.of("Senders of these connectors are to show a client certificate, and the hub asks for none: "
                        + wanting + ". Let it speak TLS with server.ssl.bundle, and set server.ssl.client-auth=want.");
    }
}
