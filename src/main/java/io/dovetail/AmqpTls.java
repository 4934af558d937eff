package io.dovetail;

import io.dovetail.relay.artemis.Tls;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/** TLS of the AMQP port by one of Spring's bundles, which says where certificates are and whether to follow changes. */
final class AmqpTls {

    private AmqpTls() {}

    /**
     * @param bundle its name; empty: in the clear
     * @throws CannotStartException when there is none of this name, or its files are of no use
     */
    static @Nullable Tls of(String bundle, SslBundles bundles) {
        if (bundle.isEmpty()) {
            return null;
        }
        try {
            var found = bundles.getBundle(bundle);
            var context = new AtomicReference<>(found.createSslContext());
            bundles.addBundleUpdateHandler(bundle, next -> context.set(next.createSslContext()));
            return new Tls(context::get, found.getStores().getTrustStore() != null);
        } catch (RuntimeException e) {
            throw new CannotStartException("hub.amqp-ssl-bundle names the bundle " + bundle
                    + ", which cannot be used. Look at spring.ssl.bundle.pem." + bundle + ": " + reasons(e));
        }
    }

    /** The port with it, as the hub itself meets it. */
    static PortTls port(String bundle, SslBundles bundles) {
        return bundle.isEmpty()
                ? PortTls.OFF
                : PortTls.of(bundles.getBundle(bundle).getStores());
    }

    private static String reasons(Throwable e) {
        var cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : e.getMessage() + "; " + reasons(cause);
    }
}
