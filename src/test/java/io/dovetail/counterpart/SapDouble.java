package io.dovetail.counterpart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.codec.MalformedException;
import io.dovetail.codec.XmlCodec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * As much of SAP as the hub sends IDocs to ({@code /sap/bc/srt/idoc}), by the rules of SAP's own message EA728: a request
 * of the name space has one IDoc, with a message id behind a prefix in ARCKEY, and SAP receives each of them once.
 */
public final class SapDouble implements AutoCloseable {

    public static final String USER = "hub";
    public static final String PASSWORD = "pa:ss/word+";

    private static final String PREFIX = "urn:sap.com:msgid=";
    private static final String NAME_SPACE = "urn:sap-com:document:sap:idoc:soap:messages";

    private final AskedSystem system = AskedSystem.start().decides(this::behaviour);
    private final Map<String, JsonNode> received = new LinkedHashMap<>();
    private final List<Behaviour> next = new ArrayList<>();

    public String host() {
        return "127.0.0.1:" + system.port();
    }

    public List<Seen> seen() {
        return system.seen();
    }

    /** By their message ids, in the order of their coming. */
    public Map<String, JsonNode> received() {
        return received;
    }

    /** Answers the next request like this, and does nothing else with it. */
    public SapDouble answersNext(int status, String type, String body) {
        next.add(AskedSystem.text(status, type, body));
        return this;
    }

    /** Receives the next one, and its answer gets lost. */
    public SapDouble losesItsNextAnswer() {
        next.add(null);
        return this;
    }

    public static String fault(String why) {
        return "<soap-env:Envelope xmlns:soap-env=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap-env:Body>"
                + "<soap-env:Fault><faultcode>soap-env:Server</faultcode><faultstring>" + why
                + "</faultstring></soap-env:Fault></soap-env:Body></soap-env:Envelope>";
    }

    private synchronized Behaviour behaviour(Seen seen) {
        var instead = next.isEmpty() ? null : next.getFirst();
        var losesAnswer = !next.isEmpty() && instead == null;
        if (!next.isEmpty()) {
            next.removeFirst();
        }
        if (instead != null) {
            return instead;
        }
        var answer = receive(seen);
        return losesAnswer ? AskedSystem.half() : answer;
    }

    private Behaviour receive(Seen seen) {
        var login = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));
        if (!("Basic " + login).equals(seen.header("Authorization"))) {
            return AskedSystem.text(401, "text/html", "<html>Logon failed</html>");
        }
        if (!seen.target().equals("/sap/bc/srt/idoc?sap-client=100")
                || !seen.method().equals("POST")) {
            return AskedSystem.text(404, "text/html", "<html>Service cannot be reached</html>");
        }
        if (!seen.header("Content-Type").startsWith("application/x-sap.idoc")) {
            return AskedSystem.text(500, "text/xml", fault("text/xml is for many IDocs, and none of them once"));
        }
        var root = body(seen).properties().iterator().next().getValue();
        if (!seen.body().contains(" xmlns=\"" + NAME_SPACE + "\"><IDOC BEGIN=\"1\">")
                || !root.path("IDOC").isObject()) {
            return AskedSystem.text(500, "text/xml", fault("MULTIPLE_IDOCS_NOT_ALLOWED"));
        }
        var id = root.at("/IDOC/EDI_DC40/ARCKEY").asText();
        if (!id.startsWith(PREFIX) || id.length() > 70) {
            return AskedSystem.text(500, "text/xml", fault("SOAP_MSGID_PREFIX_INVALID"));
        }
        received.putIfAbsent(id.substring(PREFIX.length()), root.path("IDOC"));
        var number = List.copyOf(received.keySet()).indexOf(id.substring(PREFIX.length())) + 1;
        return AskedSystem.text(
                200,
                "text/xml; charset=utf-8",
                "<soap-env:Envelope xmlns:soap-env=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap-env:Body>"
                        + "<IDocAssign><DbId>%016d</DbId></IDocAssign></soap-env:Body></soap-env:Envelope>"
                                .formatted(number));
    }

    private static JsonNode body(Seen seen) {
        try {
            return new XmlCodec(Set.of()).read(seen.body().getBytes(UTF_8)).at("/Envelope/Body");
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        system.close();
    }
}
