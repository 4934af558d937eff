package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body is a security event token (RFC 8417) that its transmitter pushes (RFC 8935), as shared signals do. Its type is
 * checked, and {@code sub} and {@code exp} must be absent (OpenID Shared Signals Framework 1.0, 4.1): so that no other
 * token of the same issuer, as one that logs somebody in, can be passed off as one.
 */
record SecurityEventToken(Jws jws, String issuer, String audience, Keys keys) implements Scheme {

    private static final JOSEObjectType TYPE = new JOSEObjectType("secevent+jwt");

    static SecurityEventToken read(JsonNode verify) {
        var jws = Jws.read(verify);
        return new SecurityEventToken(
                jws, verify.path("issuer").asText(), verify.path("audience").asText(), Keys.read(verify, jws));
    }

    @Override
    public @Nullable String secret() {
        return keys.secret();
    }

    @Override
    public @Nullable URI keysAt() {
        return keys.address();
    }

    @Override
    public String scheme() {
        return "security-event-token";
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        return Optional.of(new AsBody(this, clock));
    }

    private record AsBody(SecurityEventToken scheme, Clock clock) implements Proof.OverBody {

        private Optional<Jws.Token> token(byte[] body) {
            return scheme.jws
                    .parse(new String(body, ISO_8859_1))
                    .filter(token -> scheme.isMeant(token, clock.instant()));
        }

        @Override
        public boolean fits(String secret, byte[] body) {
            return token(body).filter(token -> scheme.jws.fits(token, secret)).isPresent();
        }

        @Override
        public boolean wantsOthers(@Nullable String keys, byte[] body) {
            return token(body)
                    .filter(token -> keys == null || !scheme.jws.knows(token, keys))
                    .isPresent();
        }
    }

    private boolean isMeant(Jws.Token token, Instant now) {
        var claims = token.claims();
        var issued = claims.getIssueTime();
        var id = claims.getJWTID();
        return TYPE.equals(token.jwt().getHeader().getType())
                && !claims.getClaims().containsKey("sub")
                && !claims.getClaims().containsKey("exp")
                && id != null
                && !id.isBlank()
                // old ones are taken: a transmitter may repeat itself for days, and the hub knows what it has
                && issued != null
                && !issued.toInstant().isAfter(now.plus(Jwt.SKEW))
                && issuer.equals(claims.getIssuer())
                && claims.getAudience().contains(audience)
                && hasEvents(claims);
    }

    private static boolean hasEvents(JWTClaimsSet claims) {
        return claims.getClaim("events") instanceof Map<?, ?> events && !events.isEmpty();
    }

    @Override
    public byte[] fill(byte[] body, String key) {
        return jws.signAnew(TYPE, body, key);
    }

    /** Nothing: it is the body. */
    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of();
    }

    @Override
    public Invented invent(String user) {
        return jws.invent();
    }

    @Override
    public String words() {
        return "a security event token of " + issuer + " as the body";
    }
}
