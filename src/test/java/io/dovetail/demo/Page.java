package io.dovetail.demo;

import java.io.PrintStream;
import picocli.CommandLine.Help.Ansi;

/** What the reader sees: at most 100 columns, in colour on a terminal only. */
final class Page {

    private static final int COLUMNS = 100;

    private final PrintStream out;
    private final boolean colours;
    private int step;
    private boolean isAmongShort;

    Page(PrintStream out) {
        this.out = out;
        this.colours = Ansi.AUTO.enabled();
    }

    synchronized void title(String text) {
        out.println(bold(text));
    }

    synchronized void step(String heading) {
        out.println();
        out.println(bold(++step + "  " + heading));
    }

    /** A sentence, in as many lines as it takes. */
    synchronized void say(String format, Object... values) {
        var text = format.formatted(values);
        var indent = text.length() - text.stripLeading().length();
        wrap(" ".repeat(3 + indent), text.strip());
    }

    /** A name in a column of its own, and what there is to say of it. */
    synchronized void field(String name, String value) {
        var first = "   %-12s ".formatted(name);
        wrap(first, value);
    }

    /** One line as it is, cut where it is too long. */
    synchronized void line(String text) {
        out.println(text.length() <= COLUMNS ? text : text.substring(0, COLUMNS - 1) + "…");
    }

    synchronized void check(Checks.Check check) {
        var isShort = check.expected().equals(check.happened());
        if (!isShort || !isAmongShort) {
            out.println();
        }
        isAmongShort = isShort;
        var mark = check.ok() ? styled("32", "✓") : styled("31", "✗");
        if (isShort) {
            wrap(mark + "  " + check.what() + ": ", check.happened());
            return;
        }
        out.println(mark + "  " + check.what());
        wrap("   expected: ", check.expected());
        wrap("   happened: ", check.happened());
    }

    String good(String text) {
        return styled("32", text);
    }

    String bad(String text) {
        return styled("31", text);
    }

    private void wrap(String first, String text) {
        var indent = " ".repeat(first.length());
        var line = new StringBuilder(first);
        for (var word : text.split(" ")) {
            if (line.length() + word.length() > COLUMNS && line.length() > indent.length()) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }

    private String bold(String text) {
        return styled("1", text);
    }

    private String styled(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
