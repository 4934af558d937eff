package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import io.dovetail.codec.Pointers;
import io.dovetail.connector.Schema.Violation;

/** Says what the validator says in sentences that do not hold the value and point at the property that is meant. */
final class Violations {

    private Violations() {}

    static Violation of(ValidationMessage message, JsonNode instance) {
        var path = message.getInstanceLocation();
        var pointer = new StringBuilder();
        for (var i = 0; i < path.getNameCount(); i++) {
            pointer.append(Pointers.segment(path.getElement(i).toString()));
        }
        var keyword = message.getType();
        var property = message.getProperty();
        if (property != null && namesProperty(keyword)) {
            pointer.append(Pointers.segment(property));
        }
        var node = instance.at(pointer.toString());
        return new Violation(
                pointer.toString(),
                keyword,
                node.isMissingNode() ? null : node.isTextual() ? node.textValue() : node.toString(),
                sentence(message, keyword, property));
    }

    private static boolean namesProperty(String keyword) {
        return switch (keyword) {
            case "required", "additionalProperties", "unevaluatedProperties", "dependentRequired" -> true;
            default -> false;
        };
    }

    private static String sentence(
            ValidationMessage message, String keyword, @org.jspecify.annotations.Nullable String property) {
        return switch (keyword) {
            case "required", "dependentRequired" -> "The property '" + property + "' is missing.";
            case "additionalProperties", "unevaluatedProperties", "false" ->
                "The property '" + property + "' is not known here.";
            case "minLength" -> "It is shorter than " + argument(message) + " characters.";
            case "maxLength" -> "It is longer than " + argument(message) + " characters.";
            case "pattern" -> "It does not match the pattern " + argument(message) + ".";
            case "format" -> "It is not a valid " + argument(message) + ".";
            case "enum" -> "It is none of " + argument(message) + ".";
            case "const" -> "It is not " + argument(message) + ".";
            case "minimum" -> "It is less than " + argument(message) + ".";
            case "maximum" -> "It is more than " + argument(message) + ".";
            case "type" -> "It is of type " + argument(message) + ", not " + message.getArguments()[1] + ".";
            default -> "It breaks the rule: " + message.getError() + ".";
        };
    }

    private static String argument(ValidationMessage message) {
        var arguments = message.getArguments();
        return arguments.length == 0 ? "" : String.valueOf(arguments[0]);
    }
}
