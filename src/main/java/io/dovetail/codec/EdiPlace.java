package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a JSON pointer into a tree points, as people count in EDI.
 *
 * @param message null where it points to none
 * @param segment the innermost; of an envelope as a whole its header; null where there is none
 * @param name what is behind that: the name of an element, or of a segment that is missing or one too many; empty: nothing
 */
record EdiPlace(@Nullable EdiEnvelope message, @Nullable EdiSegment segment, String name) {

    private static final Pattern ELEMENT = Pattern.compile("[A-Z][A-Z0-9]{1,2}([0-9]{2})(?:-([0-9]{1,2}))?");

    static EdiPlace of(JsonNode tree, String pointer) {
        var node = tree;
        EdiEnvelope message = null;
        EdiSegment segment = null;
        var name = "";
        for (var next : Pointers.segments(pointer)) {
            node = node.isArray() ? node.path(index(next)) : node.path(next);
            if (node instanceof EdiSegment met) {
                segment = met;
                name = "";
            } else if (node instanceof EdiEnvelope met) {
                message = met.level() == EdiLevel.MESSAGE ? met : message;
                segment = met.header();
                name = "";
            } else if (index(next) < 0) {
                name = next;
            }
        }
        return new EdiPlace(message, segment, name);
    }

    /** Of the segment in its message, whose header is the first; 0: unknown. */
    int position() {
        return message == null || segment == null
                ? 0
                : segment.number() - message.header().number() + 1;
    }

    /** From 1; 0: no element is meant. */
    int element() {
        return number(1);
    }

    /** From 1; 0: the element as a whole. */
    int component() {
        return number(2);
    }

    private int number(int group) {
        var element = ELEMENT.matcher(name);
        return element.matches() && element.group(group) != null ? Integer.parseInt(element.group(group)) : 0;
    }

    private static int index(String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
