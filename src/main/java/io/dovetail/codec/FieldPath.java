package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where values stand in trees: names with dots between, as {@code Envelope.Body.SessionId}, or {@code //SessionId} for
 * one that stands anywhere. Lists are stepped into, whether they are written as {@code value[].state} or not: what may
 * come once or often is found either way.
 *
 * @param anywhere whether the first step may stand at any depth
 * @param steps at least one
 */
public record FieldPath(boolean anywhere, List<String> steps) {

    /** What stands where something was overwritten. */
    public static final String REDACTED = "[redacted]";

    private static final String NAME = "[^.\\[\\]/\\s#][^.\\[\\]/\\s]*";
    private static final Pattern FORM = Pattern.compile("(//|\\[]\\.)?" + NAME + "(\\[])?(\\." + NAME + "(\\[])?)*");

    public FieldPath {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a path has a step at least");
        }
    }

    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    /** @throws IllegalArgumentException for what is none */
    public static FieldPath of(String text) {
        if (!isOne(text)) {
            throw new IllegalArgumentException("no path: " + text);
        }
        var anywhere = text.startsWith("//");
        var names = text.replace("[]", "").replaceFirst("^(//|\\.)", "");
        return new FieldPath(anywhere, List.of(names.split("\\.")));
    }

    /** The same from further out. */
    public FieldPath below(FieldPath outer) {
        return new FieldPath(
                outer.anywhere,
                Stream.concat(outer.steps.stream(), steps.stream()).toList());
    }

    /** Whether what stands at a JSON pointer is, holds, or is part of what it leads to. */
    public boolean touches(String pointer) {
        var step = 0;
        for (var name : Pointers.segments(pointer)) {
            if (anywhere || step == steps.size()) {
                return true;
            }
            if (name.equals(steps.get(step))) {
                step++;
            } else if (name.isEmpty() || !name.chars().allMatch(Character::isDigit)) { // else a place in a list
                return false;
            }
        }
        return true;
    }

    /** Whether it leads to what bears these names, from the outermost on. */
    boolean leadsTo(List<String> names) {
        var from = names.size() - steps.size();
        return (anywhere ? from >= 0 : from == 0)
                && names.subList(Math.max(from, 0), names.size()).equals(steps);
    }

    /** Overwrites what it leads to; says whether that was anything. What is null holds nothing and stays. */
    boolean overwrite(JsonNode tree) {
        var found = overwrite(tree, 0);
        if (anywhere) {
            for (var child : tree) {
                found |= overwrite(child);
            }
        }
        return found;
    }

    private boolean overwrite(JsonNode node, int step) {
        var found = false;
        if (node.isArray()) {
            for (var element : node) {
                found |= overwrite(element, step);
            }
        } else if (node instanceof ObjectNode object && object.hasNonNull(steps.get(step))) {
            if (step < steps.size() - 1) {
                return overwrite(object.get(steps.get(step)), step + 1);
            }
            object.set(steps.get(step), TextNode.valueOf(REDACTED));
            return true;
        }
        return found;
    }
}
