package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.util.ArrayList;
import java.util.Comparator;

/**
 * {@code sort-by(list, "field")}, which JSLT lacks: for sources that give one thing's parts in another order each time.
 * Numbers come first, then text of digits alone, both by their value, then other text; what has no such field
 * comes last. Equals stay in their order.
 */
final class SortBy {

    static final Function FUNCTION = new Ours("sort-by", 2, SortBy::sorted);

    private static final Comparator<String> BY_VALUE = Comparator.comparing(
            SortBy::stripped, Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));

    private SortBy() {}

    private static JsonNode sorted(JsonNode[] given) {
        if (given[0].isNull()) {
            return given[0];
        }
        if (!given[0].isArray() || !given[1].isTextual()) {
            throw new JsltException("sort-by() needs a list and the name of a field");
        }
        var field = given[1].textValue();
        var sorted = new ArrayList<JsonNode>();
        given[0].forEach(sorted::add);
        sorted.sort(Comparator.comparing(element -> element.path(field), SortBy::compare));
        return JsonNodeFactory.instance.arrayNode().addAll(sorted);
    }

    private static int compare(JsonNode one, JsonNode other) {
        var kind = Integer.compare(kind(one), kind(other));
        if (kind != 0) {
            return kind;
        }
        return switch (kind(one)) {
            case 0 -> one.decimalValue().compareTo(other.decimalValue());
            case 1 -> BY_VALUE.compare(one.textValue(), other.textValue());
            case 2 -> one.textValue().compareTo(other.textValue());
            default -> 0;
        };
    }

    private static int kind(JsonNode value) {
        if (value.isNumber()) {
            return 0;
        }
        if (value.isTextual()) {
            return isDigits(value.textValue()) ? 1 : 2;
        }
        return 3;
    }

    private static String stripped(String digits) {
        var zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return digits.substring(zeros);
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
