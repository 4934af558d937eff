package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityEventTokenTest {

    private static final String JSON = "{'scheme':'security-event-token','algorithms':['RS256'],"
            + "'issuer':'https://issuer.example','audience':'dovetail'}";

    private final Gate keys = Gate.of(JSON, Tokens.JWKS);
    private final Gate shared = Gate.of(JSON.replace("RS256", "HS256"), Tokens.TEXT);

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer.example")
                .audience(List.of("other", "dovetail"))
                .issueTime(Date.from(Gate.NOW))
                .jwtID("set-1")
                .claim(
                        "events",
                        Map.of("https://schemas.openid.net/secevent/caep/event-type/session-revoked", Map.of()));
    }

    private static String signed(JWTClaimsSet.Builder claims, String type) throws Exception {
        var header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(type == null ? null : new JOSEObjectType(type))
                .build();
        var jwt = new SignedJWT(header, claims.build());
        jwt.sign(new MACSigner(Tokens.TEXT));
        return jwt.serialize();
    }

    @Test
    void takesATokenWhoseSignatureFits() throws Exception {
        assertThat(keys.lets(Tokens.SET)).isTrue();
        assertThat(keys.with("{\"keys\":[]}").lets(Tokens.SET)).isFalse();
        assertThat(keys.with(keys.verify().invent("x").secret()).lets(Tokens.SET))
                .isFalse();
        assertThat(shared.lets(Tokens.SET)).isFalse();
        assertThat(shared.lets(signed(claims(), "secevent+jwt"))).isTrue();
        assertThat(shared.lets(signed(claims(), "SecEvent+JWT"))).isTrue();
    }

    /** A transmitter repeats a token for days, but none comes from the future. */
    @Test
    void takesAnOldTokenAndNoneFromTheFuture() throws Exception {
        assertThat(keys.at(1_700_000_000 + 30 * 86_400).lets(Tokens.SET)).isTrue();
        assertThat(keys.at(1_700_000_000 - 60).lets(Tokens.SET)).isTrue();
        assertThat(keys.at(1_700_000_000 - 61).lets(Tokens.SET)).isFalse();
        // printed in an example of the specification
        assertThat(shared.lets(signed(claims().claim("iat", 15_203_800_012L), "secevent+jwt")))
                .isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"JWT", "at+jwt", "secevent", "application/json"})
    void refusesAnotherType(String type) throws Exception {
        assertThat(shared.lets(signed(claims(), type))).isFalse();
    }

    static Stream<JWTClaimsSet.Builder> claimsThatAreWrong() {
        return Stream.of(
                claims().subject("somebody"),
                claims().expirationTime(Date.from(Gate.NOW.plusSeconds(300))),
                claims().jwtID(null),
                claims().jwtID(" "),
                claims().issueTime(null),
                claims().claim("iat", "now"),
                claims().issuer("https://other.example"),
                claims().issuer(null),
                claims().audience("other"),
                claims().audience((String) null),
                claims().claim("events", null),
                claims().claim("events", Map.of()),
                claims().claim("events", List.of("x")),
                claims().claim("events", "x"));
    }

    @ParameterizedTest
    @MethodSource("claimsThatAreWrong")
    void refusesClaimsThatAreWrong(JWTClaimsSet.Builder claims) throws Exception {
        assertThat(shared.lets(signed(claims, "secevent+jwt"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "a.b.c", "%s\n", " %s", "\"%s\"", "%s.x", "{\"token\": \"%s\"}", "é.é.é"})
    void refusesABodyThatIsNoToken(String shape) {
        assertThat(keys.lets(shape.replace("%s", Tokens.SET))).isFalse();
        assertThat(keys.lets(("A".repeat(500_000) + ".").repeat(3))).isFalse();
        assertThat(keys.lets(new byte[] {(byte) 0xFF, 0, '.', '.'})).isFalse();
        assertThat(keys.lets(Tokens.SET.getBytes(UTF_8))).isTrue();
    }
}
