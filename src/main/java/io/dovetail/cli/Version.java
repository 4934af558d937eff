package io.dovetail.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code hub --version} says. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        var version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "Dovetail " + (version == null ? "(built from sources)" : version), "Java " + Runtime.version()
        };
    }
}
