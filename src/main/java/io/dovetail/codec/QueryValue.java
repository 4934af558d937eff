package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * {@code query-value(address, "name")}: what an address says for a parameter, decoded; null where it says nothing. For
 * sources that give the next page as an address, of which only the token in it is news.
 */
final class QueryValue implements Function {

    @Override
    public String getName() {
        return "query-value";
    }

    @Override
    public int getMinArguments() {
        return 2;
    }

    @Override
    public int getMaxArguments() {
        return 2;
    }

    @Override
    public JsonNode call(JsonNode input, JsonNode[] given) {
        if (given[0].isNull()) {
            return given[0];
        }
        if (!given[0].isTextual() || !given[1].isTextual()) {
            throw new JsltException("query-value() needs an address and the name of a parameter");
        }
        var address = given[0].textValue().split("#", 2)[0];
        var query = address.indexOf('?');
        for (var pair : address.substring(query + 1).split("&")) {
            var parts = pair.split("=", 2);
            if (query >= 0 && parts.length == 2 && decoded(parts[0]).equals(given[1].textValue())) {
                return TextNode.valueOf(decoded(parts[1]));
            }
        }
        return NullNode.getInstance();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new JsltException("query-value(): the address has a % that encodes nothing");
        }
    }
}
