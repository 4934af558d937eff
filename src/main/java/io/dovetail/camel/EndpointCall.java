package io.dovetail.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * An endpoint as YAML names it, by a URI and perhaps parameters beside it.
 *
 * @param scheme such as {@code kamelet}
 * @param name what stands between the scheme and the query, such as {@code hub-trigger}
 * @param sends the variable that is sent instead of the body; blank: none
 * @param receives the variable that takes the answer instead of the body; blank: none
 */
record EndpointCall(
        Node at, String uri, String scheme, String name, Map<String, Value> parameters, String sends, String receives) {

    /** @param written as in the file, perhaps within {@code RAW(…)}; {@code text} is without it */
    record Value(Node at, String written, boolean inUri) {

        boolean raw() {
            return written.startsWith("RAW(") && written.endsWith(")");
        }

        String text() {
            return raw() ? written.substring(4, written.length() - 1) : written;
        }
    }

    /** @param step what holds the URI and perhaps more; null where the URI is all */
    static EndpointCall of(YamlFile file, Node uriNode, @Nullable Node step) {
        var uri = YamlFile.text(uriNode).strip();
        var query = uri.indexOf('?');
        var path = query < 0 ? uri : uri.substring(0, query);
        var colon = path.indexOf(':');
        var scheme = colon < 0 ? path : path.substring(0, colon);
        var name = colon < 0 ? "" : path.substring(colon + 1).replaceFirst("^//", "");
        var parameters = new LinkedHashMap<String, Value>();
        if (query >= 0) {
            // an & within RAW(…) belongs to the value
            for (var pair : uri.substring(query + 1).split("&(?![^(]*\\))")) {
                var equals = pair.indexOf('=');
                if (equals > 0) {
                    var value = pair.substring(equals + 1);
                    parameters.put(pair.substring(0, equals), new Value(uriNode, value, true));
                }
            }
        }
        for (var entry : file.entries(YamlFile.get(step, "parameters"))) {
            parameters.put(entry.key(), new Value(entry.value(), YamlFile.text(entry.value()), false));
        }
        return new EndpointCall(
                uriNode,
                uri,
                scheme,
                name,
                parameters,
                YamlFile.text(YamlFile.get(step, "variableSend")),
                YamlFile.text(YamlFile.get(step, "variableReceive")));
    }
}
