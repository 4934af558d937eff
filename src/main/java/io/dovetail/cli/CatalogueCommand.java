package io.dovetail.cli;

import io.dovetail.catalogue.Catalogue;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "catalogue",
        mixinStandardHelpOptions = true,
        header = "Write down what a hub says and hears: AsyncAPI, OpenAPI, and pages to read; no hub is needed.",
        description = {
            "",
            "A page for each type of event says who emits it, from which of the source's fields, and which workflows it"
                    + " may set off. Made from connectors, schemas, routes and samples; the same ones give the same files."
        },
        footer = {"", "Example: hub catalogue --out /tmp/catalogue"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CatalogueCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", description = "where to; default: target/catalogue")
    private @Nullable Path out;

    CatalogueCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        Quiet.please();
        var problems = new Problems();
        var configuration = Configuration.read(workplace.root(), problems);
        if (!problems.isEmpty()) {
            throw new NotDoneException("the files have problems, and a catalogue of them would be wrong; see them with"
                    + " \"hub check\"; the first: " + problems.list().getFirst());
        }
        var folder = out == null ? workplace.root().resolve("target/catalogue") : out;
        var catalogue = Catalogue.of(configuration, workplace.root());
        try {
            catalogue.write(folder);
        } catch (IOException e) {
            throw new NotDoneException("the catalogue cannot be written to " + folder + ": " + e.getMessage());
        }
        Page.of(spec)
                .line(catalogue.types() + " types of events, " + catalogue.said() + " of them said by "
                        + configuration.connectors().size() + " connectors: read "
                        + folder.resolve("index.html").toAbsolutePath().normalize());
        return 0;
    }
}
