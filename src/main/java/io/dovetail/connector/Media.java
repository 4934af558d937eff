package io.dovetail.connector;

import io.dovetail.codec.Codec;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.JwtCodec;
import io.dovetail.codec.XmlCodec;
import java.util.Set;

/** Which codec the media types of a connector ask for. */
final class Media {

    private Media() {}

    static boolean isXml(String media) {
        return media.endsWith("/xml") || media.endsWith("+xml");
    }

    static boolean isJson(String media) {
        return media.endsWith("/json") || media.endsWith("+json");
    }

    static boolean isJwt(String media) {
        return media.endsWith("/jwt") || media.endsWith("+jwt");
    }

    /** @param repeated elements of XML that are always lists */
    static Codec codec(Set<String> media, Set<String> repeated) {
        if (media.stream().anyMatch(Media::isXml)) {
            return new XmlCodec(repeated);
        }
        return media.stream().anyMatch(Media::isJwt) ? new JwtCodec() : new JsonCodec();
    }

    /** Types that are neither by name, as vendors have them, are read as the others beside them. */
    static void check(YamlTree yaml, Set<String> media, Problems found) {
        var place = yaml.place("/intake/webhook/media");
        var xml = media.stream().anyMatch(Media::isXml);
        var json = media.stream().anyMatch(Media::isJson);
        var jwt = media.stream().anyMatch(Media::isJwt);
        if (xml && json || jwt && (xml || json)) {
            found.add(place, "one connector reads either JSON or XML or tokens: make two connectors of it");
        } else if (!xml && !json && !jwt && !media.isEmpty()) {
            found.add(
                    place,
                    "one of the media must be JSON (application/json), XML (application/xml) or a token"
                            + " (application/secevent+jwt)");
        }
        if (!xml && yaml.root().has("xml")) {
            found.add(yaml.place("/xml"), "'xml' is for connectors whose media are XML");
        }
    }
}
