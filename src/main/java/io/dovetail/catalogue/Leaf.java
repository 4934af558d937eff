package io.dovetail.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A value of a tree that can be changed in its place.
 *
 * @param path as people write it, lists without their numbers: {@code .E1EDP01[].MENGE}
 */
record Leaf(String path, JsonNode value, Consumer<JsonNode> set) {

    /** Behind a list's pointer: how long it is. */
    static final String SIZE = "/#/";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int MOST = 6;

    /** All values that hold something. */
    static List<Leaf> of(JsonNode tree) {
        var leaves = new ArrayList<Leaf>();
        collect(tree, "", leaves);
        return leaves;
    }

    private static void collect(JsonNode node, String path, List<Leaf> leaves) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                var name = entry.getKey();
                var here = path + "." + (NAME.matcher(name).matches() ? name : "\"" + name + "\"");
                add(entry.getValue(), here, value -> object.set(name, value), leaves);
            });
        } else if (node instanceof ArrayNode array) {
            for (var i = 0; i < array.size(); i++) {
                var index = i;
                add(array.get(i), path + "[]", value -> array.set(index, value), leaves);
            }
        }
    }

    private static void add(JsonNode node, String path, Consumer<JsonNode> set, List<Leaf> leaves) {
        if (node.isContainerNode()) {
            collect(node, path, leaves);
        } else if (!node.isNull() && !node.asText().isBlank()) {
            leaves.add(new Leaf(path, node, set));
        }
    }

    /** Other values of the same form, so that a day mostly stays a day and a number a number. */
    List<JsonNode> others() {
        if (value.isBoolean()) {
            return List.of(BooleanNode.valueOf(!value.booleanValue()));
        }
        if (value.isNumber()) {
            var number = value.decimalValue();
            var step = BigDecimal.ONE.movePointLeft(Math.max(0, number.scale()));
            return List.of(DecimalNode.valueOf(number.add(step)), DecimalNode.valueOf(number.subtract(step)));
        }
        var others = new ArrayList<JsonNode>();
        var text = value.asText();
        for (var i = text.length() - 1; i >= 0 && others.size() < MOST; i--) {
            var c = text.charAt(i);
            if (c < 128 && Character.isLetterOrDigit(c)) {
                others.add(TextNode.valueOf(text.substring(0, i) + next(c) + text.substring(i + 1)));
            }
        }
        if (others.size() == 1) {
            others.add(TextNode.valueOf(text + text));
        }
        return others;
    }

    private static char next(char c) {
        return switch (c) {
            case '9' -> '8';
            case 'z' -> 'y';
            case 'Z' -> 'Y';
            default -> (char) (c + 1);
        };
    }

    /** The values of a tree by where they stand, and how long its lists are. */
    static Map<String, String> flat(JsonNode tree) {
        var flat = new TreeMap<String, String>();
        flatten(tree, "", flat);
        return flat;
    }

    private static void flatten(JsonNode node, String pointer, Map<String, String> flat) {
        if (node.isArray()) {
            flat.put(pointer + SIZE, Integer.toString(node.size()));
            for (var i = 0; i < node.size(); i++) {
                flatten(node.get(i), pointer + "/" + i, flat);
            }
        } else if (node.isObject()) {
            node.properties().forEach(entry -> flatten(entry.getValue(), pointer + "/" + entry.getKey(), flat));
        } else if (!node.isNull() && !node.isMissingNode()) {
            flat.put(pointer, node.asText());
        }
    }
}
