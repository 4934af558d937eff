package io.dovetail;

import picocli.CommandLine;

/** {@code hub}: the commands of room {@code cli}, and {@code run}. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new RunCommand()).execute(arguments));
    }
}
