package io.dovetail.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The digests here were reckoned with openssl and Python, not with the code under test. */
class HmacTest {

    private static final String BODY = "{\"a\":1}";
    // printf '{"a":1}' | openssl dgst -sha256 -hmac s3cr3t
    private static final String HEX = "d42927434049e0b8c73ce887062238cc1c6bb6644bfe66e66d8dd0f30b85679e";
    private static final String BASE64 = "1CknQ0BJ4LjHPOiHBiI4zBxrtmRL/mbmbY3Q8wuFZ54=";
    private static final String TEMPLATE =
            "{'scheme':'hmac','header':'X-Sig','signed':'v0:{timestamp}:{body}'," + "'timestamp':'X-Time'}";
    private static final String WITH_TIME = "e9059c43cd474a569209c909bf322c65b8cb12b70b2ffea21dad45a992d0bb04";

    private static final String ZENDESK = "{'scheme':'hmac','header':'X-Zendesk-Webhook-Signature','encoding':'base64',"
            + "'signed':'{timestamp}{body}','timestamp':'X-Zendesk-Webhook-Signature-Timestamp',"
            + "'timestampFormat':'iso8601'}";

    /** Jira and GitHub: behind a prefix. Under its old, plain name too. */
    @ParameterizedTest
    @ValueSource(strings = {"hmac", "hmac-sha256"})
    void takesADigestOfTheBodyInHexOrBase64(String scheme) {
        var hex = Gate.of("{'scheme':'%s','header':'X-Sig','prefix':'sha256='}".formatted(scheme), "s3cr3t");
        assertThat(hex.lets(BODY, "X-Sig: sha256=" + HEX)).isTrue();
        assertThat(hex.lets(BODY, "x-sig: sha256=" + HEX.toUpperCase(java.util.Locale.ROOT)))
                .isTrue();
        assertThat(hex.lets("{\"a\":2}", "X-Sig: sha256=" + HEX)).isFalse();
        assertThat(hex.with("s3cr3T").lets(BODY, "X-Sig: sha256=" + HEX)).isFalse();
        var base64 = Gate.of("{'scheme':'%s','header':'X-Sig','encoding':'base64'}".formatted(scheme), "s3cr3t");
        assertThat(base64.lets(BODY, "X-Sig: " + BASE64)).isTrue();
        assertThat(base64.lets(BODY, "X-Sig: " + HEX)).isFalse();
    }

    /** Keycloak's plug-ins: hex without a prefix. */
    @Test
    void takesADigestWithoutPrefix() {
        var gate = Gate.of("{'scheme':'hmac','header':'X-Keycloak-Signature'}", "s3cr3t");
        assertThat(gate.lets(BODY, "X-Keycloak-Signature: " + HEX)).isTrue();
        assertThat(gate.lets(BODY, "X-Keycloak-Signature: sha256=" + HEX)).isFalse();
    }

    /** Zendesk: time stamp and body without a separator, keyed with the text although it looks like base64. */
    @Test
    void takesAZendeskSignature() {
        var gate = Gate.of(ZENDESK, "c2VjcmV0X3RleHQ=");
        var signature = "X-Zendesk-Webhook-Signature: EnMBfSVNbypIySp0odR+2Cv1I03xG9BZYPMKN5u0pyI=";
        var time = "X-Zendesk-Webhook-Signature-Timestamp: 2023-11-14T22:13:20Z";
        assertThat(gate.lets(BODY, signature, time)).isTrue();
        assertThat(gate.at(1_700_000_300).lets(BODY, signature, time)).isTrue();
        assertThat(gate.at(1_700_000_301).lets(BODY, signature, time)).isFalse();
        assertThat(gate.lets(BODY, signature)).isFalse();
        assertThat(gate.lets(BODY, signature, time, time)).isFalse();
        assertThat(gate.lets(BODY, signature, time.replace(":20Z", ":21Z"))).isFalse();
    }

