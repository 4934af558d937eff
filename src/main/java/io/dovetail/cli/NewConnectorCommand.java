package io.dovetail.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "connector",
        mixinStandardHelpOptions = true,
        header = "Make a connector: a folder and a contract to begin with, which pass \"hub check\" as they are.",
        footer = {"", "Example: hub new connector zendesk"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NewConnectorCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "of the folder: small letters, digits and hyphens")
    private String name;

    NewConnectorCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var page = Page.of(spec);
        var files = new Skeleton(workplace.root(), name).write();
        files.forEach(page::line);
        page.line();
        page.line("Next: \"hub check " + name
                + "\", then make connector.yaml, the contract, the mapping and the samples say"
                + " what the other side really sends; \"hub try " + name + " opened\" explains a sample.");
        return 0;
    }
}
