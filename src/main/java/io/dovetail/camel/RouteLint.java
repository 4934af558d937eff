package io.dovetail.camel;

import io.dovetail.connector.Problems;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Says everything that is wrong with the routes and Kamelets, each with its file and line, without running any of them:
 * what Camel would refuse, and what Camel would accept although it loses events, hides failures or runs code.
 */
public final class RouteLint {

    private RouteLint() {}

    /**
     * @param files path to content, of everything under {@code connectors/}, {@code routes/} and {@code schemas/}
     * @param problems where they are added
     */
    public static void check(Map<String, byte[]> files, Problems problems) {
        var read = new TreeMap<String, YamlFile>();
        var kamelets = new TreeMap<String, Kamelet>();
        var reach = new Reach();
        for (var entry : new TreeMap<>(files).entrySet()) {
            var path = entry.getKey();
            var name = RouteFiles.kameletName(path);
            if (name == null && RouteFiles.routeId(path) == null) {
                checkName(path, problems);
                continue;
            }
            var file = YamlFile.read(path, entry.getValue(), problems);
            if (file != null) {
                read.put(path, file);
            }
            if (name != null) {
                reach.kamelet(name, path);
                var kamelet = file == null ? new Kamelet(name, Map.of(), Set.of()) : Kamelet.of(name, file);
                if (kamelets.put(name, kamelet) != null) {
                    problems.add(path, "there is another Kamelet \"" + name + "\"; give one of them another name");
                }
            }
        }
        check(read, kamelets, files.keySet(), reach);
        reach.check(files, problems);
        checkIds(read);
    }

    private static void check(
            Map<String, YamlFile> read, Map<String, Kamelet> kamelets, Set<String> files, Reach reach) {
        var dsl = Dsl.read();
        var steps = new StepRules(new EndpointRules(kamelets, files, reach));
        for (var file : read.values()) {
            var kamelet = kamelets.get(String.valueOf(RouteFiles.kameletName(file.path())));
            if (kamelet == null) {
                var route = RouteShape.check(file, files);
                if (route != null) {
                    dsl.check(file, route, Dsl.ROUTE);
                    steps.check(file, route);
                }
            } else {
                var template = KameletShape.check(file, kamelet);
                if (template != null) {
                    file.entries(template).forEach(entry -> dsl.check(file, entry.value(), Dsl.FROM));
                    steps.check(file, template);
                }
            }
        }
    }

    /** Routes of one folder run in one context, which tells them apart by their ids. */
    private static void checkIds(Map<String, YamlFile> read) {
        var owners = new HashMap<String, String>();
        for (var file : read.values()) {
            var id = RouteFiles.routeId(file.path());
            if (id != null) {
                var other = owners.putIfAbsent(file.path().split("/")[1] + "/" + id, file.path());
                if (other != null) {
                    file.problem(file.root(), "has the same name as " + other + "; rename one");
                }
            }
        }
    }

    private static void checkName(String path, Problems problems) {
        if (path.startsWith("routes/") && (path.endsWith(".yaml") || path.endsWith(".yml"))) {
            problems.add(path, "is not read: a route's file is called <route id>" + RouteFiles.ROUTE);
        }
    }
}
