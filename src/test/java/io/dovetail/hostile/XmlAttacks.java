package io.dovetail.hostile;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** XML that fetches, multiplies, or is none. */
record XmlAttacks(Words words, Numbers numbers) {

    /** More than a queue takes, and not more than a webhook does. */
    static final String LARGE = "large xml";

    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

    List<Attack> attacks() {
        var all = new ArrayList<Attack>();
        for (var template : Template.all()) {
            if (!template.isJson()) {
                all.addAll(types(template));
                all.addAll(references(template));
                all.addAll(sizes(template));
                all.addAll(broken(template));
                all.addAll(characters(template));
            }
        }
        return all;
    }

    /** No document type is read at all, so that no entity is. */
    private List<Attack> types(Template template) {
        var targets = List.of(
                "file://" + words.file(),
                words.somewhere().toString(),
                words.somewhere().toString().replace("http", "ftp"),
                words.somewhere().toString().replace("http", "jar:http") + "!/x",
                words.somewhere().toString().replace("http", "netdoc"),
                words.somewhere().toString().replace("http", "gopher"),
                words.somewhere().toString().replace("http", "ldap"),
                "file:///dev/random",
                "expect://id",
                "php://filter/read=convert.base64-encode/resource=" + words.file(),
                "../../../../../.." + words.file(),
                "classpath:application.yaml",
                "");
        var all = new ArrayList<Attack>();
        for (var target : targets) {
            for (var type : List.of(
                    "<!DOCTYPE ORDERS05 SYSTEM \"@\">",
                    "<!DOCTYPE ORDERS05 PUBLIC \"x\" \"@\">",
                    "<!DOCTYPE ORDERS05 [<!ENTITY e SYSTEM \"@\">]>",
                    "<!DOCTYPE ORDERS05 [<!ENTITY e PUBLIC \"x\" \"@\">]>",
                    "<!DOCTYPE ORDERS05 [<!ENTITY % e SYSTEM \"@\"> %e;]>",
                    "<!DOCTYPE ORDERS05 [<!ENTITY % a \"<!ENTITY &#37; b SYSTEM '@'>\"> %a; %b;]>",
                    "<!DOCTYPE ORDERS05 [<!NOTATION n SYSTEM \"@\"><!ENTITY e SYSTEM \"@\" NDATA n>]>",
                    "<!DOCTYPE ORDERS05 [<!ATTLIST IDOC BEGIN CDATA \"&e;\"><!ENTITY e SYSTEM \"@\">]>")) {
                var doctype = type.replace("@", target);
                all.add(text(
                        template,
                        doctype,
                        Ending.REFUSAL,
                        body -> behindDeclaration(body, doctype).replace("Ring twice", "&e;")));
            }
        }
        for (var doctype : List.of(
                "<!DOCTYPE ORDERS05>",
                "<!DOCTYPE ORDERS05 []>",
                "<!DOCTYPE ORDERS05 [<!ENTITY e \"Ring twice\">]>",
                "<!DOCTYPE ORDERS05 [<!ELEMENT ORDERS05 ANY>]>",
                "<!doctype ORDERS05>",
                "<!DOCTYPE\tORDERS05>",
                "<!-- x --><!DOCTYPE ORDERS05>",
                "<?x y?><!DOCTYPE ORDERS05>")) {
            all.add(text(template, doctype, Ending.REFUSAL, body -> behindDeclaration(body, doctype)));
        }
        return all;
    }

    private List<Attack> references(Template template) {
        var all = new ArrayList<Attack>();
        var address = words.somewhere();
        all.add(text(
                template,
                "a stylesheet",
                Ending.TAKEN,
                body -> behindDeclaration(body, "<?xml-stylesheet type=\"text/xsl\" href=\"" + address + "\"?>")));
        all.add(text(
                template,
                "a schema location",
                Ending.TAKEN,
                body -> body.replace(
                        "<ORDERS05>",
                        "<ORDERS05 xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\""
                                + address + "\" xsi:schemaLocation=\"a " + address + "\">")));
        for (var parse : List.of("text", "xml")) {
            for (var target : List.of("file://" + words.file(), address.toString())) {
                all.add(text(
                        template,
                        "inclusion of " + target + " as " + parse,
                        Ending.TAKEN,
                        body -> body.replace(
                                "Ring twice",
                                "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"" + target
                                        + "\" parse=\"" + parse + "\"/>")));
            }
        }
        all.add(text(
                template,
                "a base",
                Ending.TAKEN,
                body -> body.replace("<ORDERS05>", "<ORDERS05 xml:base=\"" + address + "\">")));
        all.add(text(
                template,
                "a namespace at an address",
                Ending.TAKEN,
                body -> body.replace("<ORDERS05>", "<ORDERS05 xmlns=\"" + address + "\">")));
        all.add(text(template, "an unknown entity", Ending.REFUSAL, body -> body.replace("Ring twice", "&nbsp;")));
        return all;
    }

