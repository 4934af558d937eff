package io.dovetail.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Basic, token, path and none: what needs no arithmetic. */
class PlainProofsTest {

    private final Gate basic = Gate.of("{'scheme':'basic'}", "s3cr3t");

    @ParameterizedTest
    @CsvSource({
        "Basic czNjcjN0, true",
        "basic czNjcjN0, true",
        "BASIC   czNjcjN0, true",
        "Basic czNjcjN, false",
        "Basic czNjcjN0 x, false",
        "Bearer czNjcjN0, false",
        "Basic, false",
        "Basicczn, false",
        "Basic é, false",
        "'', false"
    })
    void takesAPassword(String authorization, boolean taken) {
        assertThat(basic.lets("x", "Authorization: " + authorization)).isEqualTo(taken);
    }

    @Test
    void refusesAPasswordThatIsThereTwice() {
        assertThat(basic.lets("x", "Authorization: Basic czNjcjN0", "Authorization: Basic czNjcjN0"))
                .isFalse();
        assertThat(basic.lets("x")).isFalse();
    }

    /** Okta: the value of the header is the secret. */
    @Test
    void takesATokenInAuthorization() {
        var gate = Gate.of("{'scheme':'token'}", "s3cr3t");
        assertThat(gate.lets("x", "authorization: s3cr3t")).isTrue();
        assertThat(gate.lets("x", "Authorization: s3cr3T")).isFalse();
        assertThat(gate.lets("x", "Authorization: s3cr3t", "Authorization: s3cr3t"))
                .isFalse();
        assertThat(gate.lets("x", "X-Api-Key: s3cr3t")).isFalse();
    }

    @Test
    void takesABearerTokenWhoseSchemeIsWrittenInAnyCase() {
        var gate = Gate.of("{'scheme':'token','prefix':'Bearer '}", "s3cr3t");
        assertThat(gate.lets("x", "Authorization: Bearer s3cr3t")).isTrue();
        assertThat(gate.lets("x", "Authorization: bearer s3cr3t")).isTrue();
        assertThat(gate.lets("x", "Authorization: bearer S3CR3T")).isFalse();
        assertThat(gate.lets("x", "Authorization: bearers3cr3t")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Bearer",
                "Bearer ",
                "s3cr3t",
                "bearer s3cr3t",
                "Bearer  s3cr3t",
                "Bearer s3cr3t,s3cr3t",
                "Bearer s3cr3té",
                "Basic s3cr3t"
            })
    void refusesATokenOfAnotherForm(String value) {
        var gate = Gate.of("{'scheme':'token','header':'X-Api-Key','prefix':'Bearer '}", "s3cr3t");
        assertThat(gate.lets("x", "X-Api-Key: Bearer s3cr3t")).isTrue();
        assertThat(gate.lets("x", "X-Api-Key: " + value)).isFalse();
        assertThat(gate.lets("x", "X-Api-Key: Bearer " + "s3cr3t".repeat(10_000)))
                .isFalse();
    }

    @Test
    void asksNobodyWhereThereIsAReason() {
        var gate = Gate.of("{'scheme':'none','reason':'It signs nothing'}", "");
        assertThat(gate.lets("x")).isTrue();
        assertThat(gate.verify().secret()).isNull();
        assertThat(gate.verify().reason()).isEqualTo("It signs nothing");
        assertThat(basic.verify().reason()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{'scheme':'basic'}", "{'scheme':'token'}", "{'scheme':'token','header':'X','prefix':'k='}"})
    void signsWhatItTakes(String json) {
        var made = Gate.of(json, "").verify().invent("acme").secret();
        var gate = Gate.of(json, made);
        assertThat(gate.lets("x", gate.signed("x", made))).isTrue();
        assertThat(gate.lets("x", gate.signed("x", made + "x"))).isFalse();
        assertThat(gate.verify().covers("Authorization")).isFalse();
    }

    private static Envelope at(@Nullable String tail) {
        return new Envelope(name -> List.of(), tail, null);
    }

    @Test
    void takesATokenInTheAddress() {
        var gate = Gate.of("{'scheme':'path','secret':'path'}", "s3cr3t");
        assertThat(gate.lets(at("s3cr3t"), new byte[0])).isTrue();
        for (var tail : new String[] {"s3cr3T", "s3cr3t ", "", "s3cr3", "s3cr3tx", null}) {
            assertThat(gate.lets(at(tail), new byte[0]))
                    .as(String.valueOf(tail))
                    .isFalse();
        }
        assertThat(gate.verify().isInAddress()).isTrue();
        assertThat(gate.verify().isOnEnvelope()).isTrue();
    }

    @Test
    void writesATokenIntoTheAddressSoThatItComesOutTheSame() {
        var verify = Gate.of("{'scheme':'path','secret':'path'}", "").verify();
        var signed = Signed.of(verify, List.of("a/b c?d"), new Outgoing("1", Gate.NOW, new byte[0]));
        assertThat(signed.headers()).isEmpty();
        assertThat(signed.tail()).isEqualTo("/a%2Fb%20c%3Fd");
    }
}
