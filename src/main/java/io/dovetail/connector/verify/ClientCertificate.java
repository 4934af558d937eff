package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate of the sender's on the hub's own TLS connection. TLS has proved that an authority of the front's trust
 * store has signed it and that the sender has its key; the secret is the subject that it must have.
 */
record ClientCertificate(String secret) implements Scheme {

    static ClientCertificate read(JsonNode verify) {
        return new ClientCertificate(verify.path("secret").asText());
    }

    @Override
    public String scheme() {
        return "client-certificate";
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        return Optional.ofNullable(envelope.certificate())
                // a connection may have been open for longer than it was valid
                .filter(certificate -> isValid(certificate, clock))
                .map(certificate -> (Proof.OnEnvelope) subject -> isOf(certificate.getSubjectX500Principal(), subject));
    }

    private static boolean isValid(X509Certificate certificate, Clock clock) {
        try {
            certificate.checkValidity(Date.from(clock.instant()));
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    /** The whole name, part by part, as X.500 compares: not as text, in which a part may be made to look like two. */
    private static boolean isOf(X500Principal subject, String text) {
        try {
            var wanted = new X500Principal(text);
            // a certificate with an empty subject is named elsewhere, and whoever has one is not meant
            return !wanted.getName().isEmpty() && wanted.equals(subject);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public boolean isOnEnvelope() {
        return true;
    }

    @Override
    public boolean wantsCertificate() {
        return true;
    }

    /** Nothing: whoever sends shows the certificate while he connects. */
    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of();
    }

    /** A name that no authority has put its hand to. */
    @Override
    public Invented invent(String user) {
        return Invented.secret("CN=" + Invented.password());
    }

    @Override
    public String words() {
        return "a client certificate";
    }
}
