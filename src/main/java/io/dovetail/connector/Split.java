package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Pointers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the business events stand in a delivery: {@code none}, {@code a.b[]}, {@code a.b[] as name}, {@code []} or
 * {@code //NAME}.
 */
public final class Split {

    static final Pattern FORM = Pattern.compile("none|\\[]|//[A-Za-z_][A-Za-z0-9_.-]*"
            + "|[A-Za-z_$][A-Za-z0-9_$-]*(\\.[A-Za-z_$][A-Za-z0-9_$-]*)*\\[]( as [A-Za-z_$][A-Za-z0-9_$-]*)?");

    /** @param pointer where it stands in the delivery's tree */
    public record Piece(String pointer, JsonNode tree) {}

    private Split() {}

    static boolean isByName(String split) {
        return split.startsWith("//");
    }

    /** In their order; none when the delivery is not as the connector says. */
    public static List<Piece> pieces(String split, JsonNode tree) throws UnsplittableException {
        if (Enclosing.isSaidBy(split)) {
            return Enclosing.of(split).pieces(tree);
        }
        // who sends batches mostly sends single ones too, as CloudEvents does
        if (split.equals("none") || split.equals("[]") && tree.isObject()) {
            return List.of(new Piece("", tree));
        }
        var pieces = new ArrayList<Piece>();
        if (isByName(split)) {
            collect(split.substring(2), tree, "", pieces);
        } else {
            var list = list(split, tree);
            if (list != null) {
                addAll(list.tree(), list.pointer(), pieces);
            }
        }
        return pieces;
    }

    private static @Nullable Piece list(String split, JsonNode tree) {
        var pointer = "";
        var node = tree;
        var path = split.substring(0, split.length() - 2);
        for (var name : path.isEmpty() ? new String[0] : path.split("\\.")) {
            pointer += Pointers.segment(name);
            node = node.path(name);
        }
        return node.isArray() ? new Piece(pointer, node) : null;
    }

    private static void addAll(JsonNode list, String pointer, List<Piece> pieces) {
        for (var i = 0; i < list.size(); i++) {
            pieces.add(new Piece(pointer + "/" + i, list.get(i)));
        }
    }

    /** Outermost first: what stands inside a piece belongs to that piece. */
    private static void collect(String name, JsonNode node, String pointer, List<Piece> pieces) {
        if (node.isArray()) {
            for (var i = 0; i < node.size(); i++) {
                collect(name, node.get(i), pointer + "/" + i, pieces);
            }
        }
        node.properties().forEach(entry -> {
            var here = pointer + Pointers.segment(entry.getKey());
            if (!entry.getKey().equals(name)) {
                collect(name, entry.getValue(), here, pieces);
            } else if (entry.getValue().isArray()) {
                addAll(entry.getValue(), here, pieces);
            } else {
                pieces.add(new Piece(here, entry.getValue()));
            }
        });
    }
}
