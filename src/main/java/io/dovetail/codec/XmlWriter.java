package io.dovetail.codec;

import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Writes XML as a reader reads it, so that a parser gives back the same. */
final class XmlWriter {

    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private final StringBuilder out = new StringBuilder();

    static XmlWriter document() {
        var writer = new XmlWriter();
        writer.out.append(DECLARATION);
        return writer;
    }

    /** The beginning of the element on which the reader stands, with its name spaces; attributes are to follow. */
    XmlWriter open(XMLStreamReader reader) {
        out.append('<').append(name(reader));
        for (var i = 0; i < reader.getNamespaceCount(); i++) {
            var prefix = reader.getNamespacePrefix(i);
            attribute(prefix == null ? "xmlns" : "xmlns:" + prefix, reader.getNamespaceURI(i));
        }
        return this;
    }

    /** The reader's attribute with this value. */
    XmlWriter attribute(XMLStreamReader reader, int i, @Nullable String value) {
        var local = reader.getAttributeLocalName(i);
        var prefix = reader.getAttributePrefix(i);
        return attribute(prefix == null || prefix.isEmpty() ? local : prefix + ":" + local, value);
    }

    private XmlWriter attribute(String name, @Nullable String value) {
        out.append(' ').append(name).append("=\"");
        text(value == null ? "" : value, true);
        out.append('"');
        return this;
    }

    /** The beginning of the element on which the reader stands, as a whole. */
    XmlWriter start(XMLStreamReader reader) {
        open(reader);
        for (var i = 0; i < reader.getAttributeCount(); i++) {
            attribute(reader, i, reader.getAttributeValue(i));
        }
        return opened();
    }

    XmlWriter opened() {
        out.append('>');
        return this;
    }

    XmlWriter end(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    XmlWriter text(String text) {
        text(text, false);
        return this;
    }

    XmlWriter written(XmlWriter other) {
        out.append(other.out);
        return this;
    }

    int length() {
        return out.length();
    }

    byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String name(XMLStreamReader reader) {
        var prefix = reader.getPrefix();
        return prefix == null || prefix.isEmpty() ? reader.getLocalName() : prefix + ":" + reader.getLocalName();
    }

    /** So that a parser gives it back as it was: line ends and tabs, which it would make others of, by their number. */
    private void text(String text, boolean inAttribute) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append(inAttribute ? "&quot;" : "\"");
                case '\r' -> out.append("&#13;");
                case '\n', '\t' -> {
                    if (inAttribute) {
                        out.append("&#").append((int) c).append(';');
                    } else {
                        out.append(c);
                    }
                }
                default -> out.append(c);
            }
        }
    }
}
