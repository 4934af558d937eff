package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.nimbusds.jose.JWSAlgorithm;
import java.time.Instant;
import java.util.List;

/** What another system was asked for and answers as a signed token, whoever stands between it and the hub. */
public final class SignedAnswer {

    private static final Jws JWS = new Jws(List.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256));

    private SignedAnswer() {}

    /**
     * Whether one of these keys has signed it, and it counts now.
     *
     * @param keys a JWKS (RFC 7517)
     */
    public static boolean isProved(byte[] answer, String keys, Instant now) {
        return JWS.parse(new String(answer, ISO_8859_1).strip())
                .filter(token -> counts(token, now) && JWS.fits(token, keys))
                .isPresent();
    }

    private static boolean counts(Jws.Token token, Instant now) {
        var begins = token.claims().getNotBeforeTime();
        var ends = token.claims().getExpirationTime();
        return (begins == null || !now.isBefore(begins.toInstant().minus(Jwt.SKEW)))
                && (ends == null || now.isBefore(ends.toInstant().plus(Jwt.SKEW)));
    }
}
