package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        header = "Show in which files two versions differ, and how.",
        description = {
            "",
            "A version is its hash or the beginning of one, \"live\", or \"disk\": the files as they are now."
        },
        footer = {
            "",
            "Example: hub versions diff c500             from it to what is live",
            "         hub versions diff live disk        what a reload would bring"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class VersionsDiffCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Parameters(index = "0", paramLabel = "A", description = "from this one")
    private String from;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "B",
            defaultValue = "live",
            description = "to this one; live unless given")
    private String to;

    @Option(names = "--json", description = "print it as JSON")
    private boolean json;

    VersionsDiffCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var answer = Api.of(workplace, hub).get("/api/versions/" + encoded(from) + "/diff?to=" + encoded(to));
        var page = Page.of(spec);
        if (json) {
            page.line(Json.pretty(answer));
            return 0;
        }
        var files = answer.path("files");
        if (files.isEmpty()) {
            page.line("Nothing differs.");
        }
        files.forEach(file -> print(page, file));
        return 0;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void print(Page page, JsonNode file) {
        page.line(page.bold(
                file.path("path").asText() + "  " + file.path("change").asText()));
        if (!file.hasNonNull("diff")) {
            page.line("  (no text, or too much of it to be shown)");
            return;
        }
        file.path("diff")
                .asText()
                .lines()
                .forEach(line -> page.line(
                        switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                            case '-' -> page.bad(line);
                            case '+' -> page.good(line);
                            case '@' -> page.pale(line);
                            default -> line;
                        }));
    }
}
