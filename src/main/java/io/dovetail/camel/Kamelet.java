package io.dovetail.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** What a Kamelet's definition says of its parameters. */
record Kamelet(String name, Map<String, Parameter> parameters, Set<String> required) {

    /** @param allowed empty: anything */
    record Parameter(Set<String> allowed, @Nullable String pattern) {}

    static Kamelet of(String name, YamlFile file) {
        var definition = definition(file);
        var parameters = new LinkedHashMap<String, Parameter>();
        for (var property : file.entries(YamlFile.get(definition, "properties"))) {
            var pattern = YamlFile.text(YamlFile.get(property.value(), "pattern"));
            parameters.put(
                    property.key(),
                    new Parameter(texts(YamlFile.get(property.value(), "enum")), pattern.isEmpty() ? null : pattern));
        }
        return new Kamelet(name, parameters, texts(YamlFile.get(definition, "required")));
    }

    static @Nullable Node definition(YamlFile file) {
        return YamlFile.get(YamlFile.get(file.root(), "spec"), "definition");
    }

    static @Nullable Node template(YamlFile file) {
        return YamlFile.get(YamlFile.get(file.root(), "spec"), "template");
    }

    /** Makes a problem of every parameter that is unknown, missing or not as it should be. */
    void checkCall(YamlFile file, Node at, Map<String, EndpointCall.Value> given) {
        given.forEach((key, value) -> {
            var parameter = parameters.get(key);
            if (parameter == null) {
                file.problem(
                        value.at(),
                        "the Kamelet " + name + " has no parameter \"" + key + "\"; it has " + parameters.keySet());
            } else if (!value.text().contains("{{")) {
                checkValue(file, key, value, parameter);
            }
        });
        for (var key : required) {
            if (!given.containsKey(key)) {
                file.problem(at, "the Kamelet " + name + " needs the parameter \"" + key + "\"");
            }
        }
    }

    private void checkValue(YamlFile file, String key, EndpointCall.Value value, Parameter parameter) {
        if (!parameter.allowed().isEmpty() && !parameter.allowed().contains(value.text())) {
            file.problem(
                    value.at(),
                    "\"" + key + "\" of the Kamelet " + name + " is one of " + parameter.allowed() + ", not "
                            + value.text());
        }
        if (parameter.pattern() != null && !value.text().matches(parameter.pattern())) {
            file.problem(
                    value.at(),
                    "\"" + key + "\" of the Kamelet " + name + " must match " + parameter.pattern() + ", and "
                            + value.text() + " does not");
        }
    }

    private static Set<String> texts(@Nullable Node list) {
        return YamlFile.items(list).stream().map(YamlFile::text).collect(Collectors.toCollection(TreeSet::new));
    }
}
