package io.dovetail.connector.verify;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What is there of a request before its body.
 *
 * @param tail what the address has behind the connector's name, decoded; null where it ends there
 * @param certificate the one by which the other end of the connection has proved itself to the hub's own TLS, so that a
 *     trusted authority has signed it; null where it has shown none. What a header says of certificates is not this
 */
public record Envelope(
        Headers headers, @Nullable String tail, @Nullable X509Certificate certificate) {

    /** To the connector's plain address, over a connection that proves nobody. */
    public static Envelope of(Headers headers) {
        return new Envelope(headers, null, null);
    }
}
