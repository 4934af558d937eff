package io.dovetail.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dovetail.codec.ExpressionException;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Connector;
import io.dovetail.connector.EventRule;
import io.dovetail.connector.Expectation;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Sample;
import io.dovetail.connector.Samples;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of a connector's events come from, by experiment: every value of every sample is changed, one at a
 * time and in several ways, and what changes behind the mapping is made of it. A field that takes a new content with
 * each change holds it; one that only comes, goes, or turns into another of a few is chosen by it.
 *
 * <p>What no sample holds, or a route looks up in another system, is not seen.
 */
final class Origins {

    private static final int NEW_CONTENTS = 2;

    private final Connector connector;
    private final Map<String, Origin.ByField> byType = new TreeMap<>();

    private Origins(Connector connector) {
        this.connector = connector;
    }

    /** By canonical type and field. */
    static Map<String, Origin.ByField> of(Connector connector, Path root) {
        var origins = new Origins(connector);
        Samples.of(root.resolve("connectors").resolve(connector.name()), new Problems())
                .forEach(origins::look);
        return origins.byType;
    }

    private void look(Sample sample) {
        if (!(sample.expectation() instanceof Expectation.Events)) {
            return;
        }
        try {
            for (var part : connector.read(connector.codec().read(connector.kept(sample.delivery())))) {
                var rule = part.problem() == null ? connector.rule(part.tree()) : null;
                if (rule != null) {
                    look(rule, part.tree().deepCopy());
                }
            }
        } catch (MalformedException | ExpressionException e) {
            // what cannot be read has no fields
        }
    }

    private void look(EventRule rule, JsonNode tree) {
        var usual = apply(rule, tree);
        if (usual == null) {
            return;
        }
        var type = usual.path("type").asText(rule.emits());
        var canonical = rule.canonical(type);
        if (canonical == null || canonical.check(usual.path("data")) != null) {
            return;
        }
        var before = Leaf.flat(usual);
        var origins = byType.computeIfAbsent(type, t -> new Origin.ByField());
        for (var leaf : Leaf.of(tree)) {
            var contents = new TreeMap<String, Set<String>>();
            for (var other : leaf.others()) {
                leaf.set().accept(other);
                var changed = apply(rule, tree);
                if (changed != null) {
                    compare(before, Leaf.flat(changed), contents);
                }
            }
            leaf.set().accept(leaf.value());
            contents.forEach((pointer, others) -> {
                if (others.size() >= NEW_CONTENTS) {
                    origins.from(field(pointer), leaf.path());
                } else {
                    origins.chosenBy(field(pointer), leaf.path());
                }
            });
        }
    }

    /** Adds what now stands in fields that are not as before; nothing for a field that has gone. */
    private static void compare(
            Map<String, String> before, Map<String, String> after, Map<String, Set<String>> contents) {
        var lists = before.entrySet().stream()
                .filter(entry ->
                        entry.getKey().endsWith(Leaf.SIZE) && !entry.getValue().equals(after.get(entry.getKey())))
                .map(entry -> entry.getKey().substring(0, entry.getKey().length() - Leaf.SIZE.length()))
                .collect(Collectors.toSet());
        before.forEach((pointer, value) -> {
            // the elements of a list that is longer or shorter are not those that they were
            var list = lists.stream().filter(p -> pointer.startsWith(p + "/")).min(Comparator.naturalOrder());
            var now = after.get(pointer);
            if (list.isPresent()) {
                contents.computeIfAbsent(list.get() + "/0", p -> new HashSet<>());
            } else if (!value.equals(now)) {
                var found = contents.computeIfAbsent(pointer, p -> new HashSet<>());
                if (now != null) {
                    found.add(now);
                }
            }
        });
    }

    private @Nullable JsonNode apply(EventRule rule, JsonNode tree) {
        try {
            return rule.mapping()
                    .apply(
                            tree,
                            Map.of(
                                    "sender", TextNode.valueOf("default"),
                                    "connector", TextNode.valueOf(connector.name()),
                                    "acceptedAt", TextNode.valueOf(Samples.ACCEPTED_AT.toString()),
                                    "lookup", JsonNodeFactory.instance.objectNode()));
        } catch (ExpressionException e) {
            return null;
        }
    }

    /** {@code /data/lines/0/line} is {@code lines[].line}; what stands beside the data is {@code (time)}. */
    private static String field(String pointer) {
        return pointer.startsWith("/data/")
                ? pointer.substring("/data/".length()).replaceAll("/\\d+", "[]").replace('/', '.')
                : "(" + pointer.substring(1) + ")";
    }
}
