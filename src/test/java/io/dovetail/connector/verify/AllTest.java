package io.dovetail.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllTest {

    private static final String HMAC =
            "{'scheme':'hmac','header':'X-S','signed':'{id}{body}','id':'X-Id','secret':'digest'}";
    private static final String PATH = "{'scheme':'path','secret':'path'}";
    private static final String FIELD = "{'scheme':'body-field','path':'org','secret':'org'}";
    private static final String CERTIFICATE = "{'scheme':'client-certificate','secret':'subject'}";

    private static Verify all(String... parts) {
        try {
            var json = "{'scheme':'all','of':[" + String.join(",", parts) + "]}";
            return Verify.read(new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void isWhatItsPartsAre() {
        var all = all(HMAC, PATH);
        assertThat(all.parts()).extracting(Scheme::secret).containsExactly("digest", "path");
        assertThat(all.covers("x-id")).isTrue();
        assertThat(all.isInAddress()).isTrue();
        assertThat(all.isOnEnvelope()).isFalse();
        assertThat(all.wantsCertificate()).isFalse();
        assertThat(all.words()).isEqualTo("HMAC-SHA-256 of {id}{body} in X-S, and a token in the address");
        assertThat(all(CERTIFICATE, PATH).isOnEnvelope()).isTrue();
        assertThat(all(FIELD, CERTIFICATE).wantsCertificate()).isTrue();
        assertThat(all(FIELD, CERTIFICATE).isInAddress()).isFalse();
    }

    @Test
    void signsByAllOfThem() {
        var delivery = new Outgoing("msg-1", Gate.NOW, "{}".getBytes());
        var signed = Signed.of(all(FIELD, HMAC, PATH), List.of("o", "s3cr3t", "t0k3n"), delivery);
        assertThat(signed.headers()).containsOnlyKeys("X-S", "X-Id");
        assertThat(signed.tail()).isEqualTo("/t0k3n");
        assertThat(Signed.wrongly(all(HMAC, PATH), delivery).tail()).matches("/[0-9a-f]{48}");
    }

    @Test
    void saysWhereAPartIsUnsound() {
        assertUnsound("of/1/secret", PATH, "{'scheme':'token','secret':'path'}");
        assertUnsound("of/1/scheme", PATH, "{'scheme':'none','reason':'x'}");
        assertUnsound("of/0/scheme", "{'scheme':'all','of':[]}", PATH);
        assertUnsound("of/1/id", PATH, HMAC.replace("{id}", ""));
    }

    private static void assertUnsound(String property, String... parts) {
        assertThatThrownBy(() -> all(parts))
                .isInstanceOfSatisfying(
                        UnsoundException.class, e -> assertThat(e.property()).isEqualTo(property));
    }
}
