package io.dovetail.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A document that is known to be sound, written once more, in UTF-8, with what paths lead to overwritten: elements with
 * all that is in them, and attributes. Comments and processing instructions, which could hold the same, are left out.
 */
final class XmlRedaction {

    private final XMLStreamReader reader;
    private final List<FieldPath> paths;
    private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final List<String> names = new ArrayList<>();
    private boolean found;

    XmlRedaction(XMLStreamReader reader, List<FieldPath> paths) {
        this.reader = reader;
        this.paths = paths;
    }

    /** Empty where there is nothing to overwrite. */
    Optional<byte[]> document() throws XMLStreamException {
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> start();
                case XMLStreamConstants.END_ELEMENT -> end();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (!names.isEmpty()) {
                        text(reader.getText(), false);
                    }
                }
                default -> {
                    // comments, processing instructions, the end
                }
            }
        }
        return found ? Optional.of(out.toString().getBytes(StandardCharsets.UTF_8)) : Optional.empty();
    }

    private void start() throws XMLStreamException {
        names.add(reader.getLocalName());
        out.append('<').append(name());
        for (var i = 0; i < reader.getNamespaceCount(); i++) {
            var prefix = reader.getNamespacePrefix(i);
            attribute(prefix == null ? "xmlns" : "xmlns:" + prefix, reader.getNamespaceURI(i));
        }
        if (isToGo()) {
            out.append('>').append(FieldPath.REDACTED);
            skip();
            end();
            return;
        }
        for (var i = 0; i < reader.getAttributeCount(); i++) {
            var local = reader.getAttributeLocalName(i);
            var prefix = reader.getAttributePrefix(i);
            names.add("@" + local);
            attribute(
                    prefix == null || prefix.isEmpty() ? local : prefix + ":" + local,
                    isToGo() ? FieldPath.REDACTED : reader.getAttributeValue(i));
            names.removeLast();
        }
        out.append('>');
    }

    private boolean isToGo() {
        var isToGo = paths.stream().anyMatch(path -> path.leadsTo(names));
        found |= isToGo;
        return isToGo;
    }

    /** To the end of the element. */
    private void skip() throws XMLStreamException {
        for (var depth = 1; depth > 0; ) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> {
                    // what is overwritten
                }
            }
        }
    }

    private void end() {
        out.append("</").append(name()).append('>');
        names.removeLast();
    }

    private String name() {
        var prefix = reader.getPrefix();
        return prefix == null || prefix.isEmpty() ? reader.getLocalName() : prefix + ":" + reader.getLocalName();
    }

    private void attribute(String name, @Nullable String value) {
        out.append(' ').append(name).append("=\"");
        text(value == null ? "" : value, true);
        out.append('"');
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
