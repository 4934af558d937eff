package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        header = "Walk the audit from its beginning, and name the first row that was changed, removed or put in.",
        description = {
            "",
            "The rows are also compared with their heads, which the hub writes down in a file: without them, a cut end"
                    + " or a table that was written anew cannot be seen.",
            "Exits with 1 if the audit is not whole, or no head vouches for it."
        },
        footer = {"", "Example: hub audit verify --head /mnt/other/audit.head"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AuditVerifyCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(names = "--head", paramLabel = "FILE", description = "a copy of the head file; default: the hub's own")
    private @Nullable Path head;

    @Option(names = "--json", description = "print what was found as JSON")
    private boolean json;

    AuditVerifyCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var path = "/api/audit/verify";
        JsonNode verdict;
        if (head == null) {
            verdict = Api.of(workplace, hub).get(path);
        } else {
            var kept = Json.MAPPER.createObjectNode();
            kept.set("heads", heads(head));
            verdict = Api.of(workplace, hub).post(path, kept);
        }
        var page = Page.of(spec);
        if (json) {
            page.line(Json.pretty(verdict));
        } else {
            print(page, verdict);
        }
        // without a head, a table that was written anew, or emptied, would pass for whole
        return verdict.path("intact").asBoolean() && verdict.path("heads").asLong() > 0 ? 0 : 1;
    }

    private void print(Page page, JsonNode verdict) {
        var heads = verdict.path("heads").asInt();
        var rows = verdict.path("rows").asLong();
        if (verdict.path("intact").asBoolean()) {
            page.line(page.good("Whole: ") + rows + (rows == 1 ? " row" : " rows") + ", the last with hash "
                    + verdict.path("hash").asText());
        } else {
            page.line(
                    page.bold(page.bad(verdict.at("/problem/what").asText().toUpperCase(java.util.Locale.ROOT) + ": "))
                            + verdict.at("/problem/message").asText());
            page.line(rows + (rows == 1 ? " row follows" : " rows follow") + " from the beginning without a fault.");
        }
        var file = head == null ? verdict.path("headFile").asText() : head.toString();
        page.line(
                heads > 0
                        ? "They agree with " + heads + (heads == 1 ? " head" : " heads") + " in " + file + "."
                        : "No head in " + file + " vouches for them: a cut end would not be seen.");
    }

    private static ArrayNode heads(Path file) {
        var heads = Json.MAPPER.createArrayNode();
        try {
            for (var line :
                    Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()) {
                var read = Json.read(line);
                // the last line of a hub that was killed over it is none
                if (read.path("n").isNumber()
                        && read.path("hash").isTextual()
                        && read.path("at").isTextual()) {
                    heads.add(read);
                }
            }
        } catch (IOException e) {
            throw new NotDoneException("the head file " + file + " cannot be read: " + e);
        }
        if (heads.isEmpty()) {
            throw new NotDoneException("there is no head in " + file);
        }
        return heads;
    }
}
