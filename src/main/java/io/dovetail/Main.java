package io.dovetail;

import io.dovetail.cli.Hub;

/** {@code hub}: the commands of room {@code cli}, and {@code run}. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Hub.commandLine().addSubcommand(new RunCommand()).execute(arguments));
    }
}
