package io.dovetail.camel;

import io.dovetail.call.SecretReference;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** {@code {{crm.password}}}: how a route or Kamelet names a secret by which the hub proves itself to others. */
public final class SecretNames {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");
    private static final Pattern KAMELET = Pattern.compile("\\bkamelet:([\\w-]+)");
    private static final Pattern PARAMETER = Pattern.compile("\\??[\\w-]+(:.*)?");

    private SecretNames() {}

    /** All that events need: those of every route that they go through. A poller without its secrets is just off. */
    public static Set<String> in(Map<String, byte[]> files) {
        var names = new TreeSet<String>();
        for (var path : files.keySet()) {
            if (RouteFiles.routeId(path) != null && !path.startsWith(RouteFiles.INTAKE)) {
                names.addAll(of(files, path));
            }
        }
        return names;
    }

    /** Those that a route names, itself or by Kamelets. */
    public static Set<String> of(Map<String, byte[]> files, String route) {
        var kamelets = new HashMap<String, String>();
        files.keySet().forEach(path -> {
            var name = RouteFiles.kameletName(path);
            if (name != null) {
                kamelets.put(name, path);
            }
        });
        var names = new TreeSet<String>();
        var reached = new HashSet<String>();
        var next = new ArrayDeque<>(List.of(route));
        while (!next.isEmpty()) {
            var path = next.remove();
            var content = reached.add(path) ? files.get(path) : null;
            var file = content == null ? null : YamlFile.read(path, content, new Problems());
            if (file != null) {
                for (var text : texts(file, file.root(), new ArrayList<>())) {
                    PLACEHOLDER
                            .matcher(text)
                            .results()
                            .map(found -> found.group(1).strip())
                            .filter(name -> SecretReference.NAME.matcher(name).matches())
                            .forEach(names::add);
                    KAMELET.matcher(text)
                            .results()
                            .map(found -> kamelets.get(found.group(1)))
                            .filter(Objects::nonNull)
                            .forEach(next::add);
                }
            }
        }
        return names;
    }

    private static List<String> texts(YamlFile file, Node node, List<String> texts) {
        texts.add(YamlFile.text(node));
        file.entries(node).forEach(entry -> texts(file, entry.value(), texts));
        YamlFile.items(node).forEach(item -> texts(file, item, texts));
        return texts;
    }

    /** Makes a problem of each placeholder that is neither a Kamelet's parameter nor one of the connector's own secrets. */
    static void check(YamlFile file, Node node) {
        for (var found = PLACEHOLDER.matcher(YamlFile.text(node)); found.find(); ) {
            var name = found.group(1);
            var owner = owner(file.path());
            var isKamelet = RouteFiles.kameletName(file.path()) != null;
            if (isKamelet && PARAMETER.matcher(name).matches()) {
                continue; // told where its parameters are
            }
            if (owner == null || !SecretReference.NAME.matcher(name).matches() || !name.startsWith(owner + ".")) {
                file.problem(
                        node,
                        found.group() + " stands for nothing here: "
                                + (owner == null
                                        ? "this route has no secrets"
                                        : "a secret is called {{" + owner
                                                + ".<secret>}}, after the file of that name in the"
                                                + " secrets directory"));
            }
        }
    }

    /** The connector whose secrets a file may name; null: none. */
    private static @Nullable String owner(String path) {
        var called = called(path);
        // hub.admin and bus.* are nobody's to send, whatever a file is called
        return called == null || Connector.NAMES_OF_THE_HUB.contains(called) ? null : called;
    }

    private static @Nullable String called(String path) {
        if (path.startsWith("connectors/")) {
            return path.split("/")[1];
        }
        var route = RouteFiles.routeId(path);
        if (route != null && path.startsWith(RouteFiles.INTAKE)) {
            return RouteFiles.polled(route);
        }
        return path.startsWith("routes/translate/") && route != null && !route.equals("default") ? route : null;
    }
}
