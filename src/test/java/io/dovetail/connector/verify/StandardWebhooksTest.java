package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The signatures here were made with openssl, not with the code under test. */
class StandardWebhooksTest {

    private static final String BODY = "{\"a\":1}";
    // printf 'msg_1.1700000000.{"a":1}' | openssl dgst -sha256 -hmac 012345678901234567890123 -binary | base64
    // 24 bytes: the least that is a secret
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    private static final String V1 = "v1,ZeeGpYq/E+LJmv4Rr+FiLPeUcCMR13nkh9N2DAygt4s=";
    // openssl genpkey -algorithm ed25519, openssl pkeyutl -sign -rawin; keys: the last 32 bytes of their DER
    private static final String PUBLIC = "whpk_UPlWAUsQhK5vjEXFw5mh2/UzlYbUCyM6vyBvPlGntd0=";
    private static final String PRIVATE = "Zn5ZQz6oUreYEFaTYTtV4c3TnYgmocm/fWYEaZd8tXw=";
    private static final String V1A =
            "v1a,RvGX5vxbHDUanUrvHW8CV++GTnQyzAXhI1/t63IxL9d9UZV3R6GOCsrx0dACSZcQmwywq011lJkSdUQr56PTCQ==";

    private final Gate shared = Gate.of("{'scheme':'standard-webhooks'}", SECRET);
    private final Gate publicKey = shared.with(PUBLIC);

    private static String[] headers(String signature) {
        return new String[] {"webhook-id: msg_1", "webhook-timestamp: 1700000000", "webhook-signature: " + signature};
    }

    @Test
    void takesAnHmacOrAnEd25519Signature() {
        assertThat(shared.lets(BODY, headers(V1))).isTrue();
        assertThat(shared.lets("{\"a\":2}", headers(V1))).isFalse();
        assertThat(publicKey.lets(BODY, headers(V1A))).isTrue();
        assertThat(publicKey.lets("{\"a\":2}", headers(V1A))).isFalse();
    }

    @Test
    void takesOneRightSignatureOfSeveral() {
        var wrong = Base64.getEncoder().encodeToString(new byte[64]);
        assertThat(publicKey.lets(BODY, headers("v1a," + wrong + " v1,AAAA v2,x " + V1A)))
                .isTrue();
        assertThat(publicKey.lets(BODY, headers("v1a,AAAA v1a,!! " + V1A))).isTrue();
        assertThat(publicKey.lets(BODY, headers("v1a,AAAA ".repeat(16) + V1A))).isFalse();
        assertThat(shared.lets(BODY, headers(V1A + " " + V1))).isTrue();
    }

    /** Whoever knows a public key must not be able to sign with it as if it were a shared one. */
    @Test
    void keepsTheTwoKindsOfKeyApart() {
        assertThat(shared.lets(BODY, headers(V1A))).isFalse();
        assertThat(publicKey.lets(BODY, headers(V1))).isFalse();
        assertThat(publicKey.lets(BODY, headers(V1A.replace("v1a,", "v1,")))).isFalse();
        assertThat(shared.lets(BODY, headers(V1.replace("v1,", "v1a,")))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"300, true", "-300, true", "301, false", "-301, false", "0, true"})
    void takesItForFiveMinutesEitherWay(long off, boolean taken) {
        assertThat(shared.at(1_700_000_000 + off).lets(BODY, headers("v1a,x " + V1)))
                .isEqualTo(taken);
        assertThat(publicKey.at(1_700_000_000 + off).lets(BODY, headers(V1A))).isEqualTo(taken);
    }

