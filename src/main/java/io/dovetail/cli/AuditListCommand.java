package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List the rows of the audit, the oldest first.",
        footer = {"", "Example: hub audit list --since 2h"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AuditListCommand implements Callable<Integer> {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "1d",
            converter = Since.class,
            description =
                    "30m, 2h or 7d ago, a day such as 2026-03-11, or a time such as 2026-03-11T10:00:00Z; default: 1d")
    private Instant since;

    @Option(names = "--json", description = "print them as JSON, one a line")
    private boolean json;

    AuditListCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        var api = Api.of(workplace, hub);
        var page = Page.of(spec);
        var path = "/api/audit?since=" + URLEncoder.encode(since.toString(), StandardCharsets.UTF_8);
        Long after = null;
        var count = 0;
        do {
            var answer = api.get(after == null ? path : path + "&after=" + after);
            for (var row : answer.path("rows")) {
                page.line(json ? row.toString() : line(page, row));
                count++;
            }
            after = answer.hasNonNull("next") ? (Long) answer.path("next").asLong() : null;
        } while (after != null);
        if (count == 0 && !json) {
            page.line("No rows since " + since + ".");
        }
        return 0;
    }

    private static String line(Page page, JsonNode row) {
        var role = row.path("role").asText("");
        var who = row.path("actor").asText();
        return page.pale(row.path("n").asText() + "  " + row.path("at").asText()) + "  "
                + page.bold(harmless(row.path("action").asText())) + "  "
                + harmless(row.path("subject").asText()) + "  by "
                + harmless(who.equals("?") ? "somebody unknown" : who)
                + (role.isEmpty() || role.equals(who) ? "" : " (" + harmless(role) + ")")
                + (row.hasNonNull("reason") ? ": " + harmless(row.path("reason").asText()) : "")
                + detail(row.path("detail"));
    }

    private static String detail(JsonNode detail) {
        if (!detail.isObject()) {
            return "";
        }
        var text = new StringBuilder();
        var count = detail.path("count").asLong();
        if (count > 0) {
            text.append("  ").append(count).append(count == 1 ? " time" : " times");
        }
        if (count > 1) {
            text.append(", the first at ").append(detail.path("first").asText());
        }
        if (detail.path("about").isArray()) {
            text.append("  ")
                    .append(StreamSupport.stream(detail.path("about").spliterator(), false)
                            .map(JsonNode::asText)
                            .map(AuditListCommand::harmless)
                            .collect(Collectors.joining(", ")));
        }
        if (detail.path("settings").isObject()) {
            text.append("  ")
                    .append(detail.path("settings").properties().stream()
                            .map(setting -> harmless(
                                    setting.getKey() + "=" + setting.getValue().asText()))
                            .collect(Collectors.joining(", ")));
        }
        return text.toString();
    }

    /** On one line, and without what a terminal would take for a command. */
    private static String harmless(String text) {
        return text.replaceAll("\\R", " ").replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
