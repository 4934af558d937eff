package io.dovetail.codec;

import org.jspecify.annotations.Nullable;

/** Segments on their way out. Until all are written, delimiters are control characters, which no value may hold. */
final class EdiWriter {

    private static final char ELEMENT = '\u001d';
    private static final char COMPONENT = '\u001f';
    private static final char SEGMENT = '\u001c';

    /** Stands for what delimits components, as ISA16 says it. */
    static final String COMPONENTS = String.valueOf(COMPONENT);

    private final StringBuilder text = new StringBuilder();
    private int segments;

    /** @param elements values, or {@link #composite}s; empty ones at the end are left out */
    void segment(String tag, @Nullable String... elements) {
        text.append(tag).append(ELEMENT).append(joined(ELEMENT, elements)).append(SEGMENT);
        segments++;
    }

    /** How many there are till now. */
    int segments() {
        return segments;
    }

    static String composite(@Nullable String... components) {
        return joined(COMPONENT, components);
    }

    private static String joined(char delimiter, @Nullable String... values) {
        var joined = new StringBuilder();
        var used = 0;
        for (var value : values) {
            joined.append(value == null ? "" : value);
            used = value == null || value.isEmpty() ? used : joined.length();
            joined.append(delimiter);
        }
        joined.setLength(used);
        return joined.toString();
    }

    /** With the usual delimiters, but for those that a value holds: X12 has no way to write them there. */
    String x12() {
        return text.toString()
                .replace(ELEMENT, free("*|" + ELEMENT))
                .replace(COMPONENT, free(":>" + COMPONENT))
                .replace(SEGMENT, free("~'" + SEGMENT));
    }

    private char free(String candidates) {
        var free = 0;
        while (free < candidates.length() - 1 && text.indexOf(candidates.substring(free, free + 1)) >= 0) {
            free++;
        }
        return candidates.charAt(free);
    }

    String edifact() {
        var written = new StringBuilder(text.length() + 16);
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case ELEMENT -> written.append('+');
                case COMPONENT -> written.append(':');
                case SEGMENT -> written.append('\'');
                case '+', ':', '\'', '?' -> written.append('?').append(c);
                default -> written.append(c);
            }
        }
        return written.toString();
    }
}
