package io.dovetail.connector;

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

    /** Types that are neither by name, as vendors have them, are read as the others beside them. */
    static void check(YamlTree yaml, Set<String> media, Problems found) {
        var place = yaml.place("/intake/webhook/media");
        var xml = media.stream().anyMatch(Media::isXml);
        var json = media.stream().anyMatch(Media::isJson);
        if (xml && json) {
            found.add(place, "one connector reads either JSON or XML: make two connectors of it");
        } else if (!xml && !json && !media.isEmpty()) {
            found.add(place, "one of the media must be JSON (application/json) or XML (application/xml)");
        }
        if (!xml && yaml.root().has("xml")) {
            found.add(yaml.place("/xml"), "'xml' is for connectors whose media are XML");
        }
    }
}
