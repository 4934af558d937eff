package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dovetail.codec.Pointers;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One YAML document as a tree that remembers its lines. Strict: no name twice, no anchors, no tags; {@code yes} and
 * {@code on} are text as in YAML 1.2. Only nodes are composed, so that no object of any class is ever made.
 */
final class YamlTree {

    private static final Set<Tag> TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MAP, Tag.SEQ);
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?");
    private static final int MAX_DEPTH = 32;

    private final String file;
    private final Problems problems;
    private final Map<String, String> places = new HashMap<>();
    private JsonNode root = NullNode.instance;

    private YamlTree(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Null when it cannot be read at all; the problem has been told. */
    static @Nullable YamlTree read(String file, byte[] raw, Problems problems) {
        var options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(0);
        // told here, in the words of this place
        options.setTagInspector(tag -> true);
        var tree = new YamlTree(file, problems);
        try {
            var documents = new Yaml(options)
                    .composeAll(new StringReader(new String(raw, StandardCharsets.UTF_8)))
                    .iterator();
            if (!documents.hasNext()) {
                problems.add(file, "the file is empty");
                return null;
            }
            tree.root = tree.convert(documents.next(), "");
            if (documents.hasNext()) {
                problems.add(tree.place(documents.next().getStartMark(), false), "only one YAML document is expected");
            }
            return tree;
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            problems.add(mark == null ? file : tree.place(mark, false), "not well-formed YAML: " + e.getProblem());
            return null;
        } catch (YAMLException e) {
            problems.add(file, "not well-formed YAML, or nested too deep");
            return null;
        }
    }

    JsonNode root() {
        return root;
    }

    /** {@code file:line} of the node, or of its nearest ancestor. */
    String place(String pointer) {
        var columns = expressionPlace(pointer);
        return columns.substring(0, file.length())
                + columns.substring(file.length()).replaceFirst("^(:\\d+):\\d+$", "$1");
    }

    /** {@code file:line:column} of a text's first character, where that can be told. */
    String expressionPlace(String pointer) {
        for (var p = pointer; ; p = p.substring(0, p.lastIndexOf('/'))) {
            var place = places.get(p);
            if (place != null) {
                return place;
            }
            if (p.isEmpty()) {
                return file;
            }
        }
    }

    private String place(Mark mark, boolean columns) {
        var place = file + ":" + (mark.getLine() + 1);
        return columns ? place + ":" + (mark.getColumn() + 1) : place;
    }

    private JsonNode convert(Node node, String pointer) {
        places.put(pointer, place(node));
        if (node.getAnchor() != null) {
            problem(node, "anchors and aliases are refused: write it out");
            return NullNode.instance;
        }
        if (!TAGS.contains(node.getTag())) {
            problem(node, "the tag " + node.getTag().getValue().replace("tag:yaml.org,2002:", "!!") + " is refused");
            return NullNode.instance;
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, pointer);
            case SequenceNode sequence -> {
                var array = JsonNodeFactory.instance.arrayNode();
                for (var item : sequence.getValue()) {
                    array.add(convert(item, pointer + "/" + array.size()));
                }
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> NullNode.instance;
        };
    }

    private JsonNode object(MappingNode mapping, String pointer) {
        var object = JsonNodeFactory.instance.objectNode();
        for (var entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key) || !TAGS.contains(key.getTag())) {
                problem(entry.getKeyNode(), "a name must be a plain text");
                continue;
            }
            if (object.has(key.getValue())) {
                problem(key, "'" + key.getValue() + "' occurs twice");
                continue;
            }
            object.set(key.getValue(), convert(entry.getValueNode(), pointer + Pointers.segment(key.getValue())));
        }
        return object;
    }

    private JsonNode scalar(ScalarNode scalar) {
        var text = scalar.getValue();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return TextNode.valueOf(text);
        }
        return switch (text) {
            case "", "~", "null" -> NullNode.instance;
            case "true" -> BooleanNode.TRUE;
            case "false" -> BooleanNode.FALSE;
            default ->
                NUMBER.matcher(text).matches() ? DecimalNode.valueOf(new BigDecimal(text)) : TextNode.valueOf(text);
        };
    }

    /** Where the content begins: block texts begin on the line below their sign. */
    private String place(Node node) {
        var mark = node.getStartMark();
        if (!(node instanceof ScalarNode scalar)) {
            return place(mark, false);
        }
        return switch (scalar.getScalarStyle()) {
            case PLAIN -> place(mark, true);
            case LITERAL, FOLDED -> file + ":" + (mark.getLine() + 2);
            default -> file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 2);
        };
    }

    private void problem(Node node, String message) {
        problems.add(place(node.getStartMark(), false), message);
    }
}
