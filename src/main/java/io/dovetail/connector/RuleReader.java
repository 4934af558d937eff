package io.dovetail.connector;

import io.dovetail.codec.Expression;
import io.dovetail.codec.Pointers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code events:} of a connector.yaml. */
final class RuleReader {

    private final YamlTree yaml;
    private final Expressions expressions;
    private final Schemas schemas;
    private final Problems found;

    RuleReader(YamlTree yaml, Expressions expressions, Schemas schemas, Problems found) {
        this.yaml = yaml;
        this.expressions = expressions;
        this.schemas = schemas;
        this.found = found;
    }

    /** Without those that have problems. */
    List<EventRule> read() {
        var rules = new ArrayList<EventRule>();
        for (var i = 0; i < yaml.root().path("events").size(); i++) {
            var rule = rule("/events/" + i);
            if (rule != null) {
                rules.add(rule);
            }
        }
        checkReach();
        return List.copyOf(rules);
    }

    @Nullable
    EventRule rule(String at) {
        var when = expressions.inline(at + "/when", Set.of());
        var contract = schema(at + "/contract", "");
        var mapping = expressions.mapping(at + "/mapping");
        var canonical = schema(at + "/emits", "events/");
        var others = others(at + "/orEmits");
        var id = expressions.inline(at + "/id", Set.of());
        var orderBy = expressions.inline(at + "/orderBy", Set.of());
        var keys = keys(at + "/keys");
        if (when == null || contract == null || mapping == null || canonical == null) {
            return null;
        }
        if (id == null && yaml.root().at(at).has("id")) {
            return null;
        }
        var emits = yaml.root().at(at + "/emits").asText();
        var sameById = yaml.root().at(at + "/sameBy").asText().equals("id");
        return new EventRule(when, contract, mapping, emits, canonical, others, id, sameById, orderBy, keys);
    }

    private Map<String, Schema> others(String pointer) {
        var others = new LinkedHashMap<String, Schema>();
        for (var i = 0; i < yaml.root().at(pointer).size(); i++) {
            var schema = schema(pointer + "/" + i, "events/");
            if (schema != null) {
                others.put(yaml.root().at(pointer + "/" + i).asText(), schema);
            }
        }
        return Collections.unmodifiableMap(others);
    }

    private @Nullable Schema schema(String pointer, String folder) {
        var node = yaml.root().at(pointer);
        if (!node.isTextual()) {
            return null;
        }
        var name = folder + node.asText();
        if (!schemas.isPresent(name)) {
            found.add(yaml.place(pointer), "there is no schema schemas/" + name + Schemas.SUFFIX);
        }
        return schemas.find(name);
    }

    private Map<String, Expression> keys(String pointer) {
        var keys = new LinkedHashMap<String, Expression>();
        yaml.root().at(pointer).fieldNames().forEachRemaining(name -> {
            var expression = expressions.inline(pointer + Pointers.segment(name), Set.of());
            if (expression != null) {
                keys.put(name, expression);
            }
        });
        return Collections.unmodifiableMap(keys);
    }

    /** The first match wins, so that a rule after its own twin, or after one that always holds, is never met. */
    private void checkReach() {
        var seen = new HashMap<String, String>();
        var events = yaml.root().path("events");
        for (var i = 0; i < events.size(); i++) {
            var place = yaml.place("/events/" + i + "/when");
            var when = events.path(i).path("when").asText("").strip().replaceAll("\\s+", " ");
            var earlier = seen.getOrDefault("true", seen.get(when));
            if (earlier != null) {
                found.add(place, "this event is never met: the rule at " + earlier + " takes it before");
            }
            seen.putIfAbsent(when, place);
        }
    }
}
