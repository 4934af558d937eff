package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** A place in the canonical language, with all that is said of it by reference. */
final class Target {

    private record Said(String file, JsonNode node) {}

    /** What is understood here; a place of which more is said is left to a person. */
    private static final Set<String> UNDERSTOOD = Set.of(
            "$ref",
            "$schema",
            "$comment",
            "title",
            "description",
            "examples",
            "type",
            "pattern",
            "format",
            "enum",
            "minLength",
            "maxLength",
            // says who may see it, and asks nothing of what stands there
            "x-sensitivity");

    private static final Set<String> CONSTRAINTS = Set.of("pattern", "format", "enum", "minLength", "maxLength");

    /** Text that is not blank, which is what a mapping's {@code text} gives. */
    private static final String NOT_BLANK = "\\S";

    private final Map<String, JsonNode> library;
    private final List<Said> said = new ArrayList<>();

    /** @param library all schemas by their paths */
    Target(Map<String, JsonNode> library, String file) {
        this(library, new Said(file, library.getOrDefault(file, MissingNode.getInstance())));
    }

    private Target(Map<String, JsonNode> library, Said place) {
        this.library = library;
        var next = place;
        while (said.size() < 8 && next.node().isObject() && !said.contains(next)) {
            said.add(next);
            next = referred(next);
        }
    }

    private Said referred(Said from) {
        var reference = from.node().path("$ref").asText("").split("#", 2);
        if (reference.length == 2 || !reference[0].isEmpty()) {
            var file = reference[0].isEmpty()
                    ? from.file()
                    : Path.of(from.file())
                            .resolveSibling(reference[0])
                            .normalize()
                            .toString();
            var tree = library.getOrDefault(file, MissingNode.getInstance());
            return new Said(file, reference.length == 2 && reference[1].startsWith("/") ? tree.at(reference[1]) : tree);
        }
        return new Said(from.file(), MissingNode.getInstance());
    }

    Map<String, Target> properties() {
        var properties = new LinkedHashMap<String, Target>();
        for (var place : said) {
            place.node()
                    .path("properties")
                    .properties()
                    .forEach(entry -> properties.putIfAbsent(
                            entry.getKey(), new Target(library, new Said(place.file(), entry.getValue()))));
        }
        return properties;
    }

    Set<String> required() {
        var required = new LinkedHashSet<String>();
        said.forEach(place -> place.node().path("required").forEach(name -> required.add(name.asText())));
        return required;
    }

    boolean isObject() {
        return !properties().isEmpty();
    }

    /** The place of a list's elements. */
    Target items() {
        return said.stream()
                .filter(place -> place.node().path("items").isObject())
                .findFirst()
                .map(place ->
                        new Target(library, new Said(place.file(), place.node().path("items"))))
                .orElseGet(() -> new Target(library, new Said("", MissingNode.getInstance())));
    }

    boolean isArray() {
        return keyword("type").asText().equals("array");
    }

    boolean isMoment() {
        return keyword("format").asText().equals(Format.DATE_TIME.word);
    }

    /** Whether it is text, from which a mapping may make a number's digits. */
    boolean isText() {
        return keyword("type").asText().equals("string")
                || keyword("enum").path(0).isTextual();
    }

    private JsonNode keyword(String name) {
        return said.stream()
                .map(place -> place.node().path(name))
                .filter(node -> !node.isMissingNode())
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /** Whether all values of the samples can stand here. */
    boolean takes(Shape shape) {
        if (!shape.isScalar() || said.stream().anyMatch(place -> !isUnderstood(place.node()))) {
            return false;
        }
        return switch (keyword("type").asText()) {
            case "boolean" -> shape.isBoolean();
            case "integer" -> shape.isInteger();
            case "number" -> shape.isNumber();
            default -> isText() && takesTexts(shape);
        };
    }

    private static boolean isUnderstood(JsonNode node) {
        for (var names = node.fieldNames(); names.hasNext(); ) {
            if (!UNDERSTOOD.contains(names.next())) {
                return false;
            }
        }
        return true;
    }

    private boolean takesTexts(Shape shape) {
        if (shape.scalars().stream().anyMatch(JsonNode::isBoolean)
                || shape.texts().stream().allMatch(String::isBlank)) {
            return false;
        }
        var isPlain = demands().isEmpty();
        return shape.texts().stream().allMatch(text -> isPlain || !text.isBlank() && fits(text));
    }

    private boolean fits(String text) {
        for (var place : said) {
            var node = place.node();
            var length = text.codePointCount(0, text.length());
            var allowed = new HashSet<String>();
            node.path("enum").forEach(value -> allowed.add(value.asText()));
            if (node.has("enum") && !allowed.contains(text)
                    || node.has("format")
                            && Format.named(node.path("format").asText())
                                    .filter(format -> format.fits(text))
                                    .isEmpty()
                    // a moment becomes one in UTC
                    || node.has("pattern")
                            && !isMoment()
                            && !Pattern.compile(node.path("pattern").asText())
                                    .matcher(text)
                                    .find()
                    || length < node.path("minLength").asInt(0)
                    || length > node.path("maxLength").asInt(Integer.MAX_VALUE)) {
                return false;
            }
        }
        return true;
    }

    /** What the contract has to ask of a text that shall stand here, beside being there. */
    ObjectNode demands() {
        var demands = JsonNodeFactory.instance.objectNode();
        for (var place : said) {
            place.node().properties().forEach(entry -> {
                var isBlankness = entry.getKey().equals("pattern")
                        && entry.getValue().asText().equals(NOT_BLANK);
                var isZone = entry.getKey().equals("pattern") && isMoment();
                if (CONSTRAINTS.contains(entry.getKey()) && !isBlankness && !isZone) {
                    demands.putIfAbsent(entry.getKey(), entry.getValue());
                }
            });
        }
        return demands;
    }

    static ObjectNode notBlank() {
        return JsonNodeFactory.instance.objectNode().put("pattern", NOT_BLANK);
    }
}
