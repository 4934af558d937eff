package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.util.List;

/**
 * {@code query-value(address, "name")}: what an address says for a parameter, decoded; null where it says nothing. For
 * sources that give the next page as an address, of which only the token in it is news.
 */
final class QueryValue {

    static final Function FUNCTION = new Ours("query-value", 2, QueryValue::value);

    private QueryValue() {}

    private static JsonNode value(JsonNode[] given) {
        if (given[0].isNull()) {
            return given[0];
        }
        if (!given[0].isTextual() || !given[1].isTextual()) {
            throw new JsltException("query-value() needs an address and the name of a parameter");
        }
        var address = given[0].textValue().split("#", 2)[0];
        var query = address.indexOf('?');
        var values = query < 0 ? List.<String>of() : Query.values(address.substring(query + 1), given[1].textValue());
        if (values.isEmpty() || values.getFirst().isEmpty()) {
            return NullNode.getInstance();
        }
        if (values.getFirst().equals(Query.UNDECODABLE)) {
            throw new JsltException("query-value(): the address has a % that encodes nothing");
        }
        return TextNode.valueOf(values.getFirst());
    }
}
