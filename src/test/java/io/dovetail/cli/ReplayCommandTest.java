package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.cli.Listener.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters by the thousand, at the command line. */
class ReplayCommandTest {

    private static final String ID = "6f0b4ab2-8a53-4be4-9d9c-0f7c0a0a8f1d";
    private static final String REPLAY = """
            {"id": "%s", "state": "canary", "at": "2026-03-11T10:00:00Z", "by": "admin", "reason": "mended",
             "rate": 1000, "chosen": 7, "replayed": 2, "skipped": 1}
            """.formatted(ID);

    @TempDir
    private Path data;

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private Listener hub;
    private Terminal terminal;

    @BeforeEach
    void startAHub() throws Exception {
        answers.putAll(Map.of(
                "GET /api/dead-letters/groups?connector=jira",
                new Answer(200, """
                        {"groups": [{"fingerprint": "ab12", "connector": "jira", "count": 2, "keysHeld": 1,
                          "firstParkedAt": "2026-03-11T10:00:00Z", "lastParkedAt": "2026-03-12T10:00:00Z",
                          "mappingVersion": "v9", "sample": "sample-id",
                          "failure": {"kind": "CONTRACT", "place": "/issue/id", "message": "It is missing."}}]}
                        """),
                "POST /api/replays",
                new Answer(200, REPLAY),
                "GET /api/replays",
                new Answer(200, "{\"replays\": [" + REPLAY + "]}"),
                "POST /api/replays/" + ID + "/resume",
                new Answer(200, REPLAY.replace("canary", "running"))));
        hub = new Listener(answers);
        Files.createDirectories(data.resolve("secrets"));
        Files.writeString(data.resolve("secrets/hub.admin"), "s3cret\n");
        Files.writeString(data.resolve("run.json"), "{\"url\": \"" + hub.url() + "\"}");
        terminal = new Terminal(data, data, Map.of());
    }

    @AfterEach
    void stopTheHub() {
        hub.close();
    }

    private String sent() {
        return new String(hub.requests().getLast().body(), StandardCharsets.UTF_8);
    }

    @Test
    void showsDeadLettersByWhatWentWrong() {
        assertThat(terminal.type("dead", "groups", "--connector", "jira")).isZero();
        assertThat(terminal.out())
                .contains("ab12", "2 events", "1 key held", "CONTRACT at /issue/id: It is missing.", "sample-id");
    }

    @Test
    void replaysManyStoppingAfterTheFirstFew() {
        assertThat(terminal.type(
                        "replay", "start", "--group", "ab12", "--canary", "2", "--rate", "50", "--reason", "mended"))
                .isZero();
        assertThat(sent()).contains("\"group\":\"ab12\"", "\"canary\":2", "\"rate\":50", "\"reason\":\"mended\"");
        assertThat(terminal.out())
                .contains("waits after the first few", "2 of 7 replayed, 1 skipped", "by admin: mended");
    }

    @Test
    void tellsWhatWouldComeOut() {
        answers.put("POST /api/replays", new Answer(200, """
                {"tried": 12, "complete": false, "groups": [
                  {"difference": "replace /data/currency", "count": 9, "samples": [{"id": "e1", "delivery": "d1",
                    "then": {"data": {"currency": "EUR"}}, "now": {"data": {"currency": "USD"}}}]},
                  {"difference": "the same", "count": 3, "samples": [{"id": "e2", "delivery": "d2"}]}]}
                """));
        assertThat(terminal.type("replay", "try", "--published", "--connector", "jira", "--limit", "12"))
                .isZero();
        assertThat(sent()).contains("\"dryRun\":true", "\"state\":\"published\"", "\"limit\":12");
        assertThat(terminal.out())
                .contains("Looked at 12 events; there are more", "9  replace /data/currency", "e1", "3  the same")
                .containsPattern("then +\"EUR\"")
                .containsPattern("now +\"USD\"");
    }

    @Test
    void publishesAgainOnlyWithAReason() {
        answers.put("POST /api/republications", new Answer(200, """
                {"events": 412, "messages": 449, "to": ["hub.events::workflow"]}
                """));
        assertThat(terminal.type("republish", "--from", "2026-05-01T02:00:00Z", "--consumer", "workflow"))
                .isZero();
        assertThat(sent()).contains("\"count\":true", "\"from\":\"2026-05-01T02:00:00Z\"", "\"consumer\":\"workflow\"");
        assertThat(terminal.out())
                .contains("412 events, as 449 messages, would be published again to hub.events::workflow.")
                .contains("Nothing was.");
        answers.put(
                "POST /api/republications",
                new Answer(
                        200,
                        REPLAY.replace(
                                "\"state\": \"canary\"",
                                "\"state\": \"running\", \"to\": [\"hub.events\"], \"waitsFor\": \"the bus is away\"")));
        assertThat(terminal.type("republish", "--from", "2026-05-01T02:00:00Z", "--reason", "their disk"))
                .isZero();
        assertThat(sent()).contains("\"count\":false", "\"reason\":\"their disk\"");
        assertThat(terminal.out()).contains("2 of 7 republished to hub.events", "waits: the bus is away");
        assertThat(terminal.type("republish", "--from", "yesterday")).isEqualTo(2);
    }

    @Test
    void listsAndResumes() {
        assertThat(terminal.type("replay", "list")).isZero();
        assertThat(terminal.out()).contains(ID);
        assertThat(terminal.type("replay", "resume", ID)).isZero();
        assertThat(terminal.out()).contains("running");
    }
}
