package io.dovetail.camel;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** What the file of a route must be: one route, called as its file, described, and beginning as its folder's do. */
final class RouteShape {

    private static final String TRANSLATE = "routes/translate/";
    private static final String TRIGGERS = "routes/triggers/";
    private static final Pattern POLL = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]{0,39})?");

    private RouteShape() {}

    /** The route, or null when there is none to look at. */
    static @Nullable Node check(YamlFile file, Set<String> files) {
        Node route = null;
        for (var item : YamlFile.items(file.root())) {
            for (var entry : file.entries(item)) {
                if (!entry.key().equals("route")) {
                    file.problem(
                            entry.keyNode(),
                            "\"" + entry.key() + "\" does not belong here; a file is one \"- route:\"");
                } else if (route == null) {
                    route = entry.value();
                } else {
                    file.problem(entry.keyNode(), "a second route; give each its own file, called as its id");
                }
            }
        }
        if (route == null) {
            file.problem(file.root(), "has no route; it must be a list of one \"- route:\"");
            return null;
        }
        checkRoute(file, route, String.valueOf(RouteFiles.routeId(file.path())), files);
        return route;
    }

    private static void checkRoute(YamlFile file, Node route, String stem, Set<String> files) {
        if (file.path().split("/").length != 3) {
            file.problem(route, "is not read: routes stand directly in a folder of routes/, not deeper");
        }
        var id = YamlFile.get(route, "id");
        if (!YamlFile.text(id).equals(stem)) {
            file.problem(id == null ? route : id, "the route's id must be \"" + stem + "\", as its file is called");
        }
        if (YamlFile.text(YamlFile.get(route, "description")).isBlank()) {
            file.problem(route, "the route has no description; say what it is for");
        }
        var from = YamlFile.get(route, "from");
        var uri = YamlFile.text(YamlFile.get(from, "uri"));
        if (from == null) {
            return;
        }
        if (file.path().startsWith(TRIGGERS) && !uri.matches("kamelet:hub-event(\\?.*)?")) {
            file.problem(from, "a policy begins with kamelet:hub-event, declaring the types it decides about");
        }
        if (file.path().startsWith(RouteFiles.INTAKE)) {
            if (!uri.matches("kamelet:hub-(poll|files)(\\?.*)?")) {
                file.problem(
                        from,
                        "a route that asks for news begins with kamelet:hub-poll, and one that takes files with"
                                + " kamelet:hub-files");
            }
            if (!POLL.matcher(stem).matches()
                    || !files.contains("connectors/" + RouteFiles.polled(stem) + "/connector.yaml")) {
                file.problem(
                        route,
                        "there is no connector whose news this could ask for: the file is called <connector>"
                                + RouteFiles.ROUTE + " or <connector>.<what>" + RouteFiles.ROUTE);
            }
        }
        if (file.path().startsWith(TRANSLATE)) {
            var door = stem.equals("default") ? "direct:translate" : "direct:translate-" + stem;
            if (!uri.equals(door)) {
                file.problem(from, "this translation begins with " + door);
            }
            if (!stem.equals("default") && !files.contains("connectors/" + stem + "/connector.yaml")) {
                file.problem(route, "there is no connector \"" + stem + "\" whose translation this could be");
            }
        }
    }
}
