package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A credential as a signed token, and everything in which token and credential may differ. */
class VerifiableCredentialTest {

    private static final String ISSUER = "https://issuer.example/1";

    private static final String CREDENTIAL = """
            {"iss":"https://issuer.example/1","jti":"urn:uuid:1","nbf":1690000000,"exp":1695000000,"sub":"did:web:mia",\
            "id":"urn:uuid:1","type":["VerifiableCredential","OpenBadgeCredential"],\
            "issuer":{"id":"https://issuer.example/1"},"validFrom":"2023-07-22T04:26:40Z",\
            "validUntil":"2023-09-18T03:20:00+02:00","credentialSubject":{"id":"did:web:mia"}}""";

    private static final String OLDER = """
            {"iss":"https://issuer.example/1","jti":"urn:uuid:1","nbf":1690000000,"exp":1695000000,"sub":"did:web:mia",\
            "vc":{"type":["VerifiableCredential"],"issuanceDate":"2023-07-22T04:26:40.5Z",\
            "expirationDate":"2023-09-18T01:20:00Z","credentialSubject":{"id":"did:web:mia"}}}""";

    private final Invented keys = Gate.of(json(), "").verify().invent("acme");
    private final Gate gate = Gate.of(json(), keys.secret());

    private static String json() {
        return "{'scheme':'verifiable-credential','algorithms':['ES256'],'issuer':'" + ISSUER + "'}";
    }

    private byte[] signed(String claims) {
        return gate.verify().fill(claims.getBytes(UTF_8), keys.privateKey());
    }

    @Test
    void takesWhatItsIssuerHasSignedThoughItsTimeIsOver() {
        assertThat(gate.lets(signed(CREDENTIAL))).isTrue();
        assertThat(gate.lets(signed(OLDER))).isTrue();
        assertThat(gate.with(gate.verify().invent("other").secret()).lets(signed(CREDENTIAL)))
                .isFalse();
        // its own key, in its own header, is nobody's
        assertThat(gate.with("{\"keys\":[]}").lets(signed(CREDENTIAL))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"iss\":\"https://issuer.example/1\"|\"iss\":\"https://other.example/1\"",
                "\"jti\":\"urn:uuid:1\"|\"jti\":\"urn:uuid:2\"",
                "\"jti\":\"urn:uuid:1\",|''",
                "\"nbf\":1690000000|\"nbf\":1690000001",
                "\"nbf\":1690000000,|''",
                "\"exp\":1695000000|\"exp\":1995000000",
                "\"exp\":1695000000,|''",
                "\"sub\":\"did:web:mia\"|\"sub\":\"did:web:ida\"",
                "\"sub\":\"did:web:mia\",|''",
                "\"id\":\"https://issuer.example/1\"|\"id\":\"https://other.example/1\"",
                "\"validFrom\":\"2023-07-22T04:26:40Z\"|\"validFrom\":\"once\"",
                "\"validFrom\":\"2023-07-22T04:26:40Z\",|''",
                "\"validUntil\":\"2023-09-18T03:20:00+02:00\",|''",
                "\"validUntil\":|\"vc\":1,\"validUntil\":",
                "\"VerifiableCredential\",|''",
                "{\"id\":\"did:web:mia\"}|[{\"id\":\"did:web:mia\"},{\"id\":\"did:web:ida\"}]",
            })
    void refusesWhatTokenAndCredentialDoNotBothSay(String said, String other) {
        assertThat(CREDENTIAL).contains(said);
        assertThat(gate.lets(signed(CREDENTIAL.replaceFirst(Pattern.quote(said), other))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"issuanceDate\":\"2023-07-22T04:26:40.5Z\"|\"issuanceDate\":\"2024-07-22T04:26:40.5Z\"",
                "\"type\":[|\"issuer\":\"https://other.example/1\",\"type\":[",
                "\"type\":[|\"id\":\"urn:uuid:2\",\"type\":[",
                "{\"id\":\"did:web:mia\"}|{\"id\":\"did:web:ida\"}",
            })
    void refusesInTheOlderFormWhatBothSayOtherwise(String change) {
        var parts = change.split("\\|");
        assertThat(OLDER).contains(parts[0]);
        assertThat(gate.lets(signed(OLDER.replace(parts[0], parts[1])))).isFalse();
    }

    @Test
    void refusesWhatIsNotToCountYet() {
        assertThat(gate.at(1_690_000_000L - 60).lets(signed(CREDENTIAL))).isTrue();
        assertThat(gate.at(1_690_000_000L - 61).lets(signed(CREDENTIAL))).isFalse();
    }

    @Test
    void refusesProofsInsideAndAlgorithmsThatNobodyPinned() {
        assertThat(gate.lets(CREDENTIAL.replace("{\"iss\"", "{\"proof\":{\"type\":\"DataIntegrityProof\"},\"iss\"")))
                .isFalse();
        var claims = Base64.getUrlEncoder().withoutPadding().encodeToString(CREDENTIAL.getBytes(UTF_8));
        for (var header : new String[] {"{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{\"alg\":\"RS256\"}", "null"}) {
            var start = Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8));
            assertThat(gate.lets(start + "." + claims + ".")).isFalse();
            assertThat(gate.lets(start + "." + claims + ".e30")).isFalse();
        }
        assertThat(gate.lets(new byte[] {(byte) 0xFF, 0, '.', '.'})).isFalse();
    }
}
