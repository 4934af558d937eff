package io.dovetail.cli;

import io.dovetail.scaffold.CannotScaffoldException;
import io.dovetail.scaffold.NewFiles;
import io.dovetail.scaffold.Proposal;
import io.dovetail.scaffold.Scaffold;
import io.dovetail.scaffold.Skeleton;
import io.dovetail.scaffold.Wanted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "connector",
        mixinStandardHelpOptions = true,
        header = "Make a connector: a folder and a contract to begin with, which pass \"hub check\" as they are.",
        description = {
            "",
            "With samples, it is proposed from them: contracts, ids, keys, mappings, and what must come of each sample."
                    + " Without, it is that of an invented system."
        },
        footer = {
            "",
            "Example: hub new connector zendesk",
            "         hub new connector ticketbox --from created.json closed.json",
            "         hub new connector shop --from order.json --emits order.placed.v1 --headers headers.txt"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NewConnectorCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "of the folder: small letters, digits and hyphens")
    private String name;

    @Option(
            names = "--from",
            paramLabel = "SAMPLE",
            arity = "1..*",
            description = "deliveries as the other side sends them, JSON or XML; several tell what may be absent")
    private List<Path> samples = new ArrayList<>();

    @Option(
            names = "--emits",
            paramLabel = "[KIND=]TYPE",
            description = "the canonical type that it becomes, for each kind of event; default: the one that fits, or"
                    + " else a new one")
    private List<String> emits = new ArrayList<>();

    @Option(
            names = "--split",
            paramLabel = "PATH",
            description = "where the business events stand in a delivery; default: as it looks")
    private @Nullable String split;

    @Option(
            names = "--headers",
            paramLabel = "FILE",
            description = "headers that such a delivery comes with, a line each: they tell how it is proved")
    private @Nullable Path headers;

    NewConnectorCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        if (samples.isEmpty() && (!emits.isEmpty() || split != null || headers != null)) {
            throw new NotDoneException("--emits, --split and --headers go with samples: name them with --from");
        }
        try {
            return samples.isEmpty() ? begin() : propose();
        } catch (CannotScaffoldException e) {
            throw new NotDoneException(String.valueOf(e.getMessage()));
        }
    }

    private int begin() {
        write(NewFiles.of(workplace.root(), name), Skeleton.files(name));
        Page.of(spec)
                .line("Next: \"hub check " + name
                        + "\", then make connector.yaml, the contract, the mapping and the samples say"
                        + " what the other side really sends; \"hub try " + name + " opened\" explains a sample.");
        return 0;
    }

    private int propose() {
        Quiet.please();
        var place = NewFiles.of(workplace.root(), name);
        var proposal = Scaffold.propose(workplace.root(), new Wanted(name, samples, types(), split, headers));
        write(place, proposal.files());
        tell(proposal);
        return 0;
    }

    private void write(NewFiles place, Map<String, byte[]> files) {
        place.write(files);
        var page = Page.of(spec);
        files.keySet().stream().sorted().forEach(page::line);
        page.line();
    }

    private void tell(Proposal proposal) {
        var page = Page.of(spec);
        page.line("Guessed, so read it in connectors/" + name + "/connector.yaml:");
        proposal.guesses().forEach(guess -> page.field(guess.about(), guess.what()));
        page.line();
        page.line("Next: \"hub check " + name + "\"; \"hub try " + name + " "
                + proposal.cases().getFirst() + "\" explains a sample.");
    }

    private Map<String, String> types() {
        var types = new TreeMap<String, String>();
        for (var text : emits) {
            var equals = text.lastIndexOf('=');
            types.put(equals < 0 ? "" : text.substring(0, equals), text.substring(equals + 1));
        }
        return types;
    }
}
