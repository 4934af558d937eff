package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.codec.XmlCodec;
import java.io.File;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sender of ours signs, the hub takes; for every scheme but the one that needs a connection. */
class SignedTest {

    private static final String CLAIMS =
            "'algorithms':['ES256'],'issuer':'https://issuer.example','audience':'dovetail'";
    private static final String SET = "{\"iss\":\"https://issuer.example\",\"aud\":\"dovetail\",\"iat\":1700000000,"
            + "\"jti\":\"set-1\",\"events\":{\"https://example.com/gone\":{}}}";

    private static final String CREDENTIAL =
            "{\"iss\":\"https://issuer.example\",\"jti\":\"urn:1\",\"nbf\":1690000000,\"sub\":\"did:web:mia\","
                    + "\"id\":\"urn:1\",\"type\":[\"VerifiableCredential\"],\"issuer\":\"https://issuer.example\","
                    + "\"validFrom\":\"2023-07-22T04:26:40Z\",\"credentialSubject\":{\"id\":\"did:web:mia\"}}";

    static Stream<Arguments> schemes() {
        return Stream.of(
                Arguments.of("{'scheme':'basic','secret':'s'}", "{}"),
                Arguments.of(
                        "{'scheme':'body-field','path':'value[].state','secret':'s'}", "{\"value\":[{\"n\":1.50},{}]}"),
                Arguments.of(
                        "{'scheme':'body-field','path':'meta.token','secret':'s'}", "{\"meta\":{\"token\":\"old\"}}"),
                Arguments.of("{'scheme':'hmac','header':'X-S','secret':'s'}", "{}"),
                Arguments.of("{'scheme':'hmac-sha256','header':'X-S','secret':'s'}", "{}"),
                Arguments.of("{'scheme':'jwt'," + CLAIMS + ",'secret':'s'}", "{}"),
                Arguments.of("{'scheme':'jwt'," + CLAIMS.replace("ES", "HS") + ",'secret':'s'}", "{}"),
                Arguments.of("{'scheme':'none','reason':'r'}", "{}"),
                Arguments.of("{'scheme':'path','secret':'s'}", "{}"),
                Arguments.of("{'scheme':'security-event-token'," + CLAIMS + ",'secret':'s'}", SET),
                Arguments.of("{'scheme':'security-event-token'," + CLAIMS + ",'secret':'s'}", Tokens.SET),
                Arguments.of("{'scheme':'standard-webhooks','secret':'s'}", "{}"),
                Arguments.of("{'scheme':'token','secret':'s'}", "{}"),
                Arguments.of(
                        "{'scheme':'verifiable-credential','algorithms':['ES256'],'issuer':'https://issuer.example',"
                                + "'secret':'s'}",
                        CREDENTIAL));
    }

    private static Scheme scheme(String json) {
        try {
            return Scheme.read(new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void isTakenByTheHub(String json, String body) throws MalformedException {
        var scheme = scheme(json);
        if (scheme.secret() == null) {
            assertThat(signed(scheme, body, "").headers()).isEmpty();
            return;
        }
        var made = scheme.invent("acme");
        var signed = signed(scheme, body, made.privateKey() == null ? made.secret() : made.privateKey());
        assertThat(isTaken(scheme, signed, made.secret())).isTrue();
        assertThat(isTaken(scheme, signed, scheme.invent("acme").secret())).isFalse();
    }

    /** Several at once are signed as each of them is; a certificate belongs to the connection. */
    @Test
    void isOfEverySchemeThatSigns() throws IOException {
        var schema = new ObjectMapper().readTree(new File("schemas/hub/connector.v1.schema.json"));
        var known =
                schema.at("/$defs/verify/properties/scheme/enum").valueStream().map(JsonNode::asText);

        assertThat(schemes().map(scheme -> ((String) scheme.get()[0]).split("'")[3]))
                .containsAll(known.filter(
                                name -> !Set.of("all", "client-certificate").contains(name))
                        .toList());
    }

    @Test
    void bringsTheSecretInAnElementToo() throws MalformedException {
        var scheme = scheme("{'scheme':'body-field','path':'Envelope.Body.note.sender','secret':'s'}");
        var document = "<?xml version='1.0' encoding='ISO-8859-1'?><s:Envelope xmlns:s='urn:s'><s:Body><note a='1'>"
                + "<sender>old<!-- one --></sender><text>B\u00e4r &amp; <sender>x</sender></text></note></s:Body></s:Envelope>";

        var filled = scheme.fill(document.getBytes(ISO_8859_1), "n\u00e4w & <");

        assertThat(new XmlCodec(Set.of()).read(filled).at("/Envelope/Body/note").toString())
                .isEqualTo("{\"@a\":\"1\",\"sender\":\"n\u00e4w & <\","
                        + "\"text\":{\"sender\":\"x\",\"#text\":\"B\u00e4r &\"}}");
        assertThat(scheme.fill("<note".getBytes(UTF_8), "s")).isEqualTo("<note".getBytes(UTF_8));
    }

    private static Signed signed(Scheme scheme, String body, String key) {
        return Signed.of(scheme, List.of(key), new Outgoing("msg-1", Gate.NOW, body.getBytes(UTF_8)));
    }

    private static boolean isTaken(Scheme scheme, Signed signed, String secret) throws MalformedException {
        Headers headers = name -> signed.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(header -> header.getValue())
                .toList();
        var tail = signed.tail().isEmpty() ? null : signed.tail().substring(1);
        var proof = scheme.proof(new Envelope(headers, tail, null), Clock.fixed(Gate.NOW, ZoneOffset.UTC))
                .orElseThrow();
        return switch (proof) {
            case Proof.NotAsked p -> true;
            case Proof.OnEnvelope p -> p.fits(secret);
            case Proof.OverBody p -> p.fits(secret, signed.body());
            case Proof.InTree p -> p.fits(List.of(secret), new JsonCodec().read(signed.body()));
        };
    }

    @Test
    void changesNoBodyThatItNeedNotOrCannot() {
        var field = scheme("{'scheme':'body-field','path':'a[].b','secret':'s'}");
        for (var body :
                new String[] {"{\"a\": [ {\"b\":\"key\"} ]}", "{\"a\": []}", "<a/>", "[1]", "{\"a\":[1]}", ""}) {
            assertThat(signed(field, body, "key").body()).asString().isEqualTo(body);
        }
        assertThat(signed(field, "{\"a\": [{\"n\": 1.50}]}", "key").body())
                .asString()
                .isEqualTo("{\"a\":[{\"n\":1.50,\"b\":\"key\"}]}");
        var set = scheme("{'scheme':'security-event-token'," + CLAIMS + ",'secret':'s'}");
        // a public key proves and cannot sign: the token goes out as it was captured
        assertThat(signed(set, Tokens.SET, Tokens.JWKS).body()).asString().isEqualTo(Tokens.SET);
    }

    @Test
    void signsTheBodyThatGoesOut() throws IOException, MalformedException {
        var all = Verify.read(new ObjectMapper()
                .readTree("{'scheme':'all','of':[{'scheme':'hmac','header':'X-S','secret':'h'},".replace('\'', '"')
                        + "{'scheme':'body-field','path':'t','secret':'t'}]}".replace('\'', '"')));
        var signed = Signed.of(all, List.of("key", "token"), new Outgoing("1", Gate.NOW, "{}".getBytes(UTF_8)));
        assertThat(signed.body()).asString().isEqualTo("{\"t\":\"token\"}");
        assertThat(isTaken(all.parts().getFirst(), signed, "key")).isTrue();
        assertThat(isTaken(all.parts().getLast(), signed, "token")).isTrue();
    }
}
