package io.dovetail.codec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One segment as an object: {@code {"BEG01": "00", "BEG03": "4711"}}. An element is named by its segment and place; its
 * components behind the first by theirs too ({@code DTM01-2}), so that an element looks alike with and without them.
 * What is empty is left out. Where an element repeats, its further values are objects of the same names in
 * {@code repeated}. As long as it stands in the tree it was read into, it knows where it stood in the body.
 */
final class EdiSegment extends ObjectNode {

    private static final int MOST = 99;

    private final String tag;
    private final int number;
    private final long line;

    /** @param number among the segments of the body, from 1 */
    EdiSegment(String tag, int number, long line) {
        super(JsonNodeFactory.instance);
        this.tag = tag;
        this.number = number;
        this.line = line;
    }

    String tag() {
        return tag;
    }

    int number() {
        return number;
    }

    long line() {
        return line;
    }

    /**
     * @param names that are known already
     * @param component from 1; less where the element has none
     */
    void add(Map<String, String> names, int element, int occurrence, int component, String value)
            throws MalformedException {
        if (element > MOST || component > MOST) {
            throw fault("it has more than " + MOST + (element > MOST ? " elements" : " components in an element"));
        }
        if (value.isEmpty()) {
            return;
        }
        var name = tag + (element < 10 ? "0" : "") + element;
        var full = names.computeIfAbsent(component > 1 ? name + "-" + component : name, known -> known);
        if (occurrence <= 1) {
            put(full, value);
            return;
        }
        var again = get("repeated") instanceof ArrayNode array ? array : putArray("repeated");
        // the components of one repetition follow each other
        if (component > 1
                && !again.isEmpty()
                && isOf(again.get(again.size() - 1).fieldNames().next(), name)
                && !again.get(again.size() - 1).has(full)) {
            ((ObjectNode) again.get(again.size() - 1)).put(full, value);
        } else {
            again.addObject().put(full, value);
        }
    }

    private static boolean isOf(String full, String name) {
        return full.equals(name) || full.startsWith(name + "-");
    }

    /** Without blanks around it; null when there is none. */
    @Nullable
    String value(String name) {
        var value = path(name).asText("").strip();
        return value.isEmpty() ? null : value;
    }

    MalformedException fault(String what) {
        return new MalformedException("The body cannot be read at " + place() + ": " + what + ".");
    }

    String place() {
        return "line " + line + ", segment " + number + " (" + tag + ")";
    }
}
