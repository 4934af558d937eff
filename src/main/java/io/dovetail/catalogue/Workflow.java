package io.dovetail.catalogue;

import io.dovetail.connector.Configuration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A workflow that a policy may set off.
 *
 * @param policy the id of the policy's route
 * @param words what the policy says of itself
 * @param types of the events that it decides about
 */
record Workflow(String name, String policy, String words, Set<String> types) {

    private static final String FOLDER = "routes/triggers/";
    private static final String SUFFIX = ".camel.yaml";

    /** All that policies name, in the order of their files. */
    static List<Workflow> of(Configuration configuration) {
        var workflows = new ArrayList<Workflow>();
        configuration.files().forEach((path, content) -> {
            if (path.startsWith(FOLDER) && path.endsWith(SUFFIX)) {
                var yaml = new Load(LoadSettings.builder().build())
                        .loadFromString(new String(content, StandardCharsets.UTF_8));
                var policy = path.substring(FOLDER.length(), path.length() - SUFFIX.length());
                var types = new TreeSet<String>();
                parameters(yaml, "hub-event", "types").forEach(list -> types.addAll(List.of(list.split("[,\\s]+"))));
                new TreeSet<>(parameters(yaml, "hub-trigger", "workflow"))
                        .forEach(name -> workflows.add(new Workflow(name, policy, description(yaml), types)));
            }
        });
        return workflows;
    }

    /** What is given for a parameter wherever the Kamelet is called, beside the address or in it. */
    private static List<String> parameters(Object yaml, String kamelet, String parameter) {
        var found = new ArrayList<String>();
        each(yaml, map -> {
            var uri = String.valueOf(map.get("uri"));
            if (uri.matches("kamelet:" + kamelet + "(\\?.*)?")) {
                if (map.get("parameters") instanceof Map<?, ?> beside && beside.containsKey(parameter)) {
                    found.add(String.valueOf(beside.get(parameter)));
                }
                for (var pair : uri.substring(uri.indexOf('?') + 1).split("&")) {
                    if (pair.startsWith(parameter + "=")) {
                        found.add(pair.substring(parameter.length() + 1));
                    }
                }
            }
        });
        return found;
    }

    private static String description(Object yaml) {
        return yaml instanceof List<?> list
                        && list.getFirst() instanceof Map<?, ?> file
                        && file.get("route") instanceof Map<?, ?> route
                        && route.get("description") instanceof String text
                ? text.strip()
                : "";
    }

    private static void each(Object yaml, Consumer<Map<?, ?>> look) {
        if (yaml instanceof Map<?, ?> map) {
            look.accept(map);
            map.values().forEach(value -> each(value, look));
        } else if (yaml instanceof List<?> list) {
            list.forEach(item -> each(item, look));
        }
    }
}
