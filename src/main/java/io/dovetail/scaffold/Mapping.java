package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping says of an event.
 *
 * @param type the canonical type
 * @param data its data
 * @param filled the fields of the type that have something to say
 * @param open what a person may want to look at: fields that nothing fits, or that were left out
 * @param schema null where the type is there already
 */
record Mapping(
        String type,
        Say.Parts data,
        List<String> filled,
        List<String> open,
        @Nullable ObjectNode schema) {

    Mapping {
        filled = List.copyOf(filled);
        open = List.copyOf(open);
    }

    private static final String TEXT = """
            // Text without surrounding spaces; null when blank. Numbers become text as they were written.
            def text(value)
              let trimmed = if (is-string($value)) trim($value) else if (is-number($value)) string($value) else null
              if ($trimmed != "") $trimmed else null

            """;

    private static final String INSTANT = """
            // A moment as text in UTC, without the fraction of its second unless it is in UTC already; null when it is none.
            def instant(value)
              if (not(is-string($value))) null
              else if (ends-with($value, "Z")) $value
              else
                let seconds = parse-time(replace($value, "[.][0-9]+", ""), "yyyy-MM-dd'T'HH:mm:ssXXX", null)
                if ($seconds) format-time($seconds, "yyyy-MM-dd'T'HH:mm:ss'Z'") else null

            """;

    static String text(String value) {
        return "text(" + value + ")";
    }

    static String instant(String value) {
        return "instant(" + value + ")";
    }

    /** The file. */
    String jslt(String title, Kind kind, Identity identity) {
        var called = identity.called();
        var moment = identity.moment();
        var says = new LinkedHashMap<String, Say>();
        if (called != null) {
            says.put("subject", new Say.Value(text(called.jslt())));
        }
        says.put("time", new Say.Value(moment == null ? "$acceptedAt" : moment.expression()));
        says.put("data", data);
        var body = new Say.Parts(says, null).jslt("");
        var samples = kind.events().size() == 1 ? "one sample" : kind.events().size() + " samples";
        var head = new StringBuilder("// Proposed from ")
                .append(samples)
                .append(", to be read: what ")
                .append(title)
                .append(" says")
                .append(kind.label().isEmpty() ? "" : " as " + kind.label())
                .append(" becomes ")
                .append(type)
                .append(".\n");
        if (!open.isEmpty()) {
            head.append(schema == null ? "// Nothing was found for " : "// Left out: ")
                    .append(wrapped(open))
                    .append(".\n");
        }
        head.append('\n');
        if (body.contains("text(")) {
            head.append(TEXT);
        }
        if (body.contains("instant(")) {
            head.append(INSTANT);
        }
        return head + body + "\n";
    }

    private static String wrapped(List<String> names) {
        var some = names.subList(0, Math.min(names.size(), 24));
        var text = String.join(", ", some).replaceAll("(.{80,}?,) ", "$1\n//   ");
        return text + (names.size() > some.size() ? " and " + (names.size() - some.size()) + " more" : "");
    }
}
