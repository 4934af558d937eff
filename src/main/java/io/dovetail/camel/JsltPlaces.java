package io.dovetail.camel;

import io.dovetail.connector.Problems;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Where each JSLT expression of a file stands; Camel hands a language the text alone. */
final class JsltPlaces {

    private final Map<String, String> places = new HashMap<>();
    private final String path;

    private JsltPlaces(String path) {
        this.path = path;
    }

    static JsltPlaces of(String path, byte[] content) {
        var places = new JsltPlaces(path);
        // what is wrong with the file is Camel's to say, it is about to read it
        var file = YamlFile.read(path, content, new Problems());
        if (file != null) {
            places.gather(file, file.root());
        }
        return places;
    }

    /** {@code file:line:column}, or the file when the expression is not in it as it is. */
    String find(String expression) {
        return places.getOrDefault(expression.strip(), path);
    }

    private void gather(YamlFile file, Node node) {
        if (YamlFile.text(YamlFile.get(node, "language")).equals("jslt")
                && YamlFile.get(node, "expression") instanceof ScalarNode expression) {
            places.putIfAbsent(expression.getValue().strip(), file.placeOfText(expression));
        }
        file.entries(node).forEach(entry -> gather(file, entry.value()));
        YamlFile.items(node).forEach(item -> gather(file, item));
    }
}
