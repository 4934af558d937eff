package io.dovetail.operate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a text has changed, as {@code diff -u} writes it. */
final class UnifiedDiff {

    private static final int CONTEXT = 3;
    private static final String NO_END = "\n\\ No newline at end of file";

    // Pairs of lines to compare, beyond what is the same at both ends. Of more, all is said to be another: nobody reads
    // a change of thousands of lines, and whoever writes such a file must not keep the hub busy.
    private static final long MAX_PAIRS = 1_000_000;

    private record Line(char sign, String text, int before, int after) {}

    private UnifiedDiff() {}

    /**
     * @param before null: there was no such file
     * @param after null: there is none any more
     * @return null: it is no text
     */
    static @Nullable String of(String path, byte @Nullable [] before, byte @Nullable [] after) {
        try {
            var lines = lines(split(before), split(after));
            var text = new StringBuilder("--- ")
                    .append(before == null ? "/dev/null" : "a/" + path)
                    .append("\n+++ ")
                    .append(after == null ? "/dev/null" : "b/" + path)
                    .append('\n');
            hunks(lines, text);
            return text.toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Each line without its end; the last with a note if it has none. */
    private static List<String> split(byte @Nullable [] content) throws CharacterCodingException {
        if (content == null || content.length == 0) {
            return List.of();
        }
        var text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(content))
                .toString();
        var lines = new ArrayList<>(List.of(text.split("\n", -1)));
        var last = lines.removeLast();
        if (!last.isEmpty()) {
            lines.add(last + NO_END);
        }
        return lines;
    }

    /** All lines of both, each with its sign and with how many of either come before it. */
    private static List<Line> lines(List<String> before, List<String> after) {
        var start = 0;
        while (start < before.size()
                && start < after.size()
                && before.get(start).equals(after.get(start))) {
            start++;
        }
        var end = 0;
        while (end < before.size() - start
                && end < after.size() - start
                && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        var all = new ArrayList<Line>();
        for (var i = 0; i < start; i++) {
            all.add(new Line(' ', before.get(i), i, i));
        }
        middle(before.subList(start, before.size() - end), after.subList(start, after.size() - end), start, all);
        for (var i = end; i > 0; i--) {
            all.add(new Line(' ', before.get(before.size() - i), before.size() - i, after.size() - i));
        }
        return all;
    }

    private static void middle(List<String> before, List<String> after, int start, List<Line> all) {
        var rows = before.size();
        var columns = after.size();
        var width = columns + 1;
        var bounded = (long) rows * columns <= MAX_PAIRS;
        var common = bounded ? common(before, after) : new short[0];
        var i = 0;
        var j = 0;
        while (i < rows || j < columns) {
            if (bounded && i < rows && j < columns && before.get(i).equals(after.get(j))) {
                all.add(new Line(' ', before.get(i), start + i++, start + j++));
            } else if (i < rows
                    && (j == columns || !bounded || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
                all.add(new Line('-', before.get(i), start + i++, start + j));
            } else {
                all.add(new Line('+', after.get(j), start + i, start + j++));
            }
        }
    }

    /** How many lines the rests from each pair of places have in common: never more than the root of all pairs. */
    private static short[] common(List<String> before, List<String> after) {
        var width = after.size() + 1;
        var common = new short[(before.size() + 1) * width];
        for (var i = before.size() - 1; i >= 0; i--) {
            for (var j = after.size() - 1; j >= 0; j--) {
                var at = i * width + j;
                common[at] = before.get(i).equals(after.get(j))
                        ? (short) (common[at + width + 1] + 1)
                        : (short) Math.max(common[at + width], common[at + 1]);
            }
        }
        return common;
    }

    private static void hunks(List<Line> lines, StringBuilder text) {
        var next = 0;
        while (next < lines.size()) {
            var first = change(lines, next);
            if (first == lines.size()) {
                return;
            }
            var past = first;
            for (var change = first; change < lines.size() && change - past <= 2 * CONTEXT; ) {
                past = change + 1;
                change = change(lines, past);
            }
            hunk(lines.subList(Math.max(next, first - CONTEXT), Math.min(lines.size(), past + CONTEXT)), text);
            next = past;
        }
    }

    private static int change(List<Line> lines, int from) {
        var i = from;
        while (i < lines.size() && lines.get(i).sign == ' ') {
            i++;
        }
        return i;
    }

    private static void hunk(List<Line> lines, StringBuilder text) {
        var first = lines.getFirst();
        text.append("@@ -")
                .append(range(first.before, lines, '+'))
                .append(" +")
                .append(range(first.after, lines, '-'))
                .append(" @@\n");
        for (var line : lines) {
            text.append(line.sign).append(line.text).append('\n');
        }
    }

    private static String range(int before, List<Line> lines, char others) {
        var count = lines.stream().filter(line -> line.sign != others).count();
        return (count == 0 ? before : before + 1) + (count == 1 ? "" : "," + count);
    }
}
