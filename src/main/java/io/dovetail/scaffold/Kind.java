package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Events that one rule is for.
 *
 * @param label what the other side calls them; empty where all samples are of one kind without a name
 * @param when the rule's condition
 * @param by the path of the field that says so; null where none does
 */
record Kind(String label, String when, @Nullable List<String> by, List<JsonNode> events) {

    private static final String WORD = "[A-Za-z][A-Za-z0-9._:/-]{0,79}";
    private static final String NOT_NULL = " != null";
    private static final int MOST = 30;

    /** Names that are for nothing else; they count below the root too. */
    private static final List<String> CERTAIN = List.of(
            "event type", "event name", "webhook event", "event", "message type", "notification type", "trigger event");

    /** Names that other things have too; they count at the root, when what they hold looks like it. */
    private static final List<String> LIKELY = List.of("type", "action", "kind", "topic", "operation", "subject type");

    /** Whether the only field at the root says it by being there. */
    boolean isByRoot() {
        return by != null && when.endsWith(NOT_NULL);
    }

    List<String> words() {
        return Names.words(label);
    }

    /** The kinds that these events are of, in the order in which they were met. */
    static List<Kind> of(List<JsonNode> events) {
        var shape = Shape.of(events);
        var field = discriminator(shape, events);
        if (field.isPresent()) {
            return byField(field.get(), events);
        }
        var roots = new TreeSet<String>();
        for (var event : events) {
            event.fieldNames().forEachRemaining(roots::add);
        }
        if (roots.size() > 1
                && roots.size() <= MOST
                && events.stream().allMatch(Kind::isWrapped)
                && roots.stream().allMatch(Names::isPlain)) {
            return byRoot(events);
        }
        if (shape.fields().keySet().stream().noneMatch(shape::hasAlways) && events.size() > 1) {
            throw new CannotScaffoldException(
                    "the samples have no field in common, and none that tells their kinds apart;"
                            + " make a connector of those that belong together");
        }
        return List.of(new Kind("", "true", null, events));
    }

    private static boolean isWrapped(JsonNode event) {
        return event.size() == 1 && event.elements().next().isObject();
    }

    private static Optional<Field> discriminator(Shape shape, List<JsonNode> events) {
        var fields = Field.of(shape).stream()
                .filter(field -> field.path().size() <= 3 && isKind(field))
                .toList();
        for (var name : CERTAIN) {
            for (var field : fields) {
                if (String.join(" ", field.words()).equals(name)) {
                    return Optional.of(field);
                }
            }
        }
        for (var name : LIKELY) {
            for (var field : fields) {
                if (field.path().size() == 1
                        && String.join(" ", field.words()).equals(name)
                        && looksLikeIt(field, events)) {
                    return Optional.of(field);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isKind(Field field) {
        var texts = field.shape().texts();
        return field.always()
                && field.shape().isText()
                && field.shape().format().isEmpty()
                && texts.stream().allMatch(text -> text.matches(WORD))
                && new HashSet<>(texts).size() <= MOST;
    }

    /** It speaks of something that happened, or what has another value has other fields. */
    private static boolean looksLikeIt(Field field, List<JsonNode> events) {
        if (field.shape().texts().stream()
                .allMatch(text -> text.matches("\\w.*[.:/].*\\w")
                        || Names.words(text).stream().anyMatch(Vocabulary::isVerb))) {
            return true;
        }
        var forms = new LinkedHashMap<String, Set<Set<String>>>();
        for (var event : events) {
            var names = new TreeSet<String>();
            event.fieldNames().forEachRemaining(names::add);
            forms.computeIfAbsent(event.path(field.name()).asText(), text -> new HashSet<>())
                    .add(names);
        }
        var different = new HashSet<Set<String>>();
        return forms.size() > 1
                && forms.values().stream().allMatch(names -> names.size() == 1 && different.addAll(names));
    }

    private static List<Kind> byField(Field field, List<JsonNode> events) {
        var groups = new LinkedHashMap<String, List<JsonNode>>();
        for (var event : events) {
            var node = event;
            for (var name : field.path()) {
                node = node.path(name);
            }
            groups.computeIfAbsent(node.asText(), label -> new ArrayList<>()).add(event);
        }
        return kinds(groups, field.path());
    }

    private static List<Kind> kinds(Map<String, List<JsonNode>> groups, List<String> by) {
        return groups.entrySet().stream()
                .map(group -> new Kind(
                        group.getKey(), Names.jslt(by) + " == " + Names.quoted(group.getKey()), by, group.getValue()))
                .toList();
    }

    private static List<Kind> byRoot(List<JsonNode> events) {
        var groups = new LinkedHashMap<String, List<JsonNode>>();
        events.forEach(event -> groups.computeIfAbsent(event.fieldNames().next(), root -> new ArrayList<>())
                .add(event));
        return groups.entrySet().stream()
                .map(group -> new Kind(
                        group.getKey(),
                        Names.jslt(List.of(group.getKey())) + NOT_NULL,
                        List.of(group.getKey()),
                        group.getValue()))
                .toList();
    }
}
