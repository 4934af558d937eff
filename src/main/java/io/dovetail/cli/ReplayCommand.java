package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        header = "Send many dead letters on their way again, in the order accepted.",
        footer = {"", "Example: hub replay start --group 100e722bc171ed32 --canary 10 --reason 'mapping repaired'"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class ReplayCommand implements Runnable {

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    ReplayCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Which dead letters. */
    static final class Choice {

        @Option(names = "--group", paramLabel = "FINGERPRINT", description = "those that failed in this one way")
        @Nullable
        String group;

        @Option(names = "--connector", paramLabel = "NAME", description = "those of this connector")
        @Nullable
        String connector;

        @Option(names = "--key", paramLabel = "KEY", description = "those of this ordering key")
        @Nullable
        String key;

        @Option(
                names = "--from",
                paramLabel = "INSTANT",
                description = "accepted then or later, as 2026-05-01T00:00:00Z")
        @Nullable
        String from;

        @Option(names = "--before", paramLabel = "INSTANT", description = "accepted before")
        @Nullable
        String before;
    }

    @Command(
            name = "try",
            mixinStandardHelpOptions = true,
            header = "Tell what would come out of a replay, by kind of difference; writes nothing and asks nobody.",
            footer = {
                "",
                "Example: hub replay try --group 100e722bc171ed32",
                "         hub replay try --published --connector jira --from 2026-05-01T00:00:00Z"
            })
    int dryRun(
            @Mixin HubOptions hub,
            @Mixin Choice choice,
            @Option(names = "--published", description = "of events that are published, against what came out then")
                    boolean published,
            @Option(names = "--limit", paramLabel = "N", description = "look at so many; 10000 unless given") @Nullable
                    Long limit,
            @Option(names = "--samples", paramLabel = "N", description = "show so many of each kind; 3 unless given")
                    @Nullable
                    Integer samples) {
        var order = order(choice);
        order.put("dryRun", true)
                .put("state", published ? "published" : "parked")
                .put("limit", limit)
                .put("samples", samples);
        new DryRunReport(page()).print(Api.of(workplace, hub).post("/api/replays", order, Duration.ofHours(1)));
        return 0;
    }

    private static ObjectNode order(Choice choice) {
        return Json.MAPPER
                .createObjectNode()
                .put("group", choice.group)
                .put("connector", choice.connector)
                .put("key", choice.key)
                .put("from", choice.from)
                .put("before", choice.before);
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            header = "Replay all dead letters, or those that are chosen; goes on by itself, over restarts too.",
            footer = {"", "Example: hub replay start --group 100e722bc171ed32 --canary 10 --reason 'mapping repaired'"})
    int start(
            @Mixin HubOptions hub,
            @Mixin Choice choice,
            @Option(names = "--reason", paramLabel = "TEXT", description = "why; it is kept") @Nullable String reason,
            @Option(names = "--rate", paramLabel = "N", description = "events a second; 200 unless given") @Nullable
                    Integer rate,
            @Option(
                            names = "--canary",
                            paramLabel = "N",
                            description = "stop after the first N; \"hub replay resume\" goes on")
                    @Nullable
                    Integer canary,
            @Option(names = "--count", description = "only tell how many it would be") boolean count) {
        var order = order(choice);
        order.put("reason", reason).put("rate", rate).put("canary", canary).put("count", count);
        var answer = Api.of(workplace, hub).post("/api/replays", order);
        if (count) {
            page().line(answer.path("chosen").asLong() + " dead letters would be replayed.");
        } else {
            print(answer);
            page().line("\"hub replay show " + answer.path("id").asText() + "\" tells how far it is.");
        }
        return 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            header = "List replays and republications, the newest first.",
            footer = {"", "Example: hub replay list"})
    int list(@Mixin HubOptions hub) {
        var replays = Api.of(workplace, hub).get("/api/replays").path("replays");
        if (replays.isEmpty()) {
            page().line("No replays.");
        }
        replays.forEach(this::print);
        return 0;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            header = "Show how far a replay or a republication is.",
            footer = {"", "Example: hub replay show ID"})
    int show(@Mixin HubOptions hub, @Parameters(paramLabel = "ID", description = "of the replay") UUID id) {
        print(Api.of(workplace, hub).get("/api/replays/" + id));
        return 0;
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            header = "Stop a replay or a republication where it is.",
            footer = {"", "Example: hub replay pause ID"})
    int pause(@Mixin HubOptions hub, @Parameters(paramLabel = "ID", description = "of the replay") UUID id) {
        return change(hub, id, "pause");
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            header = "Go on with one that is paused, or that stopped after its first few.",
            footer = {"", "Example: hub replay resume ID"})
    int resume(@Mixin HubOptions hub, @Parameters(paramLabel = "ID", description = "of the replay") UUID id) {
        return change(hub, id, "resume");
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            header = "End a replay or a republication; what it has not come to stays as it is.",
            footer = {"", "Example: hub replay cancel ID"})
    int cancel(@Mixin HubOptions hub, @Parameters(paramLabel = "ID", description = "of the replay") UUID id) {
        return change(hub, id, "cancel");
    }

    private int change(HubOptions hub, UUID id, String how) {
        print(Api.of(workplace, hub).post("/api/replays/" + id + "/" + how, null));
        return 0;
    }

    private void print(JsonNode replay) {
        print(page(), replay);
    }

    /** @param plan a replay, or a republication */
    static void print(Page page, JsonNode plan) {
        var skipped = plan.path("skipped").asLong();
        var to = plan.path("to").isEmpty() ? "replayed" : "republished to " + RepublishCommand.to(plan);
        page.line(page.bold(plan.path("id").asText()) + "  "
                + state(page, plan.path("state").asText()) + "  "
                + plan.path("replayed").asLong() + " of "
                + plan.path("chosen").asLong() + " " + to
                + (skipped == 0 ? "" : ", " + skipped + " skipped")
                + page.pale("  at " + plan.path("rate").asInt() + "/s, begun "
                        + plan.path("at").asText() + " by "
                        + plan.path("by").asText() + ": "
                        + plan.path("reason").asText()));
        if (plan.hasNonNull("waitsFor")) {
            page.line("    " + page.bad("waits: " + plan.path("waitsFor").asText()));
        }
    }

    private static String state(Page page, String state) {
        return switch (state) {
            case "done" -> page.good(state);
            case "canary" -> page.bad("waits after the first few");
            case "paused", "cancelled" -> page.bad(state);
            default -> state;
        };
    }

    private Page page() {
        return Page.of(spec);
    }
}
