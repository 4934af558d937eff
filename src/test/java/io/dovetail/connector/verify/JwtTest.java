package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {

    private static final String SHARED =
            "{'scheme':'jwt','algorithms':['HS256'],'issuer':'https://issuer.example'," + "'audience':'dovetail'}";
    private static final String PUBLIC = SHARED.replace("'HS256'", "'RS256','ES256'");

    private final Gate shared = Gate.of(SHARED, Tokens.TEXT);
    private final Gate keys = Gate.of(PUBLIC, Tokens.JWKS);

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer.example")
                .audience("dovetail")
                .expirationTime(Date.from(Gate.NOW.plusSeconds(300)));
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, String secret) throws Exception {
        var jwt = new SignedJWT(header, claims);
        jwt.sign(new MACSigner(secret));
        return jwt.serialize();
    }

    private static String signed(JWTClaimsSet.Builder claims) throws Exception {
        return signed(new JWSHeader(JWSAlgorithm.HS256), claims.build(), Tokens.TEXT);
    }

    @Test
    void takesATokenOfEachKind() {
        assertThat(shared.lets("x", bearer(Tokens.HS256))).isTrue();
        assertThat(keys.lets("x", bearer(Tokens.RS256))).isTrue();
        assertThat(keys.lets("x", bearer(Tokens.ES256))).isTrue();
        assertThat(shared.lets("x", "authorization: bearer " + Tokens.HS256)).isTrue();
        assertThat(shared.with(Tokens.TEXT + "x").lets("x", bearer(Tokens.HS256)))
                .isFalse();
        assertThat(Gate.of(SHARED.replace("'jwt'", "'jwt','header':'X-Token'"), Tokens.TEXT)
                        .lets("x", "X-Token: " + Tokens.HS256))
                .isTrue();
    }

    /** Its publisher puts in what he signs other tokens with, too. */
    @Test
    void takesATokenByTheKeyBehindOneOfAnotherCurve() throws Exception {
        var key = new ECKeyGenerator(Curve.P_256).generate();
        var other = new ECKeyGenerator(Curve.P_384).generate();
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims().build());
        jwt.sign(new ECDSASigner(key));
        for (var set : List.of(List.<JWK>of(other, key), List.<JWK>of(key, other))) {
            assertThat(keys.with(new JWKSet(set).toString()).lets("x", bearer(jwt.serialize())))
                    .isTrue();
        }
        assertThat(keys.with(new JWKSet(other).toString()).lets("x", bearer(jwt.serialize())))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"359, true", "360, false", "-1000000, true"})
    void takesItUntilAMinuteAfterItsEnd(long off, boolean taken) {
        assertThat(shared.at(1_700_000_000 + off).lets("x", bearer(Tokens.HS256)))
                .isEqualTo(taken);
        assertThat(keys.at(1_700_000_000 + off).lets("x", bearer(Tokens.RS256))).isEqualTo(taken);
    }

    static Stream<JWTClaimsSet.Builder> claimsThatAreWrong() {
        return Stream.of(
                claims().issuer("https://other.example"),
                claims().issuer(null),
                claims().issuer("https://issuer.example/"),
                claims().audience("other"),
                claims().audience((String) null),
                claims().expirationTime(null),
                claims().expirationTime(Date.from(Gate.NOW.minusSeconds(61))),
                claims().notBeforeTime(Date.from(Gate.NOW.plusSeconds(61))),
                claims().claim("exp", "tomorrow"),
                claims().claim("iss", 1),
                claims().claim("aud", 1),
                claims().claim("nbf", "x"));
    }

    @ParameterizedTest
    @MethodSource("claimsThatAreWrong")
    void refusesClaimsThatAreWrong(JWTClaimsSet.Builder claims) throws Exception {
        assertThat(shared.lets("x", bearer(signed(claims())))).isTrue();
        assertThat(shared.lets("x", bearer(signed(claims)))).isFalse();
    }

    @Test
    void takesOneAudienceOfSeveral() throws Exception {
        assertThat(shared.lets("x", bearer(signed(claims().audience(java.util.List.of("a", "dovetail"))))))
                .isTrue();
    }

    /** RFC 8725, 2.1: an algorithm that the connector has not pinned is none. */
    @Test
    void refusesAlgorithmsThatAreNotPinned() throws Exception {
        var body = Tokens.HS256.substring(Tokens.HS256.indexOf('.'), Tokens.HS256.lastIndexOf('.') + 1);
        for (var alg : new String[] {"none", "None", "NONE", "", "HS512", "RS256", "hs256"}) {
            var header = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(("{\"alg\":\"" + alg + "\"}").getBytes(UTF_8));
            assertThat(shared.lets("x", bearer(header + body))).isFalse();
            assertThat(shared.lets("x", bearer(header + body + "AAAA"))).isFalse();
        }
        // the public key as if it were a shared secret
        var confused = signed(new JWSHeader(JWSAlgorithm.HS256), claims().build(), Tokens.JWKS);
        assertThat(keys.lets("x", bearer(confused))).isFalse();
        assertThat(Gate.of(PUBLIC.replace("'RS256',", ""), Tokens.JWKS).lets("x", bearer(Tokens.RS256)))
                .isFalse();
        assertThatThrownBy(() -> Gate.of(SHARED.replace("'HS256'", "'HS256','RS256'"), ""))
                .isInstanceOf(UnsoundException.class)
                .hasMessageContaining("cannot share a secret");
    }

    /** The key that a token brings along proves nothing. */
    @Test
    void believesNoKeyInAToken() throws Exception {
        var made = keys.verify().invent("x");
        var own = RSAKey.parse(made.privateKey()).toPublicJWK();
        for (var header : new JWSHeader[] {
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own).build(),
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own).keyID("r1").build(),
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .jwkURL(java.net.URI.create("http://127.0.0.1:1/keys"))
                    .build(),
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("../../etc/passwd").build(),
        }) {
            var jwt = new SignedJWT(header, claims().build());
            jwt.sign(new com.nimbusds.jose.crypto.RSASSASigner(RSAKey.parse(made.privateKey())));
            assertThat(keys.lets("x", bearer(jwt.serialize()))).isFalse();
            assertThat(header.getKeyID() == null && keys.with(made.secret()).lets("x", bearer(jwt.serialize())))
                    .isEqualTo(header.getKeyID() == null);
        }
    }

    @Test
    void refusesWhatATokenCallsCritical() throws Exception {
        var header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .criticalParams(Set.of("x"))
                .customParam("x", 1)
                .build();
        assertThat(shared.lets("x", bearer(signed(header, claims().build(), Tokens.TEXT))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Bearer",
                "Bearer ",
                "Bearer .",
                "Bearer ..",
                "Bearer ...",
                "Bearer a.b.c",
                "Basic %s",
                "%s",
                "Bearer %s.x",
                "Bearer %sA",
                "Bearer %s=",
                "Bearer é.é.é",
                "Bearer e30.e30.e30",
                "Bearer W10.W10.W10",
                "Bearer bnVsbA.bnVsbA.bnVsbA",
                "Bearer IiI.IiI.IiI",
                "Bearer %s,%s",
                "Token %s"
            })
    void refusesAMisshapenToken(String shape) {
        assertThat(shared.lets("x", "Authorization: " + shape.replace("%s", Tokens.HS256)))
                .isFalse();
        assertThat(shared.lets("x", bearer(Tokens.HS256), bearer(Tokens.HS256))).isFalse();
        assertThat(shared.lets("x", bearer("A".repeat(1_000_000)))).isFalse();
        assertThat(shared.lets(
                        "x", bearer("A".repeat(300_000) + "." + "A".repeat(300_000) + "." + "A".repeat(300_000))))
                .isFalse();
    }

    @Test
    void refusesJsonThatNestsWithoutEnd() {
        var nested = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("{\"alg\":\"HS256\",\"a\":" + "[".repeat(5_000)).getBytes(UTF_8));
        assertThat(shared.lets("x", bearer(nested + "." + nested + "." + "AAAA")))
                .isFalse();
        var head = Tokens.HS256.substring(0, Tokens.HS256.indexOf('.'));
        var deep = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("[".repeat(200_000).getBytes(UTF_8));
        assertThat(shared.lets("x", bearer(head + "." + deep + ".AAAA"))).isFalse();
    }

    /** Every token that differs in one character from a good one. */
    @Test
    void refusesATokenThatIsChangedAnywhere() {
        for (var i = 0; i < Tokens.ES256.length() - 1; i++) {
            var c = Tokens.ES256.charAt(i) == 'A' ? 'B' : 'A';
            var changed = Tokens.ES256.substring(0, i) + c + Tokens.ES256.substring(i + 1);
            assertThat(keys.lets("x", bearer(changed))).as("at " + i).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{\"keys\":1}", "{\"keys\":[]}", "{\"keys\":[{}]}", "whsec_AAAA", "null"})
    void provesNobodyByAJwksThatIsNone(String secret) {
        assertThat(keys.with(secret).lets("x", bearer(Tokens.RS256))).isFalse();
        assertThat(shared.with("short").lets("x", bearer(Tokens.HS256))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'HS256'", "'RS256'", "'ES256'", "'ES256','RS256'"})
    void signsWhatItTakes(String algorithms) throws Exception {
        var json = SHARED.replace("'HS256'", algorithms);
        var made = Gate.of(json, "").verify().invent("acme");
        var gate = Gate.of(json, made.secret());
        var key = made.privateKey() == null ? made.secret() : made.privateKey();
        assertThat(gate.lets("x", gate.signed("x", key))).isTrue();
        assertThat(gate.at(1_700_000_360).lets("x", gate.signed("x", key))).isFalse();
        assertThat(SecretFile.secrets(made.secret() + "\n")).containsExactly(made.secret());
        if (made.privateKey() != null) {
            assertThat(JWKSet.parse(made.secret()).getKeys()).noneMatch(k -> k.isPrivate());
        }
    }

    @Test
    void saysWhyItCannotSign() {
        assertThatThrownBy(() -> keys.signed("x", Tokens.JWKS))
                .isInstanceOf(CannotSignException.class)
                .hasMessageContaining(".private");
        assertThatThrownBy(() -> keys.signed("x", "no JSON")).isInstanceOf(CannotSignException.class);
        assertThatThrownBy(() -> shared.signed("x", "short"))
                .isInstanceOf(CannotSignException.class)
                .hasMessageContaining("32 bytes");
        assertThat(keys.verify().covers("Authorization")).isFalse();
    }

    @Test
    void readsASecretFileAsLinesOrAsOneDocument() {
        assertThat(SecretFile.secrets(" old \r\n\n new\n")).containsExactly("old", "new");
        assertThat(SecretFile.secrets("{\n \"keys\": []\n}\n")).containsExactly("{\n \"keys\": []\n}");
        assertThat(SecretFile.secrets("{\"keys\": [1]}\n\n {\"keys\": []}\n"))
                .containsExactly("{\"keys\": [1]}", "{\"keys\": []}");
        assertThat(SecretFile.secrets("{\n{}\n}")).hasSize(1);
        assertThat(SecretFile.secrets(" \n\n")).isEmpty();
    }
}
