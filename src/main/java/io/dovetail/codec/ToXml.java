package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.util.regex.Pattern;

/**
 * {@code to-xml(tree)}: the document that {@link XmlCodec} would read as this tree, as text, for systems that are asked
 * in XML. Names are written as they stand, prefixes too; name spaces are attributes as others ({@code @xmlns}). What is
 * null is left out.
 */
final class ToXml {

    static final Function FUNCTION = new Ours("to-xml", 1, ToXml::document);

    // with a prefix or without; those beyond ASCII are legal, and nobody's
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?");

    private ToXml() {}

    private static JsonNode document(JsonNode[] given) {
        var tree = given[0];
        if (tree.isNull()) {
            return tree;
        }
        if (!tree.isObject() || tree.size() != 1) {
            throw new JsltException("to-xml() needs an object with one field, the root");
        }
        var root = tree.properties().iterator().next();
        if (root.getValue().isArray()) {
            throw new JsltException("to-xml(): a document has one root, not a list of them");
        }
        var out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        element(root.getKey(), root.getValue(), out);
        return TextNode.valueOf(out.toString());
    }

    private static void element(String name, JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case NULL -> {
                // says nothing
            }
            case ARRAY ->
                value.forEach(one -> {
                    if (one.isArray()) {
                        throw new JsltException("to-xml(): a list in a list, at " + name);
                    }
                    element(name, one, out);
                });
            case OBJECT -> {
                out.append('<').append(checked(name));
                value.properties().forEach(field -> {
                    if (field.getKey().startsWith("@") && !field.getValue().isNull()) {
                        out.append(' ')
                                .append(checked(field.getKey().substring(1)))
                                .append("=\"");
                        text(field.getKey(), field.getValue(), out);
                        out.append('"');
                    }
                });
                out.append('>');
                value.properties().forEach(field -> {
                    if (field.getKey().equals("#text")) {
                        text(name, field.getValue(), out);
                    } else if (!field.getKey().startsWith("@")) {
                        element(field.getKey(), field.getValue(), out);
                    }
                });
                out.append("</").append(name).append('>');
            }
            default -> {
                out.append('<').append(checked(name)).append('>');
                text(name, value, out);
                out.append("</").append(name).append('>');
            }
        }
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new JsltException("to-xml(): this is no name of an element or attribute: " + name);
        }
        return name;
    }

    private static void text(String name, JsonNode value, StringBuilder out) {
        if (value.isContainerNode()) {
            throw new JsltException("to-xml(): " + name + " is text, not an object or a list");
        }
        if (value.isNull()) {
            return;
        }
        var text = value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                // a parser would make blanks of them in an attribute, and of the last one everywhere
                case '\t', '\n', '\r' -> out.append("&#").append(character).append(';');
                default -> {
                    if (!XmlIllegal.isAllowed(character)) {
                        throw new JsltException("to-xml(): " + name + " holds a character that XML does not allow");
                    }
                    out.appendCodePoint(character);
                }
            }
        });
    }
}
