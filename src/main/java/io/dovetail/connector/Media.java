package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Codec;
import io.dovetail.codec.EdiCodec;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.JwtCodec;
import io.dovetail.codec.MultipartCodec;
import io.dovetail.codec.XmlCodec;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which codec the media types of a connector ask for. */
enum Media {
    JSON,
    XML,
    EDI,
    TOKEN;

    private static final String MULTIPART = "multipart/mixed";

    // RFC 1767, RFC 3023 and what is in use beside them
    private static final Set<String> INTERCHANGES =
            Set.of("application/edi-x12", "application/edifact", "application/edi-consent");

    /** Null for a vendor's own type. */
    private static @Nullable Media of(String type) {
        if (INTERCHANGES.contains(type)) {
            return EDI;
        }
        if (type.endsWith("/xml") || type.endsWith("+xml")) {
            return XML;
        }
        if (type.endsWith("/jwt") || type.endsWith("+jwt")) {
            return TOKEN;
        }
        return type.endsWith("/json") || type.endsWith("+json") ? JSON : null;
    }

    private static Set<Media> kinds(Set<String> types) {
        var kinds = EnumSet.noneOf(Media.class);
        for (var type : types) {
            var kind = of(type);
            if (kind != null) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    boolean isAmong(Set<String> types) {
        return kinds(types).contains(this);
    }

    /** @param root of a connector.yaml, which says how XML and EDI are to be read */
    static Codec codec(JsonNode root, Set<String> types) {
        if (XML.isAmong(types)) {
            var xml = root.path("xml");
            return new XmlCodec(
                    ConnectorReader.texts(xml.path("repeated")),
                    xml.path("illegal").asText().equals("replace"));
        }
        if (EDI.isAmong(types)) {
            return new EdiCodec(Edi.rules(root.path("edi")));
        }
        if (types.contains(MULTIPART)) {
            return new MultipartCodec(root.path("multipart").path("digest").asText());
        }
        return TOKEN.isAmong(types) ? new JwtCodec() : new JsonCodec();
    }

    /** Types that are none of these by name, as vendors have them, are read as the others beside them. */
    static void check(YamlTree yaml, Set<String> types, Problems found) {
        var place = yaml.place("/intake/webhook/media");
        var kinds = kinds(types);
        if (kinds.size() > 1) {
            found.add(place, "one connector reads either JSON or XML or EDI or tokens: make two connectors of it");
        } else if (kinds.isEmpty() && !types.isEmpty()) {
            found.add(
                    place,
                    "one of the media must be JSON (application/json), XML (application/xml), EDI (application/edi-x12,"
                            + " application/edifact) or a token (application/secevent+jwt)");
        }
        if (!kinds.contains(XML) && yaml.root().has("xml")) {
            found.add(yaml.place("/xml"), "'xml' is for connectors whose media are XML");
        }
        if (!kinds.contains(EDI) && yaml.root().has("edi")) {
            found.add(yaml.place("/edi"), "'edi' is for connectors whose media are EDI");
        }
        if (types.contains(MULTIPART) != yaml.root().has("multipart")
                || types.contains(MULTIPART) && !kinds.contains(JSON)) {
            found.add(place, MULTIPART + " goes with JSON beside it, and with multipart: { digest: <header> }");
        }
        Edi.check(yaml, found);
    }
}