    /** As long as the standard wants them, for whoever takes and for whoever signs. */
    @ParameterizedTest
    @CsvSource({"23, false", "24, true", "64, true", "65, false"})
    void takesKeysOf24To64Bytes(int length, boolean taken) throws Exception {
        var key = new byte[length];
        Arrays.fill(key, (byte) 7);
        var secret = "whsec_" + Base64.getEncoder().encodeToString(key);
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        var signature = Base64.getEncoder().encodeToString(mac.doFinal(("msg_1.1700000000." + BODY).getBytes(UTF_8)));

        assertThat(shared.with(secret).lets(BODY, headers("v1," + signature))).isEqualTo(taken);
        if (taken) {
            assertThat(shared.with(secret).lets(BODY, shared.signed(BODY, secret)))
                    .isTrue();
        } else {
            assertThatThrownBy(() -> shared.signed(BODY, secret)).hasMessageContaining("24 to 64 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123",
                "whsec_MDEy",
                "whsec_!",
                "whsec_",
                "whpk_",
                "whpk_!",
                "whpk_AAAA",
                "whsk_AAAA",
                "whpk_UPlWAUsQhK5vjEXFw5mh2/UzlYbUCyM6vyBvPlGntd0A",
                "whpk_//////////////////////////////////////////8="
            })
    void provesNobodyByASecretOfAnotherForm(String secret) {
        assertThat(shared.with(secret).lets(BODY, headers(V1 + " " + V1A))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v1",
                "v1,",
                "v1a",
                "v1a,",
                "v1a,AAAA",
                "v1a,====",
                "v1a,é",
                "v1a,\u0000",
                "V1A,%s",
                "v1a:%s",
                "v1a, %s",
                "%s",
                "v1a,%s%s"
            })
    void refusesAMisshapenSignature(String shape) {
        assertThat(publicKey.lets(BODY, headers(shape.replace("%s", V1A.substring(4)))))
                .isFalse();
        assertThat(publicKey.lets(BODY, headers("v1a," + "A".repeat(100_000)))).isFalse();
        // r and s of length 64, but s is beyond the group's order
        assertThat(publicKey.lets(
                        BODY,
                        headers("v1a,"
                                + Base64.getEncoder()
                                        .encodeToString(HexFormat.of().parseHex("ff".repeat(64))))))
                .isFalse();
    }

    @Test
    void refusesHeadersThatAreMissingOrThereTwice() {
        var all = headers(V1A);
        for (var i = 0; i < all.length; i++) {
            var without = new ArrayList<>(java.util.List.of(all));
            without.remove(i);
            assertThat(publicKey.lets(BODY, without.toArray(String[]::new))).isFalse();
            var twice = new ArrayList<>(java.util.List.of(all));
            twice.add(all[i]);
            assertThat(publicKey.lets(BODY, twice.toArray(String[]::new))).isFalse();
        }
    }

    @Test
    void signsWithEitherKind() {
        var raw = Base64.getDecoder().decode(PRIVATE);
        var both = Arrays.copyOf(raw, 64);
        for (var key : new byte[][] {raw, both}) {
            var whsk = "whsk_" + Base64.getEncoder().encodeToString(key);
            assertThat(publicKey.lets(BODY, publicKey.signed(BODY, whsk))).isTrue();
        }
        var made = shared.verify().invent("acme").secret();
        assertThat(shared.with(made).lets(BODY, shared.signed(BODY, made))).isTrue();
        assertThat(made).startsWith("whsec_");
    }

    @ParameterizedTest
    @CsvSource({
        PUBLIC + ", public key",
        "whsk_AAAA, 32 or 64 bytes",
        "whsec_AAAA, 24 to 64 bytes",
        "plain, 24 to 64 bytes"
    })
    void saysWhyItCannotSign(String key, String piece) {
        assertThatThrownBy(() -> shared.signed(BODY, key))
                .isInstanceOf(CannotSignException.class)
                .hasMessageContaining(piece)
                .hasMessageNotContaining(key);
    }

    @Test
    void coversItsId() {
        assertThat(shared.verify().covers("Webhook-Id")).isTrue();
        assertThat(shared.verify().covers("webhook-timestamp")).isFalse();
    }

    @Test
    void agreesWithPublishedVectors() throws IOException {
        var published = PublishedVectors.read("standard-webhooks/vectors.json");
        var names = Map.of("id", "webhook-id", "timestamp", "webhook-timestamp", "signature", "webhook-signature");
        assertThat(published.vectors()).isNotEmpty().allSatisfy(vector -> {
            var gate = shared.with(published.secret()).at(vector.path("now").asLong());
            assertThat(gate.lets(vector.path("body").asText(), PublishedVectors.headers(vector, names)))
                    .isEqualTo(vector.path("valid").asBoolean());
        });
    }
}
