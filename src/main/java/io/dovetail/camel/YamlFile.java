package io.dovetail.camel;

import io.dovetail.connector.Problems;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML file as nodes that know their lines. */
record YamlFile(String path, String source, Node root, Problems problems) {

    /** One {@code key: value} of a mapping. */
    record Entry(String key, Node keyNode, Node value) {}

    /** Null when it cannot be read at all, which has become a problem. */
    static @Nullable YamlFile read(String path, byte[] content, Problems problems) {
        var source = new String(content, StandardCharsets.UTF_8);
        var settings = LoadSettings.builder().setLabel(path).build();
        try {
            // an alias may point to its own parent, and whoever walks the nodes would never come back
            for (var event : new Parse(settings).parseString(source)) {
                if (event instanceof AliasEvent) {
                    problems.add(path, "uses a YAML alias (*name); write the value where it is needed");
                    return null;
                }
            }
            var root = new Compose(settings).composeString(source);
            if (root.isPresent()) {
                return new YamlFile(path, source, root.get(), problems);
            }
            problems.add(path, "is empty");
        } catch (MarkedYamlEngineException e) {
            var line =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            problems.add(path + line, "is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(path, "is no YAML: " + e.getMessage());
        }
        return null;
    }

    void problem(Node at, String message) {
        problems.add(place(at), message);
    }

    /** {@code file:line} */
    String place(Node at) {
        return path + at.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    }

    /** {@code file:line:column} of the first character of a scalar's text. */
    String placeOfText(ScalarNode scalar) {
        var mark = scalar.getStartMark();
        if (mark.isEmpty()) {
            return path;
        }
        var line = mark.get().getLine() + 1;
        var column = mark.get().getColumn() + 1;
        if (scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED) {
            var first = source.lines().skip(line).findFirst().orElse("");
            return path + ":" + (line + 1) + ":"
                    + (first.length() - first.stripLeading().length() + 1);
        }
        return path + ":" + line + ":" + (scalar.getScalarStyle() == ScalarStyle.PLAIN ? column : column + 1);
    }

    /** The entries of a mapping; of anything else, none. A key that stands there twice becomes a problem. */
    List<Entry> entries(@Nullable Node node) {
        var entries = new ArrayList<Entry>();
        if (node instanceof MappingNode mapping) {
            var seen = new HashSet<String>();
            for (var tuple : mapping.getValue()) {
                var key = text(tuple.getKeyNode());
                if (seen.add(key)) {
                    entries.add(new Entry(key, tuple.getKeyNode(), tuple.getValueNode()));
                } else {
                    problem(tuple.getKeyNode(), "\"" + key + "\" stands here twice; keep one");
                }
            }
        }
        return entries;
    }

    /** The elements of a list; of anything else, none. */
    static List<Node> items(@Nullable Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    static @Nullable Node get(@Nullable Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (var tuple : mapping.getValue()) {
                if (text(tuple.getKeyNode()).equals(key)) {
                    return tuple.getValueNode();
                }
            }
        }
        return null;
    }

    /** A scalar's text, blank for anything else. */
    static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
