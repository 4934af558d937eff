package io.dovetail.hostile;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A sound body of a connector, with {@code @} where the number of its business object stands.
 *
 * @param text what arrives unchanged in the event, as a pointer into the body; and where, into its data
 */
record Template(String connector, String media, String body, Echo text) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    boolean isJson() {
        return media.endsWith("json");
    }

    static List<Template> all() {
        return List.of(
                json("jira", """
                        {"timestamp": 1773050400120, "webhookEvent": "jira:issue_created",
                         "user": {"accountId": "u-1", "displayName": "Ann"},
                         "issue": {"id": "@", "key": "H-@", "self": "https://example.atlassian.net/rest/api/2/issue/@",
                          "fields": {"summary": "Pump", "description": "Loses pressure", "issuetype": {"name": "Bug"},
                           "priority": {"name": "Highest"}, "labels": ["one"], "created": "2026-03-09T10:00:00.000+0000",
                           "duedate": "2026-03-10", "status": {"name": "To Do", "statusCategory": {"key": "new"}}}}}
                        """, "/issue/fields/summary", "/summary"),
                json("jira", """
                        {"timestamp": 1773050400120, "webhookEvent": "jira:issue_updated",
                         "issue": {"id": "@", "key": "H-@", "fields": {"summary": "Pump"}},
                         "changelog": {"id": "c-@", "items": [{"field": "summary", "fromString": "a", "toString": "b"}]}}
                        """, "/changelog/items/0/toString", "/changes/0/to"),
                json("jira", """
                        {"timestamp": 1773050400120, "webhookEvent": "comment_created",
                         "comment": {"id": "@", "self": "https://example.atlassian.net/rest/api/2/issue/@/comment/@",
                          "body": "Look", "author": {"accountId": "u-1"}, "created": "2026-03-09T10:00:00.000+0000",
                          "updated": "2026-03-09T10:00:00.000+0000"},
                         "issue": {"id": "@", "key": "H-@", "fields": {"summary": "Pump"}}}
                        """, "/comment/body", "/comment/text"),
                json("partner-api", """
                        {"type": "order.placed", "timestamp": "2026-03-09T10:00:00Z",
                         "data": {"orderNumber": "@", "orderType": "NB", "orderDate": "2026-03-09", "currency": "EUR",
                          "paymentTerms": "30d", "note": "Ring twice", "buyer": {"id": "b", "name": "Buyer", "city": "Ulm"},
                          "total": {"amount": "20.00", "currency": "EUR"},
                          "lines": [{"line": "10", "product": {"sellerId": "p", "name": "Pump"}, "quantity": "2",
                           "unit": "PCE", "price": {"amount": "10.00", "currency": "EUR"},
                           "schedule": [{"date": "2026-04-01", "quantity": "2"}]}]}}
                        """, "/data/note", "/note"),
                json("partner-api", """
                        {"type": "claim.submitted", "timestamp": "2026-03-09T10:00:00Z",
                         "data": {"claimNumber": "@", "orderNumber": "@", "severity": "low", "description": "Broken",
                          "claimed": {"amount": "10", "currency": "EUR"}}}
                        """, "/data/description", "/description"),
                json("partner-api", """
                        {"type": "certification.granted", "timestamp": "2026-03-09T10:00:00Z",
                         "data": {"certificationId": "@", "name": "Welder", "grantedOn": "2026-03-09",
                          "holder": {"id": "h-@", "name": "Ann"}}}
                        """, "/data/holder/name", "/holder/name"),
                new Template("sap-idoc", "text/xml", """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <ORDERS05><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT><DOCNUM>@</DOCNUM>
                        <MESTYP>ORDERS</MESTYP><SNDPRN>E2E</SNDPRN><CREDAT>20260309</CREDAT><CRETIM>110000</CRETIM></EDI_DC40>
                        <E1EDK01 SEGMENT="1"><CURCY>EUR</CURCY><BSART>NB</BSART><BELNR>@</BELNR></E1EDK01>
                        <E1EDKA1 SEGMENT="1"><PARVW>AG</PARVW><PARTN>1</PARTN><NAME1>Buyer</NAME1></E1EDKA1>
                        <E1EDKT1 SEGMENT="1"><E1EDKT2 SEGMENT="1"><TDLINE>Ring twice</TDLINE></E1EDKT2></E1EDKT1>
                        <E1EDP01 SEGMENT="1"><POSEX>000010</POSEX><MENGE>2.000</MENGE><MENEE>PCE</MENEE><VPREI>10.00</VPREI>
                        <NETWR>20.00</NETWR><E1EDP19 SEGMENT="1"><QUALF>001</QUALF><IDTNR>P</IDTNR></E1EDP19></E1EDP01>
                        <E1EDS01 SEGMENT="1"><SUMID>002</SUMID><SUMME>20.00</SUMME><SUNIT>EUR</SUNIT></E1EDS01></IDOC></ORDERS05>
                        """, new Echo("TDLINE", "/note")));
    }

    /** Of connectors whose senders prove themselves in other ways: a token, an address, a field. */
    static List<Template> ofOtherProofs() {
        var all = new ArrayList<>(List.of(
                json("okta", """
                        {"eventType": "com.okta.event_hook",
                         "data": {"events": [{"uuid": "@", "published": "2026-03-11T08:16:00Z",
                          "eventType": "user.lifecycle.activate", "target": [{"id": "u-@", "type": "User"}]}]}}
                        """, "/data/events/0/target/0/id", "/userId"),
                json("windchill", """
                        {"Number": "@", "ID": "OR:@", "VersionID": "VR:@", "Type": "Change Notice",
                         "LastModified": "2026-03-12T08:30:00Z", "State": {"Value": "RELEASED"}, "Name": "Seal"}
                        """, "/Name", "/title"),
                json("moodle", """
                        {"eventname": "\\\\core\\\\event\\\\user_created", "objectid": "17@", "timecreated": 1773216907,
                         "userid": 2, "token": ""}
                        """, "/objectid", "/userId")));
        all.addAll(ofTokens());
        return all;
    }

    /** Of connectors whose senders prove themselves by a signed token, in a header or for a body. */
    static List<Template> ofTokens() {
        return List.of(
                json("keycloak", """
                        {"id": "@", "time": 1773216907021, "type": "REGISTER", "realmId": "r", "clientId": "portal",
                         "userId": "u-@", "ipAddress": "198.51.100.7", "details": {"username": "ann"}}
                        """, "/userId", "/userId"),
                new Template("shared-signals", "application/secevent+jwt", """
                        {"iss": "https://idp.example.com", "aud": "https://hub.example.com/in/shared-signals",
                         "iat": 1773216900, "jti": "@", "sub_id": {"format": "opaque", "id": "u-@"},
                         "events": {"https://schemas.openid.net/secevent/caep/event-type/session-revoked":
                          {"event_timestamp": 1773216900}}}
                        """, new Echo("/sub_id/id", "/userId")));
    }

    private static Template json(String connector, String body, String from, String to) {
        return new Template(connector, "application/json", body, new Echo(from, to));
    }

    String with(String number) {
        return body.replace("@", number);
    }

    Delivery delivery(String number, byte[] content) {
        return new Delivery(connector, media, "id-" + number, content);
    }

    Delivery sound(String number) {
        return delivery(number, bytes(with(number)));
    }

    /** Where there are values: JSON pointers, or the names of elements. */
    List<String> places() {
        var found = new ArrayList<String>();
        if (isJson()) {
            walk(tree("0"), "", found);
        } else {
            Pattern.compile("<([A-Z0-9_]+)>[^<>]+</")
                    .matcher(body)
                    .results()
                    .forEach(place -> found.add(place.group(1)));
        }
        return found;
    }

    private static void walk(JsonNode node, String pointer, List<String> found) {
        if (!pointer.isEmpty()) {
            found.add(pointer);
        }
        node.fields().forEachRemaining(field -> walk(field.getValue(), pointer + "/" + field.getKey(), found));
        if (node.isArray()) {
            for (var i = 0; i < node.size(); i++) {
                walk(node.get(i), pointer + "/" + i, found);
            }
        }
    }

    /** Whether what makes it this business object stands there. */
    boolean isIdentity(String place) {
        return isJson()
                ? tree("17").at(place).toString().contains("17")
                : Pattern.compile("<" + place + ">[^<]*@").matcher(body).find();
    }

    boolean isText(String place) {
        return !isJson() || tree("0").at(place).isTextual();
    }

    /** The body with text in this place; where the number stood, behind the number. */
    byte[] withText(String number, String place, String text) {
        if (isJson()) {
            var before = tree(number).at(place).asText();
            return withValue(number, place, MAPPER.getNodeFactory().textNode(isIdentity(place) ? before + text : text));
        }
        var kept = isIdentity(place) ? number : "";
        return bytes(with(number)
                .replaceFirst(
                        "<" + place + ">[^<]*</",
                        java.util.regex.Matcher.quoteReplacement("<" + place + ">" + kept + escaped(text) + "</")));
    }

    byte[] withValue(String number, String place, JsonNode value) {
        var tree = tree(number);
        var pointer = JsonPointer.compile(place);
        var last = pointer.last();
        switch (tree.at(pointer.head())) {
            case ObjectNode object -> object.set(last.getMatchingProperty(), value);
            case ArrayNode array -> array.set(last.getMatchingIndex(), value);
            default -> throw new IllegalArgumentException(place);
        }
        return JsonCodec.write(tree);
    }

    JsonNode tree(String number) {
        try {
            return MAPPER.readTree(with(number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
