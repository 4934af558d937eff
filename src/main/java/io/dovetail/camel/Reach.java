package io.dovetail.camel;

import io.dovetail.connector.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Which routes reach other systems, by themselves or through Kamelets, and whether they may. */
final class Reach {

    private static final String TRANSLATE = "routes/translate/";
    private static final String TRIGGERS = "routes/triggers/";

    private record Step(YamlFile file, EndpointCall call) {}

    private final Map<String, List<Step>> byFile = new HashMap<>();
    private final Map<String, String> kamelets = new HashMap<>();

    void kamelet(String name, String path) {
        kamelets.put(name, path);
    }

    void add(YamlFile file, EndpointCall call) {
        if (AskRules.concern(call) || call.scheme().equals("kamelet")) {
            byFile.computeIfAbsent(file.path(), path -> new ArrayList<>()).add(new Step(file, call));
        }
    }

    /** @param files path to content, among them each {@code connector.yaml} */
    void check(Map<String, byte[]> files, Problems problems) {
        byFile.forEach((path, steps) -> steps.forEach(step -> {
            if (path.startsWith("routes/")) {
                checkStep(path, step, files);
            }
        }));
        files.forEach((path, content) -> {
            if (path.matches("connectors/[^/]+/connector\\.yaml")) {
                checkConnector(path, content, files, problems);
            }
        });
    }

    private void checkStep(String path, Step step, Map<String, byte[]> files) {
        var asked = asked(step.call, new HashSet<>());
        if (asked == null) {
            return;
        }
        var begin = "asks another system (" + asked + "), ";
        if (path.startsWith(TRIGGERS)) {
            step.file.problem(
                    step.call.at(),
                    begin
                            + "and policies ask nobody: they decide by what the event says. Ask in routes/translate, and let the"
                            + " mapping say what was answered");
        } else if (path.equals(TRANSLATE + "default.camel.yaml")) {
            step.file.problem(
                    step.call.at(),
                    begin
                            + "for every connector; give the one that needs it a route of its own, routes/translate/<connector>"
                            + RouteFiles.ROUTE);
        } else if (path.startsWith(TRANSLATE)) {
            var connector = "connectors/" + RouteFiles.routeId(path) + "/connector.yaml";
            if (files.containsKey(connector) && declared(connector, files.get(connector)) == null) {
                step.file.problem(
                        step.call.at(), begin + "which " + connector + " must say: calls: { deadline: 5s, atOnce: 8 }");
            }
        }
    }

    private void checkConnector(String path, byte[] content, Map<String, byte[]> files, Problems problems) {
        var calls = declared(path, content);
        if (calls == null) {
            return;
        }
        var place = path
                + calls.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
        var route = TRANSLATE + path.split("/")[1] + RouteFiles.ROUTE;
        if (!files.containsKey(route)) {
            problems.add(place, "calls: there is no " + route + ", the route that asks; write it or take calls away");
        } else if (byFile.getOrDefault(route, List.of()).stream()
                .allMatch(step -> asked(step.call, new HashSet<>()) == null)) {
            problems.add(
                    place,
                    "calls: " + route + " asks nobody, and every event would wait its turn in vain; take it away");
        }
    }

    /** What a step asks in the end; null: nobody. */
    private @Nullable String asked(EndpointCall call, Set<String> seen) {
        if (AskRules.concern(call)) {
            return call.scheme() + (AskRules.isSalesforce(call) ? ":" : "://") + call.name();
        }
        var kamelet = kamelets.get(call.name());
        if (kamelet == null || !seen.add(kamelet)) {
            return null;
        }
        for (var step : byFile.getOrDefault(kamelet, List.of())) {
            var asked = asked(step.call, seen);
            if (asked != null) {
                return asked;
            }
        }
        return null;
    }

    /** Where a connector says that it asks; null: it does not. What else is wrong with the file is told elsewhere. */
    private static @Nullable Node declared(String path, byte @Nullable [] content) {
        var file = content == null ? null : YamlFile.read(path, content, new Problems());
        return file == null ? null : YamlFile.get(file.root(), "calls");
    }
}
