package io.dovetail;

import io.dovetail.cli.Hub;

/** {@code hub}: the commands of room {@code cli}, and {@code run}. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        var runs = arguments.length > 0 && arguments[0].equals("run");
        var hub = runs ? Hub.bare() : Hub.commandLine();
        System.exit(hub.addSubcommand(new RunCommand()).execute(arguments));
    }
}
