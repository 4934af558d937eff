package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.Pointers;
import io.dovetail.connector.Split.Piece;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code a.b[] as name}: what stands around a list belongs to each of its elements. An event is the delivery with one
 * element, under that name, in place of the list.
 *
 * @param way the names that lead to the list, its own the last
 */
record Enclosing(List<String> way, String name) {

    private static final String AS = "[] as ";

    /** What stands around is repeated for each element, and must not make of a small delivery a huge one. */
    private static final long MOST_BYTES = 16 << 20;

    static boolean isSaidBy(String split) {
        return split.contains(AS);
    }

    static Enclosing of(String split) {
        var at = split.indexOf(AS);
        return new Enclosing(List.of(split.substring(0, at).split("\\.")), split.substring(at + AS.length()));
    }

    /** Without the list, the delivery is one event: who sends batches mostly sends single ones too. */
    List<Piece> pieces(JsonNode tree) throws UnsplittableException {
        var list = tree.at(list());
        if (list.isMissingNode() && tree.isObject()) {
            return List.of(new Piece("", tree));
        }
        if (!list.isArray() || list.isEmpty()) {
            return List.of();
        }
        if (!tree.at(parent() + Pointers.segment(name)).isMissingNode()) {
            throw new UnsplittableException("Both '" + name + "' and the list '" + way.getLast() + "' stand there,"
                    + " and only one of them can be meant.");
        }
        var around = JsonCodec.write(around(tree, JsonNodeFactory.instance.nullNode())).length;
        if ((long) around * list.size() > MOST_BYTES) {
            throw new UnsplittableException("The list '" + way.getLast() + "' has " + list.size()
                    + " elements, and the " + around + " bytes around it are too many to be repeated for each.");
        }
        return IntStream.range(0, list.size())
                .mapToObj(i -> new Piece(list() + "/" + i, around(tree, list.get(i))))
                .toList();
    }

    /** The event whose element stands there; what is no element of the list stands for itself. */
    JsonNode part(JsonNode tree, String pointer) {
        var element = tree.at(pointer);
        return pointer.startsWith(list() + "/") ? around(tree, element) : element;
    }

    /** Where in the delivery something is that stands there in an event. */
    String place(String pointer, String within) {
        var element = parent() + Pointers.segment(name);
        return within.equals(element) || within.startsWith(element + "/")
                ? pointer + within.substring(element.length())
                : within;
    }

    private String list() {
        return pointer(way);
    }

    private String parent() {
        return pointer(way.subList(0, way.size() - 1));
    }

    private static String pointer(List<String> names) {
        return String.join("", names.stream().map(Pointers::segment).toList());
    }

    private JsonNode around(JsonNode tree, JsonNode element) {
        return around(tree, way, element);
    }

    private ObjectNode around(JsonNode node, List<String> way, JsonNode element) {
        var copy = JsonNodeFactory.instance.objectNode();
        node.properties().forEach(field -> copy.set(field.getKey(), field.getValue()));
        if (way.size() == 1) {
            copy.remove(way.getFirst());
            copy.set(name, element);
        } else {
            copy.set(way.getFirst(), around(node.path(way.getFirst()), way.subList(1, way.size()), element));
        }
        return copy;
    }
}
