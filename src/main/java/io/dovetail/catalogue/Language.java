package io.dovetail.catalogue;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.EventRule;
import io.dovetail.connector.SchemaBundle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that a hub of this configuration can say, and who says it. */
record Language(List<Word> words, List<Workflow> workflows, SchemaBundle bundle) {

    private static final String EVENTS = "events/";

    static Language of(Configuration configuration, Path root) {
        var origins = new TreeMap<String, Map<String, Origin.ByField>>();
        configuration.connectors().forEach((name, connector) -> origins.put(name, Origins.of(connector, root)));
        var workflows = Workflow.of(configuration);
        var bundle = new SchemaBundle(configuration.schemas());
        var words = new ArrayList<Word>();
        for (var schema : new TreeSet<>(configuration.schemas().names())) {
            if (schema.startsWith(EVENTS)) {
                var type = schema.substring(EVENTS.length());
                words.add(new Word(
                        type,
                        bundle.resolved(bundle.reference(schema)),
                        sayings(configuration, type, origins),
                        workflows.stream()
                                .filter(workflow -> workflow.types().contains(type))
                                .toList()));
            }
        }
        return new Language(words, workflows, bundle);
    }

    private static List<Saying> sayings(
            Configuration configuration, String type, Map<String, Map<String, Origin.ByField>> origins) {
        var sayings = new ArrayList<Saying>();
        configuration.connectors().forEach((name, connector) -> {
            List<EventRule> rules = connector.events().stream()
                    .filter(rule -> rule.types().contains(type))
                    .toList();
            if (!rules.isEmpty()) {
                var known = origins.getOrDefault(name, Map.of());
                sayings.add(new Saying(connector, rules, known.getOrDefault(type, new Origin.ByField())));
            }
        });
        return sayings;
    }
}