    private List<Attack> sizes(Template template) {
        var all = new ArrayList<Attack>();
        for (var multiply : List.of(2, 10, 40)) {
            var entities = new StringBuilder("<!DOCTYPE ORDERS05 [<!ENTITY a0 \"ha\">");
            for (var i = 1; i <= 20; i++) {
                entities.append("<!ENTITY a")
                        .append(i)
                        .append(" \"")
                        .append(("&a" + (i - 1) + ";").repeat(multiply))
                        .append("\">");
            }
            var doctype = entities.append("]>").toString();
            all.add(text(
                    template,
                    "laughs, " + multiply + " at once",
                    Ending.REFUSAL,
                    body -> behindDeclaration(body, doctype).replace("Ring twice", "&a20;")));
            all.add(text(
                    template,
                    "laughs in an attribute, " + multiply + " at once",
                    Ending.REFUSAL,
                    body -> behindDeclaration(body, doctype).replace("BEGIN=\"1\"", "BEGIN=\"&a20;\"")));
        }
        all.add(text(
                template,
                "one long entity, often",
                Ending.REFUSAL,
                body -> behindDeclaration(body, "<!DOCTYPE ORDERS05 [<!ENTITY a \"" + "a".repeat(50_000) + "\">]>")
                        .replace("Ring twice", "&a;".repeat(50_000))));
        all.add(text(
                template,
                "an entity of itself",
                Ending.REFUSAL,
                body -> behindDeclaration(body, "<!DOCTYPE ORDERS05 [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]>")
                        .replace("Ring twice", "&a;")));
        for (var depth : List.of(66, 1_000, 100_000)) {
            all.add(text(
                    template,
                    depth + " deep",
                    Ending.REFUSAL,
                    body -> body.replace("Ring twice", "<A>".repeat(depth) + "</A>".repeat(depth))));
            all.add(whole(template, depth + " open", Ending.REFUSAL, "<A>".repeat(depth)));
        }
        all.add(text(template, "300 attributes", Ending.REFUSAL, body -> body.replace("BEGIN=\"1\"", attributes(300))));
        all.add(text(
                template,
                "100,000 attributes",
                Ending.REFUSAL,
                body -> body.replace("BEGIN=\"1\"", attributes(100_000))));
        all.add(text(
                template,
                "a name of 300",
                Ending.REFUSAL,
                body -> body.replace("Ring twice", "<" + "N".repeat(300) + "/>")));
        all.add(text(
                template,
                "a name of 1,000,000",
                Ending.REFUSAL,
                body -> body.replace("Ring twice", "<" + "N".repeat(1_000_000) + "/>")));
        all.add(text(
                template,
                "600,000 elements",
                Ending.REFUSAL,
                body -> body.replace("Ring twice", "<A/>".repeat(600_000))));
        all.add(text(
                template,
                "100,000 elements",
                Ending.TAKEN,
                body -> body.replace("Ring twice", "<A/>".repeat(100_000))));
        all.add(large(
                template,
                "20,000 lines",
                Ending.TAKEN,
                body -> body.replace(
                        "<E1EDS01",
                        "<E1EDP01 SEGMENT=\"1\"><POSEX>1</POSEX><MENGE>1</MENGE></E1EDP01>".repeat(20_000)
                                + "<E1EDS01")));
        all.add(large(
                template,
                "2,000,000 references",
                Ending.TAKEN,
                body -> body.replace("Ring twice", "&amp;".repeat(2_000_000))));
        all.add(large(template, "text of 8 MB", Ending.TAKEN, body -> body.replace("Ring twice", "x".repeat(8 << 20))));
        all.add(large(
                template,
                "a comment of 8 MB",
                Ending.TAKEN,
                body -> body.replace("Ring twice", "<!--" + "x".repeat(8 << 20) + "-->")));
        all.add(large(
                template,
                "an attribute of 8 MB",
                Ending.TAKEN,
                body -> body.replace("BEGIN=\"1\"", "BEGIN=\"" + "x".repeat(8 << 20) + "\"")));
        all.add(text(
                template,
                "200,000 namespaces",
                Ending.REFUSAL,
                body -> body.replace("BEGIN=\"1\"", namespaces(200_000))));
        all.add(text(
                template,
                "more than it takes",
                Ending.REFUSAL,
                body -> body.replace("Ring twice", "x".repeat(16 << 20))));
        all.add(text(
                template,
                "501 parts",
                Ending.TAKEN_AGAIN,
                body -> body.replace("</ORDERS05>", "<IDOC/>".repeat(500) + "</ORDERS05>")));
        return all;
    }

    private static String attributes(int count) {
        var all = new StringBuilder();
        for (var i = 0; i < count; i++) {
            all.append("a").append(i).append("=\"\" ");
        }
        return all.toString();
    }

    private static String namespaces(int count) {
        var all = new StringBuilder();
        for (var i = 0; i < count; i++) {
            all.append("xmlns:a").append(i).append("=\"x\" ");
        }
        return all.toString();
    }

