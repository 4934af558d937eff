package io.dovetail.cli;

/** Keeps what libraries log out of what a command says; only warnings are left, on the standard error. */
final class Quiet {

    private static final String PROPERTY = "logback.configurationFile";

    private Quiet() {}

    /** Before the first logger is made: the logging system reads this once. */
    static void please() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "io/dovetail/cli/logback.xml");
        }
    }
}
