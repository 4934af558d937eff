package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtCodecTest {

    private final JwtCodec codec = new JwtCodec();

    private static byte[] token(String claims) {
        return ("e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".c2ln")
                .getBytes(UTF_8);
    }

    @Test
    void readsTheClaims() throws Exception {
        var tree = codec.read(token("{\"jti\": \"set-1\", \"n\": 1.50, \"t\": \"Größe?>\"}"));
        assertThat(tree.toString()).isEqualTo("{\"jti\":\"set-1\",\"n\":1.50,\"t\":\"Größe?>\"}");
        assertThat(codec.line(token("{}"), "/jti")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "a", "a.b", "a.b.c.d", "a..c", "a.b=.c", "a.b.c\n", " a.b.c", "a.+.c", "é.e30.c"})
    void refusesWhatIsNoToken(String text) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> codec.read(text.getBytes(UTF_8)))
                .withMessageContaining("The body is no token");
    }

    @Test
    void isAsStrictWithTheClaimsAsWithJson() {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> codec.read(token("{\"a\": 1, \"a\": 2}")))
                .withMessageContaining("In the token's claims: ")
                .withMessageContaining("occurs twice");
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> codec.read("e30.A.c2ln".getBytes(UTF_8)))
                .withMessageContaining("base64url");
    }
}
