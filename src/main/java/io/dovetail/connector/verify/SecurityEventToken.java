package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Instant;
import java.util.Map;

/**
 * The body is a security event token (RFC 8417) that its transmitter pushes (RFC 8935), as shared signals do. Its type is
 * checked, and {@code sub} and {@code exp} must be absent (OpenID Shared Signals Framework 1.0, 4.1): so that no other
 * token of the same issuer, as one that logs somebody in, can be passed off as one.
 */
record SecurityEventToken(Jws jws, String issuer, String audience, Keys keys) implements TokenAsBody {

    private static final JOSEObjectType TYPE = new JOSEObjectType("secevent+jwt");

    static SecurityEventToken read(JsonNode verify) {
        var jws = Jws.read(verify);
        return new SecurityEventToken(
                jws, verify.path("issuer").asText(), verify.path("audience").asText(), Keys.read(verify, jws));
    }

    @Override
    public String scheme() {
        return "security-event-token";
    }

    @Override
    public JOSEObjectType type() {
        return TYPE;
    }

    @Override
    public boolean isMeant(Jws.Token token, Instant now) {
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
    public String words() {
        return "a security event token of " + issuer + " as the body";
    }
}
