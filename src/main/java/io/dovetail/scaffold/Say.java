package io.dovetail.scaffold;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A piece of a mapping. */
sealed interface Say {

    int WIDTH = 100;

    /** The piece as JSLT, whose first line stands where it is put. */
    String jslt(String indent);

    record Value(String expression) implements Say {

        @Override
        public String jslt(String indent) {
            return expression;
        }
    }

    /** @param unless the value without which there is none of it; null: there always is */
    record Parts(Map<String, Say> parts, @Nullable String unless) implements Say {

        public Parts {
            parts = new LinkedHashMap<>(parts);
        }

        @Override
        public String jslt(String indent) {
            var guard = unless == null ? "" : "if (" + unless + ") ";
            var line = parts.entrySet().stream()
                    .map(part ->
                            Names.quoted(part.getKey()) + ": " + part.getValue().jslt(indent))
                    .collect(Collectors.joining(", ", guard + "{ ", " }"));
            if (!indent.isEmpty() && line.length() + indent.length() <= WIDTH && !line.contains("\n")) {
                return line;
            }
            var deeper = indent + "  ";
            return parts.entrySet().stream()
                    .map(part -> deeper + Names.quoted(part.getKey()) + ": "
                            + part.getValue().jslt(deeper))
                    .collect(Collectors.joining(",\n", guard + "{\n", "\n" + indent + "}"));
        }
    }

    /** @param list the expression that gives it */
    record Each(String list, Say element) implements Say {

        @Override
        public String jslt(String indent) {
            return element instanceof Value(var expression)
                    ? "[for (" + list + ") " + expression + " if (" + expression + " != null)]"
                    : "[for (" + list + ") " + element.jslt(indent) + "]";
        }
    }
}
