package io.dovetail.camel;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** What the file of a Kamelet must be: called as the Kamelet, every parameter described, a template without Java. */
final class KameletShape {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([\\w-]+)(:[^}]*)?}}");
    private static final Set<String> SPEC = Set.of("definition", "template", "dependencies", "types");

    private KameletShape() {}

    /** The template, or null when there is none to look at. */
    static @Nullable Node check(YamlFile file, Kamelet kamelet) {
        var root = file.root();
        expect(file, root, "apiVersion", "camel.apache.org/v1");
        expect(file, root, "kind", "Kamelet");
        var metadata = YamlFile.get(root, "metadata");
        expect(file, metadata == null ? root : metadata, "name", kamelet.name());
        for (var entry : file.entries(YamlFile.get(root, "spec"))) {
            if (!SPEC.contains(entry.key())) {
                file.problem(entry.keyNode(), "a Kamelet's spec has no \"" + entry.key() + "\"; it has " + SPEC);
            }
        }
        checkDefinition(file);
        var template = Kamelet.template(file);
        if (template == null) {
            file.problem(root, "the Kamelet has no spec.template");
            return null;
        }
        for (var entry : file.entries(template)) {
            if (!entry.key().equals("from")) {
                file.problem(entry.keyNode(), "\"" + entry.key() + "\" does not belong here; a template is a \"from\"");
            }
        }
        checkPlaceholders(file, template, kamelet.parameters());
        return template;
    }

    private static void checkDefinition(YamlFile file) {
        var definition = Kamelet.definition(file);
        for (var name : Set.of("title", "description")) {
            if (YamlFile.text(YamlFile.get(definition, name)).isBlank()) {
                file.problem(definition == null ? file.root() : definition, "the definition needs a " + name);
            }
        }
        for (var property : file.entries(YamlFile.get(definition, "properties"))) {
            for (var name : Set.of("title", "description", "type")) {
                if (YamlFile.text(YamlFile.get(property.value(), name)).isBlank()) {
                    file.problem(property.keyNode(), "the parameter \"" + property.key() + "\" needs a " + name);
                }
            }
            var preset = YamlFile.get(property.value(), "default");
            if (preset != null
                    && EndpointRules.namesSecret(property.key())
                    && !YamlFile.text(preset).isBlank()) {
                EndpointRules.plaintext(file, preset, "the default of \"" + property.key() + "\"");
            }
        }
    }

    private static void checkPlaceholders(YamlFile file, Node node, Map<String, Kamelet.Parameter> parameters) {
        var placeholders = PLACEHOLDER.matcher(YamlFile.text(node));
        while (placeholders.find()) {
            if (!parameters.containsKey(placeholders.group(1))) {
                file.problem(node, placeholders.group() + " is no parameter of the Kamelet's definition");
            }
        }
        file.entries(node).forEach(entry -> checkPlaceholders(file, entry.value(), parameters));
        YamlFile.items(node).forEach(item -> checkPlaceholders(file, item, parameters));
    }

    private static void expect(YamlFile file, Node node, String key, String expected) {
        var value = YamlFile.get(node, key);
        if (!YamlFile.text(value).equals(expected)) {
            file.problem(value == null ? node : value, "\"" + key + "\" must be \"" + expected + "\"");
        }
    }
}
