package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A signed token in a header (RFC 7519, RFC 6750). It says who sends and for how long, and nothing about the body.
 *
 * @param header in {@code Authorization} the token stands behind {@code Bearer}, in any other header alone
 */
record Jwt(Jws jws, String header, String issuer, String audience, Keys keys) implements ByToken {

    static final Duration SKEW = Duration.ofSeconds(60);

    private static final String AUTHORIZATION = "Authorization";
    private static final String BEARER = "Bearer ";
    private static final Duration LIFE = Duration.ofMinutes(5);

    static Jwt read(JsonNode verify) {
        var jws = Jws.read(verify);
        return new Jwt(
                jws,
                verify.path("header").asText(AUTHORIZATION),
                verify.path("issuer").asText(),
                verify.path("audience").asText(),
                Keys.read(verify, jws));
    }

    @Override
    public String scheme() {
        return "jwt";
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        var token = token(envelope.headers());
        return token == null
                ? Optional.empty()
                : jws.parse(token)
                        .filter(parsed -> isMeant(parsed, clock.instant()))
                        .map(parsed -> new Shown(jws, parsed));
    }

    private record Shown(Jws jws, Jws.Token token) implements Proof.OnEnvelope {

        @Override
        public boolean fits(String secret) {
            return jws.fits(token, secret);
        }

        @Override
        public boolean wantsOthers(@Nullable String keys) {
            return keys == null || !jws.knows(token, keys);
        }
    }

    private @Nullable String token(Headers headers) {
        var value = headers.only(header);
        if (value == null || !isAuthorization()) {
            return value;
        }
        // the scheme's name is case-insensitive (RFC 9110, 11.1)
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? value.substring(BEARER.length()) : null;
    }

    private boolean isAuthorization() {
        return header.equalsIgnoreCase(AUTHORIZATION);
    }

    @Override
    public boolean isMeant(Jws.Token token, Instant now) {
        var claims = token.claims();
        var expires = claims.getExpirationTime();
        var begins = claims.getNotBeforeTime();
        return issuer.equals(claims.getIssuer())
                && claims.getAudience().contains(audience)
                && expires != null
                && now.isBefore(expires.toInstant().plus(SKEW))
                && (begins == null || !now.isBefore(begins.toInstant().minus(SKEW)));
    }

    @Override
    public boolean isOnEnvelope() {
        return true;
    }

    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .jwtID(delivery.id())
                .issueTime(Date.from(delivery.at()))
                .expirationTime(Date.from(delivery.at().plus(LIFE)))
                .build();
        return Map.of(header, (isAuthorization() ? BEARER : "") + jws.sign(JOSEObjectType.JWT, claims, key));
    }

    @Override
    public String words() {
        return "a JWT of " + issuer + " in " + header;
    }
}
