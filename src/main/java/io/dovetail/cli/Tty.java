package io.dovetail.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The terminal itself, whatever standard input and output are led to: {@code hub operator hash … >> operators} asks all
 * the same. Where there is no terminal, a line of standard input.
 */
final class Tty implements Prompt {

    private static final File TERMINAL = new File("/dev/tty");

    // one for all: what it has read ahead of the first line is the second
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    @Override
    public String secret(String question) {
        try {
            var line = isThere() ? ask(question) : in.readLine();
            if (line == null) {
                throw new NotDoneException("there is no terminal to ask for a password, and no line on standard input");
            }
            return line;
        } catch (IOException e) {
            throw new NotDoneException("the terminal cannot be asked for a password: " + e.getMessage());
        }
    }

    private static boolean isThere() {
        try (var terminal = new FileInputStream(TERMINAL)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String ask(String question) throws IOException {
        var shown = new Thread(() -> echo(true));
        Runtime.getRuntime().addShutdownHook(shown);
        try (var out = new FileOutputStream(TERMINAL);
                var terminal = new BufferedReader(
                        new InputStreamReader(new FileInputStream(TERMINAL), StandardCharsets.UTF_8))) {
            if (!echo(false)) {
                throw new IOException("stty cannot hide what is typed");
            }
            out.write((question + ": ").getBytes(StandardCharsets.UTF_8));
            var line = terminal.readLine();
            out.write('\n');
            return line;
        } finally {
            echo(true);
            Runtime.getRuntime().removeShutdownHook(shown);
        }
    }

    private static boolean echo(boolean on) {
        try {
            return new ProcessBuilder("stty", on ? "echo" : "-echo")
                            .redirectInput(TERMINAL)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
