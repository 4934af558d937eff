package io.dovetail.cli;

import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.check.EventsJson;
import io.dovetail.check.Rehearsal;
import io.dovetail.check.Rehearsed;
import io.dovetail.check.SampleAnswers;
import io.dovetail.connector.AnswersReader;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.connector.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "try",
        mixinStandardHelpOptions = true,
        header = "Explain what a hub would make of a file; no hub is needed, and nothing is sent.",
        description = {
            "",
            "Shows how it is read and split, which rule matches each event, its id and keys, its contract, its mapping,"
                    + " the canonical event and the workflows it triggers. Exits with 1 if anything is refused or parked."
        },
        footer = {
            "",
            "Example: hub try jira issue-deleted",
            "         hub try partner-api claim.json --sender acme",
            "         hub try jira cloud-issue-created --events > events.json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TryCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "CONNECTOR", description = "a folder of connectors/")
    private String connector;

    @Parameters(index = "1", paramLabel = "CASE|FILE", description = "one of its samples, or any file")
    private String caseOrFile;

    @Option(names = "--sender", paramLabel = "NAME", description = "who has proved to be its sender; default: default")
    private @Nullable String sender;

    @Option(names = "--header", paramLabel = "'NAME: VALUE'", description = "a header it comes with; may be repeated")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description = "what the systems that its route asks answer; default: the sample's answers.json")
    private @Nullable Path answers;

    @Option(names = "--events", description = "print only what a sample's events.json must hold for this to come out")
    private boolean events;

    TryCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        Quiet.please();
        var problems = new Problems();
        var configuration = Configuration.read(workplace.root(), problems);
        var known = Deliveries.connector(configuration, problems, connector, workplace);
        var delivery = Deliveries.find(workplace, connector, caseOrFile);
        var page = Page.of(spec);
        var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(delivery.headers());
        headers.forEach(header -> Deliveries.addHeader(all, header));
        try (var rehearsal = Rehearsal.of(configuration)) {
            var from = sender == null ? delivery.sender() : sender;
            var acceptedAt = events ? Samples.ACCEPTED_AT : Instant.now();
            var came = rehearsal.perform(known, from, delivery.body(), acceptedAt, answers(delivery));
            if (!events) {
                new Explanation(page, configuration, known, acceptedAt).tell(delivery, from, all, came);
            } else if (came instanceof Rehearsed.Accepted accepted) {
                page.line(Json.pretty(EventsJson.of(accepted, acceptedAt)));
            } else {
                throw new NotDoneException("the delivery is refused, so there are no events; put a piece of the reason"
                        + " into refused.txt: " + ((Rehearsed.Refused) came).reason());
            }
            return isGood(came) ? 0 : 1;
        } catch (BrokenRoutesException e) {
            throw new NotDoneException("the routes cannot be loaded:"
                    + e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n  ", "\n  ", "")));
        }
    }

    private SampleAnswers answers(Deliveries.Delivery delivery) {
        var file = answers == null ? delivery.answers() : answers;
        if (file == null) {
            return new SampleAnswers(List.of());
        }
        try {
            var problems = new Problems();
            var read = new AnswersReader(file.toString(), Files.readAllBytes(file), problems).read();
            if (!problems.isEmpty()) {
                throw new NotDoneException(
                        problems.list().stream().map(Problem::toString).collect(Collectors.joining("\n")));
            }
            return new SampleAnswers(read);
        } catch (IOException e) {
            throw new NotDoneException(file + " cannot be read: " + e.getMessage());
        }
    }

    private static boolean isGood(Rehearsed came) {
        return came instanceof Rehearsed.Accepted(var fates)
                && fates.stream().noneMatch(fate -> fate instanceof Rehearsed.Parked);
    }
}
