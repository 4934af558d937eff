package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.EdiRules;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code edi:} of a connector.yaml once it has proved valid. */
final class Edi {

    private Edi() {}

    static EdiRules rules(JsonNode edi) {
        var charset = edi.path("charset");
        var loops = new TreeMap<String, List<String>>();
        edi.path("loops").properties().forEach(type -> loops.put(type.getKey(), paths(type)));
        return new EdiRules(
                charset.isTextual() ? Charset.forName(charset.textValue()) : null,
                edi.path("broken").asText().equals("message") ? EdiRules.Broken.MESSAGE : EdiRules.Broken.INTERCHANGE,
                edi.path("test").asText().equals("ignore") ? EdiRules.Tests.IGNORE : EdiRules.Tests.PARK,
                loops);
    }

    private static List<String> paths(Map.Entry<String, JsonNode> type) {
        return type.getValue().valueStream().map(JsonNode::asText).toList();
    }
}