    /** Each at the time that it says itself: today all of them are too old. */
    @Test
    void agreesWithZendesksPublishedVectors() throws IOException {
        var published = PublishedVectors.read("zendesk/signature-vectors.json");
        var names = Map.of(
                "signature", "X-Zendesk-Webhook-Signature", "timestamp", "X-Zendesk-Webhook-Signature-Timestamp");
        assertThat(published.vectors()).isNotEmpty().allSatisfy(vector -> {
            // their examples have seconds where their deliveries have a time of ISO 8601
            var timestamp = vector.path("timestamp").asText();
            var inSeconds = timestamp.matches("\\d+");
            var scheme = inSeconds ? ZENDESK.replace("iso8601", "seconds") : ZENDESK;
            var gate = Gate.of(scheme, published.secret());
            if (vector.path("timestamp").isTextual()) {
                gate = gate.at(
                        inSeconds
                                ? Long.parseLong(timestamp)
                                : Instant.parse(timestamp).getEpochSecond());
            }
            assertThat(gate.lets(vector.path("body").asText(), PublishedVectors.headers(vector, names)))
                    .isEqualTo(vector.path("valid").asBoolean());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "sha1, 9649526da846c63fae8f3f64fd170080174a9a78",
        "sha512, 6612e154c5366c48317086c7f8513765999f14952ed84d7139761eeae68ccf94"
                + "ab13b554221fadfac9e65954d8019f2b08bcf3b4bbeeb8662727c567cb1f0740"
    })
    void takesAnotherHashOnlyWhereItIsNamed(String algorithm, String digest) {
        var named = Gate.of("{'scheme':'hmac','header':'X-Sig','algorithm':'%s'}".formatted(algorithm), "s3cr3t");
        assertThat(named.lets(BODY, "X-Sig: " + digest)).isTrue();
        assertThat(named.lets(BODY, "X-Sig: " + HEX)).isFalse();
        assertThat(Gate.of("{'scheme':'hmac','header':'X-Sig'}", "s3cr3t").lets(BODY, "X-Sig: " + digest))
                .isFalse();
    }

    @Test
    void readsTheKeyAsItIsTold() {
        var digest = "X-Sig: 4e06d88ecab9f6d83042d166b315287c1be7550754038eda36d917c4ab4d632c";
        var base64 = Gate.of("{'scheme':'hmac','header':'X-Sig','key':'base64'}", "AAECAwQFBgcICQoLDA0ODw==");
        var hex = Gate.of("{'scheme':'hmac','header':'X-Sig','key':'hex'}", "000102030405060708090a0b0c0d0e0f");
        assertThat(base64.lets(BODY, digest)).isTrue();
        assertThat(hex.lets(BODY, digest)).isTrue();
        assertThat(base64.with("not base64!").lets(BODY, digest)).isFalse();
        assertThat(hex.with("0x00").lets(BODY, digest)).isFalse();
        assertThat(Gate.of("{'scheme':'hmac','header':'X-Sig'}", "AAECAwQFBgcICQoLDA0ODw==")
                        .lets(BODY, digest))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "300, true", "-300, true", "301, false", "-301, false"})
    void holdsATimestampForFiveMinutesEitherWay(long off, boolean taken) {
        assertThat(Gate.of(TEMPLATE, "s3cr3t")
                        .at(1_700_000_000 + off)
                        .lets(BODY, "X-Sig: " + WITH_TIME, "X-Time: 1700000000"))
                .isEqualTo(taken);
    }

    @Test
    void holdsATimestampForAsLongAsItIsTold() {
        var gate = Gate.of(TEMPLATE.substring(0, TEMPLATE.length() - 1) + ",'tolerance':'10s'}", "s3cr3t");
        assertThat(gate.at(1_700_000_010).lets(BODY, "X-Sig: " + WITH_TIME, "X-Time: 1700000000"))
                .isTrue();
        assertThat(gate.at(1_700_000_011).lets(BODY, "X-Sig: " + WITH_TIME, "X-Time: 1700000000"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0",
                "-1",
                "NaN",
                "1e9",
                "0x10",
                "+1700000000",
                "1700000000.0",
                "1700000000000",
                "99999999999999999999",
                "١٧٠٠٠٠٠٠٠٠",
                "2023-11-14T22:13:20Z"
            })
    void refusesATimestampOfAnotherForm(String timestamp) {
        var gate = Gate.of(TEMPLATE, "s3cr3t");
        assertThat(gate.lets(BODY, "X-Sig: " + WITH_TIME, "X-Time: " + timestamp))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-11-14T22:13:20",
                "2023-11-14",
                "22:13:20Z",
                "1700000000",
                "+999999999-12-31T23:59:59Z",
                "-999999999-01-01T00:00:00Z",
                "2023-13-45T99:99:99Z",
                "2023-11-14T22:13:20.0000000000000000000000000001Z"
            })
    void refusesAnIsoTimeThatIsNone(String timestamp) {
        var gate = Gate.of(TEMPLATE.substring(0, TEMPLATE.length() - 1) + ",'timestampFormat':'iso8601'}", "s3cr3t");
        var signed = gate.signed(BODY, "s3cr3t");
        assertThat(gate.lets(BODY, signed)).isTrue();
        assertThat(gate.lets(BODY, signed[0], "X-Time: " + timestamp)).isFalse();
    }

