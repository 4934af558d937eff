package io.dovetail.intake.web;

import io.dovetail.connector.verify.Envelope;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** What the servlet container knows of a request's sender. */
final class WebEnvelope {

    /** Where the container puts what the TLS handshake has proved; no header of a request gets there. */
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private WebEnvelope() {}

    /** @param tail what the address has behind the connector's name; null where it ends there */
    static Envelope of(HttpServletRequest request, @Nullable String tail) {
        return new Envelope(new WebHeaders(request), tail, certificate(request));
    }

    private static @Nullable X509Certificate certificate(HttpServletRequest request) {
        return request.isSecure()
                        && request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain
                        && chain.length > 0
                ? chain[0]
                : null;
    }
}
