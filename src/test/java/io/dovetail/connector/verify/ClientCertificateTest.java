package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCertificateTest {

    /** Made with openssl: C=DE, O=Acme GmbH, CN=acme; valid from 2026-11-27 to 2036-11-24. */
    private static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBojCCAUigAwIBAgIBATAKBggqhkjOPQQDAjAwMQswCQYDVQQGEwJERTESMBAG
            A1UECgwJQWNtZSBHbWJIMQ0wCwYDVQQDDARhY21lMB4XDTI2MTEyNzEzMDgxMFoX
            DTM2MTEyNDEzMDgxMFowMDELMAkGA1UEBhMCREUxEjAQBgNVBAoMCUFjbWUgR21i
            SDENMAsGA1UEAwwEYWNtZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGIjQnRX
            nTI41gmXHuu/6Zus0Z0G8S+KREr8Y2YVIjDEkOV6VE1WYlOvc3/LHcLyl9rDl/fO
            7lUkElu81VF4QT6jUzBRMB0GA1UdDgQWBBR6Eu5g45FFcHCBnF3MMIuyg693GTAf
            BgNVHSMEGDAWgBR6Eu5g45FFcHCBnF3MMIuyg693GTAPBgNVHRMBAf8EBTADAQH/
            MAoGCCqGSM49BAMCA0gAMEUCICmjVePoSLbqAsIlBbk+/DdWRm+bCqA2MFfbQu9g
            Vp7mAiEA/IbWiLe1kpPJ0138Zzia5OuUdfI3VKKsavZgYL/+yJQ=
            -----END CERTIFICATE-----
            """;

    private final Gate gate = Gate.of("{'scheme':'client-certificate','secret':'subject'}", "CN=acme,O=Acme GmbH,C=DE")
            .at(Instant.parse("2027-01-01T00:00:00Z").getEpochSecond());

    private static Envelope shown() {
        try {
            var certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(PEM.getBytes(UTF_8)));
            return new Envelope(name -> List.of(), null, (X509Certificate) certificate);
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean lets(Gate gate) {
        return gate.lets(shown(), new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"CN=acme,O=Acme GmbH,C=DE", "CN=acme, O=Acme GmbH, C=DE", "cn=ACME,o=\"Acme  GmbH\",2.5.4.6=DE"})
    void takesTheSubjectHoweverItIsWritten(String subject) {
        assertThat(lets(gate.with(subject))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=acme",
                "CN=other,O=Acme GmbH,C=DE",
                "CN=acme,OU=x,O=Acme GmbH,C=DE",
                "C=DE,O=Acme GmbH,CN=acme",
                "CN=acme\\,O\\=Acme GmbH\\,C\\=DE",
                "CN=acme+O=Acme GmbH,C=DE",
                "CN=*,O=Acme GmbH,C=DE",
                "acme",
                "",
                "=",
                "CN=acme,O=Acme GmbH,C=DE,",
                "1.2.3=#zz"
            })
    void takesNoOther(String subject) {
        assertThat(lets(gate.with(subject))).isFalse();
    }

    @Test
    void provesNobodyBeforeOrAfterItsTimeThoughTheConnectionIsStillOpen() {
        assertThat(lets(gate)).isTrue();
        assertThat(lets(gate.at(Instant.parse("2026-11-27T13:08:09Z").getEpochSecond())))
                .isFalse();
        assertThat(lets(gate.at(Instant.parse("2036-11-24T13:08:11Z").getEpochSecond())))
                .isFalse();
    }

    @Test
    void believesNoHeader() {
        assertThat(gate.lets(
                        "",
                        "X-Client-Cert: " + PEM.replace("\n", ""),
                        "X-SSL-Client-S-DN: CN=acme,O=Acme GmbH,C=DE",
                        "SSL_CLIENT_CERT: " + PEM.replace("\n", " "),
                        "X-Forwarded-Client-Cert: Subject=\"CN=acme,O=Acme GmbH,C=DE\"",
                        "Client-Cert: :" + PEM.lines().skip(1).limit(9).reduce("", String::concat) + ":"))
                .isFalse();
    }

    @Test
    void makesUpASubjectThatNobodyHas() {
        assertThat(gate.verify().invent("acme").secret()).matches("CN=[0-9a-f]{48}");
        assertThat(gate.verify().isOnEnvelope()).isTrue();
        assertThat(gate.verify().wantsCertificate()).isTrue();
        assertThat(gate.signed("{}", "CN=acme")).isEmpty();
    }
}