    private List<Attack> broken(Template template) {
        var all = new ArrayList<Attack>();
        for (var text : List.of(
                "",
                " ",
                "x",
                "{}",
                "<",
                "<a",
                "<a>",
                "</a>",
                "<a></b>",
                "<a/><b/>",
                "<a/>x",
                "x<a/>",
                "<a>&</a>",
                "<a b/>",
                "<a b=1/>",
                "<a b='1' b='2'/>",
                "<a b='<'/>",
                "<a xmlns:x='a' xmlns:y='a' x:b='1' y:b='2'/>",
                "<x:a/>",
                "<a x:b='1'/>",
                "<a xmlns:xml='x'/>",
                "<a:/>",
                "<1/>",
                "<a>\u0000</a>",
                "<a><!-- -- --></a>",
                "<a><![CDATA[</a>",
                "<a>]]></a>",
                "<?xml?><a/>",
                "<?xml version='1.0'?><?xml version='1.0'?><a/>",
                " <?xml version='1.0'?><a/>",
                "<?xml version='2.0'?><a/>",
                "<?xml version='1.1'?><a>\u0085</a>",
                "<?xml encoding='UTF-8'?><a/>",
                "<a><?xml version='1.0'?></a>",
                "<?xml version='1.0' standalone='maybe'?><a/>",
                "<a/>\u0000",
                "<%= x %>",
                "<a b='&e;'/>",
                "<a>&e;</a>",
                "<a>%e;</a>]",
                "<a xmlns='http://www.w3.org/2000/xmlns/'/>")) {
            all.add(whole(template, text, Ending.REFUSAL, text));
        }
        // where a connector has the characters replaced that XML does not allow, and a name that is only half of one
        for (var text : List.of(
                "<a>&#0;</a>", "<a>&#xFFFFFFFF;</a>", "<a>&#xD800;</a>", "<a>\u0001</a>", "<a>\uFFFE</a>", "<:a/>")) {
            all.add(whole(template, text, Set.of(Ending.REFUSED, Ending.PARKED), text));
        }
        for (var name : List.of("__proto__", "constructor", "class", "toString", "IDOC", "_text", "ORDERS05")) {
            all.add(text(
                    template,
                    "an element " + name,
                    Ending.TAKEN_AGAIN,
                    body -> body.replace("Ring twice", "<" + name + ">x</" + name + ">")));
        }
        return all;
    }

    private List<Attack> characters(Template template) {
        var all = new ArrayList<Attack>();
        for (var encoding : List.of(
                "UTF-7",
                "UTF-32",
                "IBM037",
                "IBM1047",
                "x-unknown",
                "US-ASCII",
                "GB18030",
                "Shift_JIS",
                "../x",
                "UTF-8\" x=\"",
                "ISO-10646-UCS-2",
                "ISO-2022-JP",
                "UTF-16LE",
                "UTF-16BE")) {
            all.add(raw(
                    template,
                    "declared as " + encoding,
                    Ending.REFUSAL,
                    body -> Template.bytes(body.replace("UTF-8", encoding))));
        }
        for (var charset : List.of("UTF-16", "ISO-8859-1", "windows-1252")) {
            all.add(raw(
                    template,
                    "in " + charset,
                    Ending.TAKEN,
                    body -> body.replace("UTF-8", charset).getBytes(Charset.forName(charset))));
        }
        for (var charset : List.of("UTF-32", "UTF-16", "UTF-16LE", "IBM500")) {
            all.add(raw(
                    template,
                    "in " + charset + ", declared as UTF-8",
                    Set.of(Ending.REFUSED, Ending.ACCEPTED, Ending.PARKED),
                    body -> body.getBytes(Charset.forName(charset))));
        }
        all.add(raw(
                template,
                "Latin 1 declared as UTF-8",
                Ending.REFUSAL,
                body -> body.replace("Ring", "Küng").getBytes(StandardCharsets.ISO_8859_1)));
        all.add(raw(
                template,
                "too long characters",
                Ending.REFUSAL,
                body -> body.replace("Ring", "\u00C0\u00AF").getBytes(StandardCharsets.ISO_8859_1)));
        return all;
    }

    private static String behindDeclaration(String body, String text) {
        return body.replace(DECLARATION, DECLARATION + text);
    }

    private Attack text(Template template, String name, Set<Ending> ends, UnaryOperator<String> change) {
        return raw(template, name, ends, body -> Template.bytes(change.apply(body)));
    }

    private Attack large(Template template, String name, Set<Ending> ends, UnaryOperator<String> change) {
        var number = numbers.next();
        return Attack.of(
                LARGE,
                name,
                ends,
                () -> template.delivery(number, Template.bytes(change.apply(template.with(number)))));
    }

    private Attack whole(Template template, String name, Set<Ending> ends, String body) {
        return raw(template, name, ends, sound -> Template.bytes(body));
    }

    private Attack raw(Template template, String name, Set<Ending> ends, Function<String, byte[]> bytes) {
        var number = numbers.next();
        return Attack.of("xml", name, ends, () -> template.delivery(number, bytes.apply(template.with(number))));
    }
}
