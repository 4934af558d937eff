package io.dovetail.cli;

import io.dovetail.check.Check;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        header = "List everything that is wrong with connectors, schemas, mappings, routes and samples.",
        description = {
            "",
            "Reads and compiles all files, and runs the samples of the connectors that are named, or of all.",
            "Exits with 1 if there is any problem."
        },
        footer = {"", "Example: hub check jira"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CONNECTOR", arity = "0..*", description = "whose samples are run; default: all")
    private Set<String> connectors = new LinkedHashSet<>();

    CheckCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var folders = workplace.root().resolve("connectors");
        for (var connector : connectors) {
            if (connector.contains("/") || !Files.isDirectory(folders.resolve(connector))) {
                throw new NotDoneException("there is no connector " + connector + "; there are " + names());
            }
        }
        Quiet.please();
        var page = Page.of(spec);
        var report = Check.report(workplace.root(), connectors);
        for (var problem : report.problems()) {
            page.line(page.bold(problem.place()) + ": " + problem.message());
        }
        page.line(report.problems().isEmpty() ? page.good(report.toString()) : page.bad(report.toString()));
        return report.problems().isEmpty() ? 0 : 1;
    }

    private String names() {
        return String.join(", ", names(workplace));
    }

    static List<String> names(Workplace workplace) {
        return Deliveries.folders(workplace.root().resolve("connectors")).stream()
                .filter(name -> !name.equals("hub"))
                .toList();
    }
}
