package io.dovetail.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A document that is known to be sound, written once more, in UTF-8, with what paths lead to overwritten: elements with
 * all that is in them, and attributes. Comments and processing instructions, which could hold the same, are left out.
 */
final class XmlRedaction {

    private final XMLStreamReader reader;
    private final List<FieldPath> paths;
    private final XmlWriter out = XmlWriter.document();
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
                        out.text(reader.getText());
                    }
                }
                default -> {
                    // comments, processing instructions, the end
                }
            }
        }
        return found ? Optional.of(out.bytes()) : Optional.empty();
    }

    private void start() throws XMLStreamException {
        names.add(reader.getLocalName());
        out.open(reader);
        if (isToGo()) {
            out.opened().text(FieldPath.REDACTED);
            skip();
            end();
            return;
        }
        for (var i = 0; i < reader.getAttributeCount(); i++) {
            names.add("@" + reader.getAttributeLocalName(i));
            out.attribute(reader, i, isToGo() ? FieldPath.REDACTED : reader.getAttributeValue(i));
            names.removeLast();
        }
        out.opened();
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
        out.end(XmlWriter.name(reader));
        names.removeLast();
    }
}
