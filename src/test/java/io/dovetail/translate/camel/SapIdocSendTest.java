package io.dovetail.translate.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.counterpart.SapDouble;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped Kamelet sap-idoc-send puts on the wire, and what becomes of an event as SAP answers it. */
class SapIdocSendTest {

    private static final String ORDER = "4711";
    private static final String MESSAGE_ID =
            Ids.event("shop", "acme", ORDER).toString().replace("-", "").toUpperCase(Locale.ROOT);

    private final SapDouble sap = new SapDouble();
    private final HttpNetwork network = new HttpNetwork();
    private final Map<String, String> secrets = new HashMap<>(Map.of(
            "sap-idoc.host", sap.host(), "sap-idoc.user", SapDouble.USER, "sap-idoc.password", SapDouble.PASSWORD));
    private final Callers callers = new Callers(network, secrets::get, Clock.systemUTC(), new SimpleMeterRegistry());

    @AfterEach
    void close() {
        network.close();
        sap.close();
    }

    @Test
    void sendsOneIdocInSoap() {
        send();

        var request = sap.seen().getFirst();
        assertThat(request.header("Content-Type")).isEqualTo("application/x-sap.idoc; charset=utf-8");
        assertThat(request.header("Accept")).isEqualTo("text/xml");
        assertThat(request.body()).isEqualTo("""
                <?xml version="1.0" encoding="UTF-8"?>\
                <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
                <ZORDERS05X xmlns="urn:sap-com:document:sap:idoc:soap:messages"><IDOC BEGIN="1">\
                <EDI_DC40 SEGMENT="1"><TABNAM>EDI_DC40</TABNAM><DIRECT>2</DIRECT><IDOCTYP>ORDERS05</IDOCTYP>\
                <CIMTYP>ZORDERS05X</CIMTYP><MESTYP>ORDERS</MESTYP><SNDPOR>DOVETAIL</SNDPOR><SNDPRT>LS</SNDPRT>\
                <SNDPRN>DOVETAIL</SNDPRN><RCVPOR>SAPP41</RCVPOR><RCVPRT>LS</RCVPRT><RCVPRN>P41CLNT410</RCVPRN>\
                <ARCKEY>urn:sap.com:msgid=%s</ARCKEY><MESCOD>VF</MESCOD></EDI_DC40>\
                <E1EDK01 SEGMENT="1"><BELNR>4711</BELNR></E1EDK01>\
                <E1EDP01 SEGMENT="1"><POSEX>10</POSEX><E1EDP19 SEGMENT="1"><KTEXT>Seal &lt;40&gt; &amp; ring</KTEXT></E1EDP19></E1EDP01>\
                <E1EDP01 SEGMENT="1"><POSEX>20</POSEX></E1EDP01>\
                </IDOC></ZORDERS05X></soap:Body></soap:Envelope>""".formatted(MESSAGE_ID));
        assertThat(sap.received()).containsOnlyKeys(MESSAGE_ID);
    }

    @Test
    void isRecognisedWhenItComesAgainAfterALostAnswer() {
        sap.losesItsNextAnswer();

        assertThat(failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        send();

        assertThat(sap.seen()).hasSize(2);
        assertThat(sap.received()).containsOnlyKeys(MESSAGE_ID);
    }

    @Test
    void triesAgainAfterAFaultAndSaysItInSapsWords() {
        sap.answersNext(
                500, "text/xml; charset=utf-8", SapDouble.fault("IDoc SOAP Namespace - Violation (MSGID_LOCKED)"));

        var failure = failure();

        assertThat(failure.kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(failure.rule()).isEqualTo("status 500");
        assertThat(failure.place()).isEqualTo("POST http://{{sap-idoc.host}}/sap/bc/srt/idoc?sap-client=100");
        assertThat(failure.detail()).contains("MSGID_LOCKED");
        send();
        assertThat(sap.received()).hasSize(1);
    }

    @Test
    void takesNoPageForAnAnswer() {
        sap.answersNext(500, "text/html", "<html>500 Internal Server Error</html>")
                .answersNext(200, "text/html", "<html>Log on</html>");

        assertThat(failure().kind()).isEqualTo(FailureKind.EXTERNAL);
        var logOn = failure();
        assertThat(logOn.kind()).isEqualTo(FailureKind.EXTERNAL);
        assertThat(logOn.message()).contains("text/html and not with XML");
        assertThat(sap.received()).isEmpty();
    }

    @Test
    void waitsWhileSapDoesNotLetTheHubIn() {
        secrets.put("sap-idoc.password", "old");

        assertThat(failure().rule()).isEqualTo("status 401");
        assertThat(failure().kind()).isEqualTo(FailureKind.EXTERNAL);
    }

    @Test
    void sendsNothingThatXmlDoesNotAllow() {
        idoc = idoc.replace("\"BELNR\": .data.number", "\"BELNR\": .data.number + \"\\u0001\"");

        assertThat(failure().kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(sap.seen()).isEmpty();
    }

    @Test
    void sendsNoEmptyIdoc() {
        idoc = "{ \"EDI_DC40\": { \"MESCOD\": \"VF\" }, \"E1EDK01\": .data.nowhere }\n";

        assertThat(failure().message()).contains("there is no IDoc to send");
        assertThat(failure().kind()).isEqualTo(FailureKind.MAPPING);
        assertThat(sap.seen()).isEmpty();
    }

    private String idoc = """
            {
              "EDI_DC40": { "MESCOD": "VF", "ARCKEY": "not for a route to say" },
              "E1EDK01": { "BELNR": .data.number },
              "E1EDP01": [
                { "POSEX": "10", "E1EDP19": [{ "KTEXT": "Seal <40> & ring" }] },
                { "POSEX": "20", "MENGE": null }
              ]
            }
            """;

    private Failure failure() {
        return catchThrowableOfType(FailedException.class, this::send).failure();
    }

    /** As an engineer's route uses the Kamelet. */
    private void send() {
        var shop = new Shop()
                .put("connectors/shop/sap-idoc-send.kamelet.yaml", kamelet())
                .change("connectors/shop/connector.yaml", "otherwise: park", "calls: {}\notherwise: park")
                .put("routes/translate/shop.camel.yaml", """
                        - route:
                            id: shop
                            description: What is ordered in the shop is an order in SAP.
                            from:
                              uri: direct:translate-shop
                              steps:
                                - to: kamelet:hub-contract
                                - to: kamelet:hub-mapping
                                - to: kamelet:hub-canonical
                                - setVariable:
                                    name: idoc
                                    expression:
                                      language:
                                        language: jslt
                                        expression: |
                        %s
                                - to:
                                    uri: kamelet:sap-idoc-send
                                    parameters:
                                      client: "100"
                                      basicType: ORDERS05
                                      extension: ZORDERS05X
                                      messageType: ORDERS
                                      sender: DOVETAIL
                                      receiver: P41CLNT410
                                      receiverPort: SAPP41
                        """.formatted(
                                idoc.indent(20).stripTrailing()));
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration)) {
            translator.translate(
                    Shop.source(configuration, "acme", ORDER, Shop.order(ORDER, "1")),
                    callers.of("shop", Duration.ofSeconds(10)));
        }
    }

    /** As shipped, but that no TLS is spoken. */
    private static String kamelet() {
        try {
            return Files.readString(Path.of("connectors/sap-idoc/sap-idoc-send.kamelet.yaml"))
                    .replace("https://{{sap-idoc.host}}", "http://{{sap-idoc.host}}");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
