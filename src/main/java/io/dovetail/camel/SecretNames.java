package io.dovetail.camel;

import io.dovetail.call.SecretReference;
import io.dovetail.connector.Problems;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** {@code {{crm.password}}}: how a route or Kamelet names a secret by which the hub proves itself to others. */
public final class SecretNames {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");
    private static final Pattern PARAMETER = Pattern.compile("\\??[\\w-]+(:.*)?");

    private SecretNames() {}

    /** All that are named in these files. */
    public static Set<String> in(Map<String, byte[]> files) {
        var names = new TreeSet<String>();
        files.forEach((path, content) -> {
            if (RouteFiles.kameletName(path) != null || RouteFiles.routeId(path) != null) {
                var file = YamlFile.read(path, content, new Problems());
                if (file != null) {
                    gather(file, file.root(), names);
                }
            }
        });
        return names;
    }

    private static void gather(YamlFile file, Node node, Set<String> names) {
        for (var found = PLACEHOLDER.matcher(YamlFile.text(node)); found.find(); ) {
            var name = found.group(1).strip();
            if (SecretReference.NAME.matcher(name).matches()) {
                names.add(name);
            }
        }
        file.entries(node).forEach(entry -> gather(file, entry.value(), names));
        YamlFile.items(node).forEach(item -> gather(file, item, names));
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
        if (path.startsWith("connectors/")) {
            return path.split("/")[1];
        }
        var route = RouteFiles.routeId(path);
        return path.startsWith("routes/translate/") && route != null && !route.equals("default") ? route : null;
    }
}
