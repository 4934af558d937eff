package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sender who has proved itself may not send: size, media, form. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormEdgeTest {

    private static final int MIB = 1 << 20;

    private final Hub hub;
    private final Signed signed;

    FormEdgeTest(Hub hub) {
        this.hub = hub;
        this.signed = hub.signed();
    }

    private void isMalformed(Request request, String number) {
        hub.send(request.header("X-Canary", "canary-" + number)).isProblem(400).doesNotEcho("canary-" + number);
        assertThat(hub.stored(number)).as("stored").isZero();
    }

    @Test
    void knowsItsConnectors() {
        hub.send(Request.post("/in/nobody")
                        .header("Content-Type", "application/json")
                        .body("{}"))
                .isProblem(404)
                .doesNotEcho("nobody");
    }

    @Test
    void refusesADeclaredLengthBeforeTheBodyIsSent() {
        var request = signed.jira(new byte[0], "id").declares(MIB + 1);
        hub.send(request).isProblem(413);
        hub.send(signed.jira(new byte[0], "id").declares(Long.MAX_VALUE)).isProblem(413);
        hub.send(signed.sap(new byte[0]).declares(16 * MIB + 1)).isProblem(413);
    }

    @Test
    void refusesABodyInChunksBeforeItsEnd() {
        var body = Signed.utf8(" ".repeat(MIB + 1));
        hub.send(signed.jira(body, "id").chunkedWithoutEnd()).isProblem(413);
    }

    /** Memory is for what has come, not for what strangers announce. */
    @Test
    void isNotKeptBusyByBodiesThatNeverCome() throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 40; i++) {
                var socket = new Socket("127.0.0.1", hub.port());
                sockets.add(socket);
                socket.getOutputStream().write(Signed.utf8("""
                        POST /in/jira HTTP/1.1\r
                        Host: x\r
                        Content-Type: application/json\r
                        X-Hub-Signature: sha256=%s\r
                        Content-Length: %d\r
                        \r
                        {""".formatted("0".repeat(64), MIB)));
            }
            hub.send(signed.jira(Bodies.issueCreated(Bodies.number()))).hasStatus(202);
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
        // a wrong password is refused before any of the body is there
        hub.send(Request.post("/in/sap-idoc")
                        .header("Content-Type", "text/xml")
                        .header("Authorization", Signed.basic("a:b"))
                        .declares(16 * MIB))
                .isProblem(401);
    }

    @Test
    void takesWhatIsJustSmallEnough() {
        var number = Bodies.number();
        var body = Bodies.issueCreated(number);
        var padded = body + " ".repeat(MIB - Signed.utf8(body).length);
        hub.send(signed.jira(padded)).hasStatus(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jsonx",
                "json",
                "*/*",
                "application/json, text/xml",
                "application/cloudevents+json",
                ";",
                "/"
            })
    void refusesOtherMedia(String media) {
        var number = Bodies.number();
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var request = Request.post("/in/jira")
                .header("Content-Type", media)
                .header("X-Hub-Signature", "sha256=" + java.util.HexFormat.of().formatHex(signed.jiraDigest(body)))
                .body(body);
        hub.send(request).isProblem(415);
        assertThat(hub.stored(number)).isZero();
    }

    @Test
    void refusesABodyOfUnknownMediaAndInAnotherEncoding() {
        var number = Bodies.number();
        var body = Signed.utf8(Bodies.issueCreated(number));
        var proof = "sha256=" + java.util.HexFormat.of().formatHex(signed.jiraDigest(body));
        hub.send(Request.post("/in/jira").header("X-Hub-Signature", proof).body(body))
                .isProblem(415);
        for (var encoding : List.of("gzip", "identity", "br", "gzip, gzip", "x")) {
            hub.send(signed.jira(body, number).header("Content-Encoding", encoding))
                    .isProblem(415);
        }
        assertThat(hub.stored(number)).isZero();
    }

    Stream<byte[]> brokenJson() {
        var good = "{\"webhookEvent\": \"jira:issue_created\", \"issue\": {\"id\": \"1\"}}";
        var texts = Stream.of(
                "",
                " ",
                "\u0000",
                "{",
                "[1,]",
                "{'a': 1}",
                "{\"a\": 1,}",
                "NaN",
                "{\"a\": NaN}",
                "{\"a\": 01}",
                "{\"a\": .5}",
                "{\"a\": +1}",
                "{\"a\": 0x1}",
                "{\"a\": \"\t\"}",
                "{\"a\": \"\\x\"}",
                "{\"a\": tru}",
                "{\"a\": 1} // why",
                "/* why */ {}",
                good + "{}",
                good + " x",
                good + ",",
                good + "\u0000",
                "{\"a\": 1, \"a\": 1}",
                "{\"a\": {\"b\": [{\"c\": 1, \"c\": 2}]}}",
                "{\"a\": 1, \"\\u0061\": 2}",
                "[".repeat(65) + "]".repeat(65),
                "{\"a\":".repeat(65) + "1" + "}".repeat(65),
                "[".repeat(100_000),
                "{\"a\": 1e400000000}",
                "{\"a\": " + "9".repeat(5_000) + "}",
                "{\"" + "a".repeat(70_000) + "\": 1}");
        var bytes = Stream.of(
                good.getBytes(StandardCharsets.UTF_16),
                good.getBytes(StandardCharsets.UTF_16LE),
                ("{\"a\": \"" + "ä\"}").getBytes(StandardCharsets.ISO_8859_1),
                new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'},
                new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'});
        return Stream.concat(texts.map(Signed::utf8), bytes);
    }

    @ParameterizedTest
    @MethodSource("brokenJson")
    void refusesBrokenJson(byte[] body) {
        hub.send(signed.jira(body, UUID.randomUUID().toString())).isProblem(400);
        hub.send(signed.partner(body, "msg_" + UUID.randomUUID())).isProblem(400);
    }

    Stream<String> brokenXml() {
        var idoc = "<ORDERS05><IDOC/></ORDERS05>";
        return Stream.of(
                "",
                " ",
                "x",
                "{}",
                "<a>",
                "<a></b>",
                "<a/><b/>",
                idoc + "x",
                "<a>&nbsp;</a>",
                "<a>&</a>",
                "<a b=1/>",
                "<a b='1' b='2'/>",
                "<x:a/>",
                "<!DOCTYPE a>" + "<a/>",
                "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
                "<!DOCTYPE a PUBLIC \"x\" \"http://127.0.0.1:1/x.dtd\"><a/>",
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
                "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><a>&c;&c;&c;</a>",
                "<!doctype a><a/>",
                "<?xml version=\"1.1\"?><!DOCTYPE a []><a/>",
                "<?xml version=\"1.0\" encoding=\"x-unknown\"?><a/>",
                "<a>".repeat(65) + "</a>".repeat(65),
                "<a>".repeat(50_000));
    }

    @ParameterizedTest
    @MethodSource("brokenXml")
    void refusesBrokenXml(String body) {
        hub.send(signed.sap(body)).isProblem(400);
    }

    /** SAP lets them into texts: the document is taken, and parked where it is broken. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0001", "&#0;"})
    void takesCharactersThatXmlDoesNotAllowWhereItsConnectorSaysSo(String character) {
        var number = Bodies.number();
        var order = Bodies.order(number, number).replace("<MENEE>PCE", "<MENEE>PCE" + character);
        var parked = hub.delivery(hub.send(signed.sap(order)).hasStatus(202).id(), "parked");
        assertThat(parked.at("/events/0/failure/kind").asText()).isEqualTo("CONTRACT");
        assertThat(parked.at("/events/0/failure/place").asText()).contains("MENEE");
    }

    /** Tomcat fails on so many, and a sender would be told that the hub is out of order. */
    @Test
    void asksNobodyForALanguage() {
        hub.send(signed.jira(Bodies.issueCreated(Bodies.number())).header("Accept-Language", "a,".repeat(2_000)))
                .hasStatus(202);
    }

    @Test
    void storesNothingOfWhatItRefuses() {
        var number = Bodies.number();
        isMalformed(signed.jira(Bodies.issueCreated(number) + "}"), number);
        isMalformed(signed.partner(Bodies.claim(number, "10") + "}"), number);
        isMalformed(signed.sap(Bodies.order(number, number).replace("</ORDERS05>", "")), number);
        isMalformed(
                signed.sap("<!DOCTYPE ORDERS05>" + Bodies.order(number, number).replaceFirst("<\\?.*\\?>", "")),
                number);
    }

    @Test
    void takesTheDeepestThatIsAllowed() {
        var number = Bodies.number();
        var deep = "[".repeat(62) + "]".repeat(62);
        var body = Bodies.issueCreated(number).replaceFirst("\"timestamp\"", "\"x\": " + deep + ", \"timestamp\"");
        hub.send(signed.jira(body)).hasStatus(202);
    }

    @Test
    void parksAnUnknownKindAndWhatBreaksItsContract() {
        var number = Bodies.number();
        var unknown = hub.send(signed.jira("{\"webhookEvent\": \"x\", \"n\": \"" + number + "\"}"))
                .hasStatus(202);
        var failure = hub.delivery(unknown.id(), "parked").at("/events/0/failure");
        assertThat(failure.path("kind").asText()).isEqualTo("CONTRACT");

        hub.send(signed.jira(Bodies.issueCreated(number))).hasStatus(202);
        var bad = hub.send(signed.jira(Bodies.issueUpdatedBadly(number, 1))).hasStatus(202);
        failure = hub.delivery(bad.id(), "parked").at("/events/0/failure");
        assertThat(failure.path("kind").asText()).isEqualTo("CONTRACT");
        assertThat(failure.path("place").asText()).isEqualTo("/changelog/items/0");
        assertThat(failure.path("value").asText()).contains("summary");
        assertThat(failure.path("fingerprint").asText()).hasSize(16);

        var otherPlace = Bodies.order(number, number).replace("<MESTYP>ORDERS<", "<MESTYP>MATMAS<");
        var material = hub.send(signed.sap(otherPlace)).hasStatus(202);
        assertThat(hub.delivery(material.id(), "parked")
                        .at("/events/0/failure/place")
                        .asText())
                .startsWith("line 2, ");
    }
}
