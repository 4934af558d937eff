package io.dovetail.relay.artemis;

import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;

/**
 * How the broker proves itself to those who connect, and they to it.
 *
 * @param context asked anew for each connection, so that certificates may change
 * @param needsCertificates whether whoever connects must have one, which the context trusts
 */
public record Tls(Supplier<SSLContext> context, boolean needsCertificates) {

    private static final String PROTOCOLS = "TLSv1.3,TLSv1.2";

    /** The parameters of Artemis for it. */
    Map<String, Object> parameters() {
        return Map.of(
                TransportConstants.SSL_ENABLED_PROP_NAME,
                "true",
                TransportConstants.ENABLED_PROTOCOLS_PROP_NAME,
                PROTOCOLS,
                TransportConstants.NEED_CLIENT_AUTH_PROP_NAME,
                Boolean.toString(needsCertificates),
                TransportConstants.SSL_CONTEXT_PROP_NAME,
                new CurrentSslContext(context));
    }
}
