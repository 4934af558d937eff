package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.impl.NodeUtils;
import com.schibsted.spt.data.jslt.impl.RegexpFunction;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** JSLT's functions with patterns, as it has them, but {@link Bounded}. */
final class Patterns {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    // almost all are written in connectors; one that is read from a delivery must not stay for ever
    private static final int MOST = 1_000;
    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

    /** Stand before JSLT's own functions of these names. */
    static final List<Function> FUNCTIONS = List.of(
            new Matching("test", 2, (text, matcher, more) -> BooleanNode.valueOf(matcher.find()), BooleanNode.FALSE),
            new Matching("capture", 2, (text, matcher, more) -> captured(matcher), NullNode.instance),
            new Matching("split", 2, (text, matcher, more) -> split(text, matcher), NullNode.instance),
            new Matching("replace", 3, (text, matcher, more) -> replaced(text, matcher, more), NullNode.instance));

    private Patterns() {}

    @FunctionalInterface
    private interface Answer {

        /** @param more the third argument; null where there is none */
        JsonNode of(String text, Matcher matcher, @Nullable String more);
    }

    /** @param ofNull what it says to null */
    private record Matching(String name, int arguments, Answer answer, JsonNode ofNull)
            implements Function, RegexpFunction {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getMinArguments() {
            return arguments;
        }

        @Override
        public int getMaxArguments() {
            return arguments;
        }

        @Override
        public int regexpArgumentNumber() {
            return 1;
        }

        @Override
        public JsonNode call(JsonNode input, JsonNode[] given) {
            if (given[0].isNull()) {
                return ofNull;
            }
            var pattern = NodeUtils.toString(given[1], true);
            if (pattern == null) {
                throw new JsltException(name + "() needs a regular expression, not null");
            }
            var text = NodeUtils.toString(given[0], false);
            var more = arguments > 2 ? NodeUtils.toString(given[2], false) : null;
            try {
                return Bounded.match(compiled(pattern), text, matcher -> answer.of(text, matcher, more));
            } catch (SlowPatternException e) {
                throw new JsltException(e.getMessage());
            }
        }
    }

    private static Pattern compiled(String pattern) {
        if (COMPILED.size() >= MOST) {
            COMPILED.clear();
        }
        return COMPILED.computeIfAbsent(pattern, source -> {
            try {
                return Pattern.compile(source);
            } catch (PatternSyntaxException e) {
                throw new JsltException("Syntax error in regular expression '" + source + "'", e);
            }
        });
    }

    private static JsonNode captured(Matcher matcher) {
        var groups = NODES.objectNode();
        if (matcher.find()) {
            // in JSLT's order
            for (var name : new TreeSet<>(matcher.namedGroups().keySet())) {
                groups.put(name, matcher.group(name));
            }
        }
        return groups;
    }

    private static JsonNode split(String text, Matcher matcher) {
        var parts = NODES.arrayNode();
        var from = 0;
        while (matcher.find()) {
            // as Java's own split: nothing is in front of an empty match at the beginning
            if (matcher.end() > 0) {
                parts.add(text.substring(from, matcher.start()));
                from = matcher.end();
            }
        }
        if (from == 0) {
            return NODES.arrayNode().add(text);
        }
        parts.add(text.substring(from));
        while (!parts.isEmpty() && parts.get(parts.size() - 1).textValue().isEmpty()) {
            parts.remove(parts.size() - 1);
        }
        return parts;
    }

    private static JsonNode replaced(String text, Matcher matcher, @Nullable String by) {
        var out = new StringBuilder();
        var from = 0;
        while (matcher.find()) {
            if (matcher.start() == matcher.end()) {
                throw new JsltException("Regexp " + matcher.pattern() + " in replace() matched empty string in '"
                        + JsonFault.shown(text) + "'");
            }
            out.append(text, from, matcher.start()).append(by);
            from = matcher.end();
        }
        return new TextNode(out.append(text, from, text.length()).toString());
    }
}
