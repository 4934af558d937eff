package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body is a verifiable credential as a signed token (W3C Verifiable Credentials 2.0 with JOSE; 1.1, section 6.3.1, where
 * it stands in {@code vc}), as Open Badges 3.0 has them. What token and credential both say must be the same, or either could
 * be read for the other. One whose time is over is taken: that it is over is news.
 */
record VerifiableCredential(Jws jws, String issuer, Keys keys) implements TokenAsBody {

    private static final JOSEObjectType TYPE = new JOSEObjectType("vc+jwt");
    private static final String KIND = "VerifiableCredential";

    static VerifiableCredential read(JsonNode verify) {
        var jws = Jws.read(verify);
        return new VerifiableCredential(jws, verify.path("issuer").asText(), Keys.read(verify, jws));
    }

    @Override
    public String scheme() {
        return "verifiable-credential";
    }

    @Override
    public JOSEObjectType type() {
        return TYPE;
    }

    @Override
    public boolean isMeant(Jws.Token token, Instant now) {
        var claims = token.claims();
        var inside = claims.getClaim("vc");
        if (inside != null && !(inside instanceof Map)) {
            return false;
        }
        var old = inside instanceof Map<?, ?>;
        var credential = old ? (Map<?, ?>) inside : claims.getClaims();
        var begins = claims.getNotBeforeTime();
        return issuer.equals(claims.getIssuer())
                && all(credential.get("type")).contains(KIND)
                && claims.getJWTID() != null
                && !claims.getJWTID().isBlank()
                && begins != null
                && !now.isBefore(begins.toInstant().minus(Jwt.SKEW))
                // in the older form it may be in the token alone
                && says(credential, "issuer", issuer, old)
                && isSame(claims.getJWTID(), credential.get("id"), old)
                && isMoment(begins, fallback(credential.get("validFrom"), credential.get("issuanceDate")), old)
                && isMoment(
                        claims.getExpirationTime(),
                        fallback(credential.get("validUntil"), credential.get("expirationDate")),
                        old)
                && isSubject(claims.getSubject(), credential.get("credentialSubject"), old);
    }

    private static boolean says(Map<?, ?> credential, String name, String wanted, boolean mayLack) {
        var value = credential.get(name);
        return isSame(wanted, value instanceof Map<?, ?> object ? object.get("id") : value, mayLack);
    }

    private static boolean isSame(@Nullable String claim, @Nullable Object field, boolean mayLack) {
        return field == null ? claim == null || mayLack : field.equals(claim);
    }

    /** A token counts in whole seconds. */
    private static boolean isMoment(@Nullable Date claim, @Nullable Object field, boolean mayLack) {
        if (field == null || claim == null) {
            return field == null && (claim == null || mayLack);
        }
        try {
            return field instanceof String text
                    && OffsetDateTime.parse(text).toEpochSecond()
                            == claim.toInstant().getEpochSecond();
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isSubject(@Nullable String claim, @Nullable Object subject, boolean mayLack) {
        var who = all(subject);
        return who.size() == 1
                && who.iterator().next() instanceof Map<?, ?> one
                && isSame(claim, one.get("id"), mayLack);
    }

    private static Collection<?> all(@Nullable Object value) {
        return value instanceof Collection<?> many ? many : value == null ? List.of() : List.of(value);
    }

    private static @Nullable Object fallback(@Nullable Object first, @Nullable Object second) {
        return first == null ? second : first;
    }

    @Override
    public String words() {
        return "a verifiable credential of " + issuer
                + " as a signed token (JWT), which is the body; a credential with a"
                + " proof inside (DataIntegrityProof) is not verified";
    }
}
