package io.dovetail.trigger.camel;

import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.RouteContext;
import io.dovetail.camel.Verb;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.event.Event;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Trigger;
import io.dovetail.trigger.Policies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** Asks the routes of {@code routes/triggers/} that declare an event's type, in the order of their ids. */
public final class CamelPolicies implements Policies {

    private static final String FOLDER = "routes/triggers/";

    private final RouteContext context;
    private final Map<String, List<Policy>> byType;
    private final Map<String, Set<String>> types = new TreeMap<>();
    private final Set<String> workflows = new ConcurrentSkipListSet<>();

    /** @throws io.dovetail.camel.BrokenRoutesException with everything that keeps the routes from being loaded */
    public CamelPolicies(Configuration configuration) {
        context = RouteContext.start("triggers", configuration.files(), FOLDER, verbs(), false);
        var problems = new ArrayList<Problem>();
        var found = new TreeMap<String, List<Policy>>();
        for (var route : context.routes().values()) {
            try {
                var policy = Policy.of(route);
                types.put(route.id(), policy.types());
                policy.types()
                        .forEach(type -> found.computeIfAbsent(type, key -> new ArrayList<>())
                                .add(policy));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(route.file(), String.valueOf(e.getMessage())));
            }
        }
        if (!problems.isEmpty()) {
            context.close();
            throw new BrokenRoutesException(problems);
        }
        byType = Map.copyOf(found);
    }

    private Map<String, Verb> verbs() {
        return Map.of(
                "event",
                parameters -> {
                    Policy.types(parameters);
                    // the beginning of a route; what comes after it is the Kamelet's
                    return exchange -> {};
                },
                "trigger",
                parameters -> {
                    var step = TriggerStep.of(parameters);
                    workflows.add(step.workflow());
                    return exchange -> step.run(Decision.of(exchange));
                });
    }

    @Override
    public List<Trigger> apply(Event event, Instant acceptedAt) {
        var policies = byType.get(event.type());
        if (policies == null) {
            return List.of();
        }
        var decision = new Decision(event, acceptedAt);
        var body = EventTree.of(event);
        for (var policy : policies) {
            decision.ask(policy);
            policy.route().run(body, decision, FailureKind.MAPPING);
        }
        return decision.triggers();
    }

    @Override
    public Set<String> workflows() {
        return Set.copyOf(workflows);
    }

    /** The canonical types that each policy declares, by the id of its route. */
    public Map<String, Set<String>> types() {
        return types;
    }

    @Override
    public void close() {
        context.close();
    }
}
