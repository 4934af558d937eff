package io.dovetail.codec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * One message on its way into the tree. A segment that begins a loop takes in what follows, until a segment begins a loop
 * beside it or further out: so both standards are built.
 */
final class EdiMessage {

    /** Which segments begin a loop inside another one. */
    record Loop(Map<String, Loop> inner) {

        static Loop of(List<String> paths) {
            var root = new Loop(new HashMap<>());
            for (var path : paths) {
                var at = root;
                for (var tag : path.split("/")) {
                    at = at.inner.computeIfAbsent(tag, t -> new Loop(new HashMap<>()));
                }
            }
            return root;
        }
    }

    private record Level(Loop loop, ObjectNode node) {}

    private final Deque<Level> open = new ArrayDeque<>();
    private int segments;

    EdiMessage(EdiEnvelope message, Loop loops) {
        open.push(new Level(loops, message));
        add(message.header());
    }

    /** How many it had till now, header and trailer too. */
    int segments() {
        return segments;
    }

    void add(EdiSegment segment) {
        segments++;
        var outwards = 0;
        for (Iterator<Level> levels = open.iterator(); levels.hasNext(); outwards++) {
            var begun = levels.next().loop().inner().get(segment.tag());
            if (begun != null) {
                for (; outwards > 0; outwards--) {
                    open.pop();
                }
                put(segment);
                open.push(new Level(begun, segment));
                return;
            }
        }
        put(segment);
    }

    private void put(EdiSegment segment) {
        var into = open.element().node();
        var list = into.get(segment.tag()) instanceof ArrayNode array ? array : into.putArray(segment.tag());
        list.add(segment);
    }
}
