package io.dovetail.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** Types commands and keeps what they say. */
public final class Terminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine;

    public Terminal(Path root, Path data, Map<String, String> environment) {
        this(root, data, environment, question -> {
            throw new AssertionError("nobody is there to answer: " + question);
        });
    }

    Terminal(Path root, Path data, Map<String, String> environment, Prompt prompt) {
        commandLine = Hub.commandLine(new Workplace(root, data, environment, prompt))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }

    /** Gives the exit code. */
    public int type(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return commandLine.execute(words);
    }

    public String out() {
        return out.toString();
    }

    public String err() {
        return err.toString();
    }

    CommandLine commandLine() {
        return commandLine;
    }
}