    @Test
    void coversTheIdThatItsTemplateHolds() {
        var gate = Gate.of(
                "{'scheme':'hmac','header':'X-Sig','signed':'{id}.{timestamp}.{body}.end','id':'X-Id',"
                        + "'timestamp':'X-Time','timestampFormat':'millis'}",
                "s3cr3t");
        var digest = "X-Sig: 0f13510732488e824a6b6a3d68385ce565cf798c63a7de0e900d4f793587ef85";
        assertThat(gate.lets(BODY, digest, "X-Id: msg_1", "X-Time: 1700000000000"))
                .isTrue();
        assertThat(gate.lets(BODY, digest, "X-Id: msg_2", "X-Time: 1700000000000"))
                .isFalse();
        assertThat(gate.lets(BODY, digest, "X-Time: 1700000000000")).isFalse();
        assertThat(gate.lets(BODY, digest, "X-Id: msg_1", "X-Id: msg_1", "X-Time: 1700000000000"))
                .isFalse();
        assertThat(gate.verify().covers("x-id")).isTrue();
        assertThat(gate.verify().covers("X-Time")).isFalse();
        assertThat(Gate.of(TEMPLATE, "s3cr3t").verify().covers("X-Id")).isFalse();
    }

    /** The same bytes cut elsewhere are another id, and would be a second event. */
    @ParameterizedTest
    @CsvSource({
        "'{id}.{body}', a, true",
        "'{id}.{body}', a.b, false",
        "'{timestamp}.{id}.{body}', a.b, false",
        "'{body}:{timestamp}-{id}', a-b, false",
        "'{body}:{timestamp}-{id}', a:b, true",
        "'{body}:{timestamp}-{id}.', a-b, false",
        "'v1-{id}.{body}', a-b, true",
        "'{id}{body}', a.b, true",
        "'{body}', a.b, true"
    })
    void refusesAnIdThatCouldEndElsewhere(String template, String id, boolean held) {
        assertThat(new Template(template).canHold(id)).isEqualTo(held);
    }

    @Test
    void doesNotTakeAnIdForATemplate() {
        assertThat(new Template("{id}.{timestamp}.{body}").head("{timestamp}$1\\", "5"))
                .asString()
                .isEqualTo("{timestamp}$1\\.5.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{body}{body}", "{bdy}", "{body}}", "{{body}}", "{id}{id}{body}", "{Body}"})
    void refusesATemplateThatIsNone(String template) {
        assertThatThrownBy(() -> new Template(template)).isInstanceOf(UnsoundException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "sha256=",
                "%s",
                "sha1=%s",
                "SHA256=%s",
                "sha256=%s0",
                "sha256=%s00",
                "sha256=%sg",
                "sha256= %s",
                "sha256=%s,sha256=%s",
                "sha256=é",
                "sha256=\u0000",
                "sha256=\uD83D\uDE00"
            })
    void refusesAMisshapenDigest(String shape) {
        var gate = Gate.of("{'scheme':'hmac','header':'X-Sig','prefix':'sha256='}", "s3cr3t");
        var value = shape.replace("%s", HEX);
        assertThat(gate.lets(BODY, "X-Sig: " + value)).isFalse();
        assertThat(gate.lets(BODY, "X-Sig: sha256=" + HEX, "X-Sig: " + value)).isFalse();
        assertThat(gate.lets(BODY, "X-Sig: sha256=" + HEX.repeat(1000))).isFalse();
        assertThat(gate.lets(BODY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'scheme':'hmac','header':'X-Sig','prefix':'sha256='}",
                "{'scheme':'hmac','header':'X-Sig','algorithm':'sha512','encoding':'base64','key':'base64'}",
                "{'scheme':'hmac','header':'X-Sig','key':'hex','signed':'{id}/{timestamp}:{body}','id':'X-Id',"
                        + "'timestamp':'X-Time','timestampFormat':'iso8601'}"
            })
    void signsWhatItTakes(String json) {
        var made = Gate.of(json, "").verify().invent("acme");
        var gate = Gate.of(json, made.secret());
        assertThat(made.privateKey()).isNull();
        var lines = gate.signed(BODY, made.secret());
        assertThat(gate.lets(BODY, lines)).isTrue();
        assertThat(gate.lets(BODY + " ", lines)).isFalse();
    }

    @Test
    void cannotSignWithAKeyOfAnotherForm() {
        var gate = Gate.of("{'scheme':'hmac','header':'X-Sig','key':'base64'}", "");
        assertThatThrownBy(() -> gate.signed(BODY, "not base64!"))
                .isInstanceOf(CannotSignException.class)
                .hasMessageContaining("base64")
                .hasMessageNotContaining("not base64!");
    }
}
