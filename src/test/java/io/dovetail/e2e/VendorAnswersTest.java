package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.dovetail.codec.XmlCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Vendors get the words that they wait for, and only when the hub's own words would have meant the same. */
@ExtendWith(VendorsHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VendorAnswersTest {

    private final Hub hub;

    VendorAnswersTest(VendorsHub.Running running) {
        this.hub = running.hub();
    }

    // --- Salesforce

    private Request outboundMessage(String organisation, String... numbers) {
        return outboundMessageTo("/in/salesforce/" + hub.secret("salesforce.path"), organisation, numbers);
    }

    private static Request outboundMessageTo(String address, String organisation, String... numbers) {
        return Request.post(address)
                .header("Content-Type", "text/xml; charset=utf-8")
                .body(Bodies.outboundMessage(organisation, numbers));
    }

    @Test
    void acknowledgesAnOutboundMessageWheneverItIsStored() throws Exception {
        var number = Bodies.number();
        var organisation = hub.secret("salesforce.organisation");
        for (var attempt = 0; attempt < 2; attempt++) {
            var answer = hub.send(outboundMessage(organisation, number, number + "b"))
                    .hasStatus(200);
            assertThat(answer.headers()).containsEntry("content-type", "text/xml;charset=utf-8");
            var ack = new XmlCodec(Set.of()).read(answer.body());
            assertThat(ack.at("/Envelope/Body/notificationsResponse/Ack").asText())
                    .isEqualTo("true");
        }
        assertThat(hub.stored(number)).isOne();
    }

    @Test
    void takesAnOrganisationsIdForNoProofOfItsOwn() throws IOException {
        var number = Bodies.number();
        var organisation = hub.secret("salesforce.organisation");
        var path = hub.secret("salesforce.path");
        for (var address : new String[] {
            "/in/salesforce",
            "/in/salesforce/" + organisation,
            "/in/salesforce/" + path + "x",
            "/in/salesforce/" + path.toUpperCase(Locale.ROOT)
        }) {
            assertThat(hub.send(outboundMessageTo(address, organisation, number))
                            .isProblem(401)
                            .text())
                    .doesNotContain("Ack");
        }
        hub.send(outboundMessageTo("/in/salesforce/" + path, path, number)).isProblem(401);
        hub.send(outboundMessageTo("/in/soap/" + path, organisation, number)).isProblem(404);
        hub.send(outboundMessageTo("/in/salesforce/" + path + "/more", organisation, number))
                .isProblem(401);

        // another organisation of the same vendor is another sender, and neither speaks for the other
        Files.writeString(hub.secrets().resolve("salesforce.paris.organisation"), "00Dparis\n");
        Files.writeString(hub.secrets().resolve("salesforce.paris.path"), "of-paris\n");
        await().atMost(Hub.PATIENCE)
                .until(() -> hub.send(outboundMessageTo("/in/salesforce/of-paris", "00Dparis", number + "p"))
                                .status()
                        == 200);
        hub.send(outboundMessageTo("/in/salesforce/of-paris", organisation, number))
                .isProblem(401);
        hub.send(outboundMessage("00Dparis", number)).isProblem(401);
        assertThat(hub.stored("04l" + number + "<")).isZero();
        var paris = hub.bean(DataSource.class);
        try (var connection = paris.getConnection();
                var select = connection.prepareStatement("select sender from delivery where position(? in body) > 0")) {
            select.setBytes(1, Signed.utf8(number + "p"));
            var row = select.executeQuery();
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("paris");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void neverAcknowledgesWhatIsNotStored() {
        var number = Bodies.number();
        var organisation = hub.secret("salesforce.organisation");
        for (var refused : new Answer[] {
            hub.send(outboundMessage(organisation + "x", number)).isProblem(401),
            hub.send(outboundMessage(organisation, number).header("Content-Encoding", "gzip"))
                    .isProblem(415),
            hub.send(outboundMessage(organisation, number).declares(2 << 20)).isProblem(413),
        }) {
            assertThat(refused.text()).doesNotContain("Ack");
        }
        assertThat(hub.stored(number)).isZero();
    }

    // --- security event tokens

    private static Request set(String token) {
        return Request.post("/in/signals")
                .header("Content-Type", "application/secevent+jwt")
                .body(token);
    }

    private static String token(String id, ECKey key) throws Exception {
        return token(id, key, Map.of());
    }

    private static String token(String id, ECKey key, Map<String, ?> event) throws Exception {
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("secevent+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer("https://idp.example")
                        .audience("hub")
                        .issueTime(new Date())
                        .jwtID(id)
                        .claim("events", Map.of("https://example.com/gone", event))
                        .build());
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    @Test
    void answersASecurityEventTokenAsItsStandardWants() throws Exception {
        var key = ECKey.parse(hub.secret("signals.keys.private"));
        var token = token("set-" + Bodies.number(), key);
        for (var attempt = 0; attempt < 2; attempt++) {
            var answer = hub.send(set(token)).hasStatus(202);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers()).containsEntry("content-length", "0").doesNotContainKey("content-type");
        }
        assertThat(hub.stored(token)).isOne();

        var stranger = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();
        var forged = token("set-" + Bodies.number(), stranger);
        for (var body : new String[] {forged, "no token", "{\"err\": \"\\\"\"}"}) {
            var refused = hub.send(set(body)).hasStatus(400);
            assertThat(refused.headers())
                    .containsEntry("content-type", "application/json")
                    .doesNotContainKey("www-authenticate");
            assertThat(refused.json().path("err").asText()).isEqualTo("authentication_failed");
            assertThat(refused.json().path("description").asText()).startsWith("The proof of origin is missing");
            assertThat(refused.json().size()).isEqualTo(2);
        }
        assertThat(hub.stored(forged)).isZero();
    }

    /** Of a known issuer, and still nothing that can be read. */
    @Test
    void answersATokenThatCannotBeReadAsAnInvalidRequest() throws Exception {
        Map<String, ?> event = Map.of();
        for (var level = 0; level < 70; level++) {
            event = Map.of("more", event);
        }
        var token = token("set-" + Bodies.number(), ECKey.parse(hub.secret("signals.keys.private")), event);

        var refused = hub.send(set(token)).hasStatus(400);

        assertThat(refused.headers()).containsEntry("content-type", "application/json");
        assertThat(refused.json().path("err").asText()).isEqualTo("invalid_request");
        assertThat(refused.json().path("description").asText())
                .isEqualTo("In the token's claims: The body cannot be read: deeper than 64 levels.");
        assertThat(refused.json().size()).isEqualTo(2);
        assertThat(hub.stored(token)).isZero();
    }

    // --- SOAP and EDI style

    private Request soap(String body) {
        return Request.post("/in/soap")
                .header("Content-Type", "text/xml")
                .header("Authorization", Signed.basic(hub.secret("soap.basic")))
                .body(body);
    }

    private Request edi(String body) {
        return Request.post("/in/edi")
                .header("Content-Type", "application/xml")
                .header("X-Api-Key", hub.secret("edi.key"))
                .body(body);
    }

    @Test
    void answersSoapWithAnEnvelopeOrAFault() throws Exception {
        var number = Bodies.number();
        var accepted = hub.send(soap("<note><id>" + number + "</id></note>")).hasStatus(200);
        assertThat(new XmlCodec(Set.of())
                        .read(accepted.body())
                        .at("/Envelope/Body")
                        .asText())
                .isEmpty();
        assertThat(hub.stored(number)).isOne();

        var fault = hub.send(soap("<note><id>&lt;</note>")).hasStatus(500);
        assertThat(fault.headers()).containsEntry("content-type", "text/xml;charset=utf-8");
        assertThat(new XmlCodec(Set.of())
                        .read(fault.body())
                        .at("/Envelope/Body/Fault/faultstring")
                        .asText())
                .startsWith("The body cannot be read at line 1, column");
        // what has no words of its own is said in the hub's
        hub.send(soap("<note/>").header("Authorization", "Basic x")).isProblem(401);
    }

    @Test
    void answersWithAReceiptThatHoldsTheDeliverysId() {
        var number = Bodies.number();
        var body = "<note><id>" + number + "</id></note>";
        var receipt = hub.send(edi(body)).hasStatus(200);
        assertThat(receipt.headers()).containsEntry("content-type", "text/plain;charset=utf-8");
        assertThat(receipt.text()).startsWith("RECEIVED ");
        var id = receipt.text().substring("RECEIVED ".length());
        hub.delivery(id, "published");
        assertThat(hub.send(edi(body)).hasStatus(200).text()).isEqualTo(receipt.text());
        assertThat(hub.send(edi("<note")).hasStatus(400).text()).startsWith("REFUSED The body cannot be read at line");
    }
}
