package io.dovetail.codec;

import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Finds the line of an element by walking down to it. */
final class XmlLines {

    private XmlLines() {}

    /** The line of the element, or of its nearest ancestor; the reader stands on the root's start. */
    static int find(XMLStreamReader reader, List<String> segments) throws XMLStreamException {
        var line = reader.getLocation().getLineNumber();
        if (segments.isEmpty() || !segments.getFirst().equals(reader.getLocalName())) {
            return line;
        }
        for (var i = 1; i < segments.size(); i++) {
            var name = segments.get(i);
            if (isIndex(name)) {
                continue;
            }
            // no XML name begins with a digit: such a segment can only be a position among equal names
            var position =
                    i + 1 < segments.size() && isIndex(segments.get(i + 1)) ? Integer.parseInt(segments.get(i + 1)) : 0;
            if (!child(reader, name, position)) {
                return line;
            }
            line = reader.getLocation().getLineNumber();
        }
        return line;
    }

    private static boolean isIndex(String segment) {
        return !segment.isEmpty() && segment.length() < 9 && segment.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean child(XMLStreamReader reader, String name, int position) throws XMLStreamException {
        var seen = 0;
        var depth = 0;
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (depth == 0 && reader.getLocalName().equals(name) && seen++ == position) {
                        return true;
                    }
                    depth++;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (depth-- == 0) {
                        return false;
                    }
                }
                default -> {
                    // only elements have places
                }
            }
        }
    }
}
