package io.dovetail.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command writes for its reader; in colour on a terminal only. */
final class Page {

    private final PrintWriter out;
    private final Ansi ansi;

    private Page(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    static Page of(CommandSpec spec) {
        CommandLine commandLine = spec.commandLine();
        return new Page(commandLine.getOut(), commandLine.getColorScheme().ansi());
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    void line() {
        line("");
    }

    /** A name in a column of its own, and what there is to say under it. */
    void field(String name, String text) {
        line("  " + pale(String.format("%-10s", name)) + " " + text.replace("\n", "\n" + " ".repeat(13)));
    }

    String bold(String text) {
        return styled("1", text);
    }

    String good(String text) {
        return styled("32", text);
    }

    String bad(String text) {
        return styled("31", text);
    }

    String pale(String text) {
        return styled("2", text);
    }

    private String styled(String code, String text) {
        return ansi.enabled() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
