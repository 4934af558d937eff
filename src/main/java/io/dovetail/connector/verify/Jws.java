package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Signed tokens (RFC 7515, RFC 7519) as RFC 8725 wants them checked: the connector pins the algorithms, and only the
 * secret file's keys count, whatever keys or addresses of keys a token names.
 *
 * @param algorithms in the order in which a sender of ours would choose
 */
record Jws(List<JWSAlgorithm> algorithms) {

    /** The least that RFC 7518, 3.3 allows. */
    private static final int MIN_RSA_BITS = 2048;

    /** Without the padding and line breaks that the library would pass over. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    /** One that is well-formed and of a pinned algorithm; nobody has looked at its signature. */
    record Token(SignedJWT jwt, JWTClaimsSet claims) {}

    Jws {
        var shared = algorithms.stream().filter(Jws::isShared).count();
        if (shared != 0 && shared != algorithms.size()) {
            // the public key of one would be the shared secret of the other
            throw new UnsoundException("algorithms", "HS256 and algorithms with public keys cannot share a secret");
        }
    }

    static Jws read(JsonNode verify) {
        return new Jws(StreamSupport.stream(verify.path("algorithms").spliterator(), false)
                .map(name -> JWSAlgorithm.parse(name.asText()))
                .toList());
    }

    private static boolean isShared(JWSAlgorithm algorithm) {
        return JWSAlgorithm.Family.HMAC_SHA.contains(algorithm);
    }

    boolean isShared() {
        return isShared(algorithms.getFirst());
    }

    Optional<Token> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            var jwt = SignedJWT.parse(text);
            var header = jwt.getHeader();
            // nobody here understands what a token calls critical (RFC 7515, 4.1.11)
            return algorithms.contains(header.getAlgorithm()) && header.getCriticalParams() == null
                    ? Optional.of(new Token(jwt, jwt.getJWTClaimsSet()))
                    : Optional.empty();
        } catch (ParseException | RuntimeException e) {
            // on odd JSON the library also throws what it does not declare, as for a header that is null
            return Optional.empty();
        }
    }

    /** @param secret text for HS256, or else a JWKS (RFC 7517) */
    boolean fits(Token token, String secret) {
        try {
            if (isShared()) {
                return token.jwt.verify(new MACVerifier(secret));
            }
            for (var key : of(token, secret)) {
                if (isSignedBy(key, token)) {
                    return true;
                }
            }
            return false;
        } catch (JOSEException | ParseException | RuntimeException e) { // as above, for keys
            return false;
        }
    }

    /** One that this token cannot be signed by, as of another curve, does not stand before those behind it. */
    private static boolean isSignedBy(JWK key, Token token) {
        try {
            return fits(token.jwt, key);
        } catch (JOSEException | RuntimeException e) {
            return false;
        }
    }

    /** Whether these keys have one by which the token may be signed. */
    boolean knows(Token token, String keys) {
        try {
            return !of(token, keys).isEmpty();
        } catch (ParseException | RuntimeException e) {
            return false;
        }
    }

    private static List<JWK> of(Token token, String keys) throws ParseException {
        return new JWKSelector(JWKMatcher.forJWSHeader(token.jwt.getHeader())).select(JWKSet.parse(keys));
    }

    private static boolean fits(SignedJWT jwt, JWK key) throws JOSEException {
        return switch (key) {
            case RSAKey rsa -> rsa.size() >= MIN_RSA_BITS && jwt.verify(new RSASSAVerifier(rsa));
            case ECKey ec -> jwt.verify(new ECDSAVerifier(ec));
            default -> false;
        };
    }

    /** @param key the secret for HS256, or else a private JWK */
    String sign(JOSEObjectType type, JWTClaimsSet claims, String key) {
        try {
            if (isShared()) {
                return serialized(
                        new JWSHeader.Builder(algorithms.getFirst()).type(type).build(),
                        claims,
                        new MACSigner(key.getBytes(UTF_8)));
            }
            var jwk = JWK.parse(key);
            var algorithm = algorithms.stream()
                    .filter(a -> jwk.isPrivate() && KeyType.forAlgorithm(a).equals(jwk.getKeyType()))
                    .findFirst()
                    .orElseThrow(Jws::noPrivateKey);
            var header = new JWSHeader.Builder(algorithm)
                    .type(type)
                    .keyID(jwk.getKeyID())
                    .build();
            return serialized(header, claims, new DefaultJWSSignerFactory().createJWSSigner(jwk, algorithm));
        } catch (JOSEException e) {
            throw new CannotSignException(
                    isShared()
                            ? "HS256 needs a secret of 32 bytes at least (RFC 7518, 3.2)"
                            : "the private key is weak");
        } catch (ParseException | IllegalArgumentException e) {
            throw noPrivateKey();
        }
    }

    /**
     * A token of the same claims, or of those that the body is as JSON, signed by the key; where that is none to sign
     * with, the body as it is, with whatever signature it has.
     */
    byte[] signAnew(JOSEObjectType type, byte[] body, String key) {
        try {
            var text = new String(body, UTF_8).strip();
            var claims = text.startsWith("{")
                    ? JWTClaimsSet.parse(text)
                    : SignedJWT.parse(text).getJWTClaimsSet();
            return sign(type, claims, key).getBytes(UTF_8);
        } catch (ParseException | CannotSignException e) {
            return body;
        }
    }

    private static String serialized(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        var jwt = new SignedJWT(header, claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static CannotSignException noPrivateKey() {
        return new CannotSignException("the secret holds public keys, which prove but cannot sign: put a private JWK"
                + " for one of the connector's algorithms into a file of the same name with .private behind it");
    }

    Invented invent() {
        if (isShared()) {
            return Invented.secret(Invented.password());
        }
        try {
            var algorithm = algorithms.getFirst();
            JWK key = JWSAlgorithm.Family.EC.contains(algorithm)
                    ? new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate()
                    : new RSAKeyGenerator(MIN_RSA_BITS)
                            .keyIDFromThumbprint(true)
                            .generate();
            return new Invented(new JWKSet(key.toPublicJWK()).toString(), key.toJSONString());
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK makes such keys", e);
        }
    }
}
