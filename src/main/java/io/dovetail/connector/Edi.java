package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.EdiRules;
import io.dovetail.codec.EdiRules.Broken;
import io.dovetail.codec.EdiRules.Fate;
import io.dovetail.codec.EdiRules.Tests;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code edi:} of a connector.yaml once it has proved valid. */
final class Edi {

    private Edi() {}

    static EdiRules rules(JsonNode edi) {
        var charset = edi.path("charset");
        var fate = fate(edi, EdiRules.DEFAULT.fate());
        var partners = new TreeMap<String, Fate>();
        var charsets = new TreeMap<String, Charset>();
        edi.path("partners").properties().forEach(partner -> {
            partners.put(partner.getKey(), fate(partner.getValue(), fate));
            var own = partner.getValue().path("charset");
            if (own.isTextual()) {
                charsets.put(partner.getKey(), Charset.forName(own.textValue()));
            }
        });
        var loops = new TreeMap<String, List<String>>();
        edi.path("loops").properties().forEach(type -> loops.put(type.getKey(), paths(type)));
        return new EdiRules(
                charset.isTextual() ? Charset.forName(charset.textValue()) : null,
                charsets,
                fate,
                partners,
                loops,
                edi.path("acknowledge").asBoolean(false));
    }

    private static Fate fate(JsonNode says, Fate otherwise) {
        var broken = says.path("broken");
        var tests = says.path("test");
        return new Fate(
                broken.isTextual() ? Broken.valueOf(broken.textValue().toUpperCase(Locale.ROOT)) : otherwise.broken(),
                tests.isTextual() ? Tests.valueOf(tests.textValue().toUpperCase(Locale.ROOT)) : otherwise.tests());
    }

    private static List<String> paths(Map.Entry<String, JsonNode> type) {
        return type.getValue().valueStream().map(JsonNode::asText).toList();
    }

    /** An answer has one body. */
    static void check(YamlTree yaml, Problems found) {
        if (!yaml.root().path("edi").path("acknowledge").asBoolean(false)) {
            return;
        }
        for (var name : List.of("accepted", "duplicate", "refused/malformed")) {
            var at = "/intake/webhook/answers/" + name;
            var answer = yaml.root().at(at);
            if (answer.has("media") || answer.path("status").asInt() == 204) {
                found.add(
                        yaml.place(at),
                        "with edi.acknowledge the body is the standard's: leave media and body out, and say another status"
                                + " than 204");
            }
        }
    }
}
