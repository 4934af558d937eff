package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.cli.Listener.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Named operators at the terminal, and what they read in the audit. */
class AuditCommandsTest {

    private static final String HASH = "ab".repeat(32);
    private static final String SINCE = "/api/audit?since=2026-03-11T00%3A00%3A00Z";

    @TempDir
    private Path data;

    private Listener hub;
    private final List<String> questions = new ArrayList<>();

    private Terminal terminal(Map<String, String> environment, Map<String, Answer> answers, String... typed) {
        try {
            hub = new Listener(answers);
            Files.writeString(data.resolve("run.json"), "{\"url\": \"" + hub.url() + "\"}");
            Files.createDirectories(data.resolve("secrets"));
            Files.writeString(data.resolve("secrets/hub.admin"), "s3cret\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        var left = new ArrayList<>(List.of(typed));
        return new Terminal(data, data, environment, question -> {
            questions.add(question);
            return left.removeFirst();
        });
    }

    @AfterEach
    void stopTheHub() {
        if (hub != null) {
            hub.close();
        }
    }

    private String asked(int n) {
        var header = hub.requests().get(n).headers().getFirst("Authorization").replaceFirst("Basic ", "");
        return new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8);
    }

    @Test
    void asksForThePasswordOfANamedOperator() {
        var books = Map.of("GET /api/books", new Answer(200, "[]"));
        var terminal = terminal(Map.of(), books, "alice's own");
        assertThat(terminal.type("books", "--operator", "alice")).isZero();
        assertThat(questions).containsExactly("Password of alice");
        assertThat(asked(0)).isEqualTo("alice:alice's own");
    }

    @Test
    void takesNameAndPasswordFromTheEnvironment() {
        var variables = new TreeMap<>(Map.of("HUB_OPERATOR", "alice", "HUB_OPERATOR_PASSWORD", "from there"));
        var terminal = terminal(variables, Map.of("GET /api/books", new Answer(200, "[]")), "bob's own");
        assertThat(terminal.type("books")).isZero();
        assertThat(asked(0)).isEqualTo("alice:from there");
        assertThat(terminal.type("books", "--operator", "admin")).isZero();
        assertThat(asked(1)).isEqualTo("admin:s3cret");
        assertThat(questions).isEmpty();
    }

    @Test
    void saysWhyAnOperatorMayNot() {
        var variables = Map.of("HUB_OPERATOR", "alice", "HUB_OPERATOR_PASSWORD", "x");
        var terminal = terminal(
                variables,
                Map.of(
                        "POST /api/reload", new Answer(403, "{\"title\": \"Forbidden\"}"),
                        "GET /api/books", new Answer(401, "{\"title\": \"Unauthorized\"}"),
                        "GET /api/audit/verify",
                                new Answer(429, "{\"title\": \"Too Many Requests\", \"detail\": \"Later.\"}")));
        assertThat(terminal.type("reload")).isEqualTo(1);
        assertThat(terminal.err()).contains("the role of alice", "does not allow this");
        assertThat(terminal.type("books")).isEqualTo(1);
        assertThat(terminal.err()).contains("does not know alice by this password", "the file operators");
        assertThat(terminal.type("audit", "verify")).isEqualTo(1);
        assertThat(terminal.err()).contains("Too Many Requests: Later.");
    }

    @Test
    void makesALineForTheSecretFile() {
        var terminal = terminal(Map.of(), Map.of(), "correct horse battery");
        assertThat(terminal.type("operator", "hash", "alice", "Repairer")).isZero();
        var line = terminal.out().strip().split(" ");
        assertThat(line).hasSize(3);
        assertThat(line[0]).isEqualTo("alice");
        assertThat(line[2]).isEqualTo("repairer");
        assertThat(BCrypt.checkpw("correct horse battery", line[1])).isTrue();
        assertThat(terminal.out() + terminal.err()).doesNotContain("horse");
    }

    @Test
    void makesNoLineThatTheHubWouldNotTake() {
        var terminal = terminal(Map.of(), Map.of(), "too short", "é".repeat(37));
        assertThat(terminal.type("operator", "hash", "alice", "viewer")).isEqualTo(1);
        assertThat(terminal.err()).contains("fewer than 12 characters");
        assertThat(terminal.type("operator", "hash", "alice", "viewer")).isEqualTo(1);
        assertThat(terminal.err()).contains("more than 72 bytes");
        for (var name : List.of("admin", "hub", "Alice", "a b", "4711", "a:b")) {
            assertThat(terminal.type("operator", "hash", name, "viewer"))
                    .as(name)
                    .isEqualTo(1);
            assertThat(terminal.err()).contains("cannot be an operator's name");
        }
        assertThat(terminal.type("operator", "hash", "alice", "admin")).isEqualTo(2);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void listsTheAuditPageByPage() {
        var first = """
                {"rows": [
                  {"n": 1, "at": "2026-03-11T10:00:00Z", "actor": "alice", "role": "repairer", "action": "replay",
                   "subject": "e1", "reason": "as agreed\\nby \\u001b[31mphone", "hash": "x"},
                  {"n": 2, "at": "2026-03-11T10:01:00Z", "actor": "?", "action": "login-refused", "subject": "wrong",
                   "detail": {"count": 3, "first": "2026-03-11T10:00:30Z", "about": ["10.0.0.1", "10.0.0.2"]}}],
                 "next": 2}
                """;
        var second = """
                {"rows": [{"n": 3, "at": "2026-03-11T10:02:00Z", "actor": "start", "action": "configuration", "subject": "v"}]}
                """;
        var terminal = terminal(
                Map.of(),
                Map.of("GET " + SINCE, new Answer(200, first), "GET " + SINCE + "&after=2", new Answer(200, second)));
        assertThat(terminal.type("audit", "list", "--since", "2026-03-11")).isZero();
        assertThat(terminal.out().lines())
                .containsExactly(
                        "1  2026-03-11T10:00:00Z  replay  e1  by alice (repairer): as agreed by \uFFFD[31mphone",
                        "2  2026-03-11T10:01:00Z  login-refused  wrong  by somebody unknown  3 times,"
                                + " the first at 2026-03-11T10:00:30Z  10.0.0.1, 10.0.0.2",
                        "3  2026-03-11T10:02:00Z  configuration  v  by start");
        assertThat(terminal.type("audit", "list", "--since", "2026-03-11T00:00:00Z", "--json"))
                .isZero();
        assertThat(terminal.out().lines())
                .hasSize(3)
                .allMatch(line -> Json.read(line).has("n"));
    }

    @Test
    void knowsWhatIsNoTime() {
        var terminal = terminal(Map.of(), Map.of());
        assertThat(terminal.type("audit", "list", "--since", "yesterday")).isEqualTo(2);
        assertThat(terminal.err()).contains("\"yesterday\" is no time").doesNotContain("java.");
    }

    @Test
    void saysThatTheAuditIsWhole() {
        var terminal = terminal(Map.of(), Map.of("GET /api/audit/verify", new Answer(200, """
                {"intact": true, "rows": 12, "hash": "%s", "heads": 3, "headFile": "/d/audit.head"}
                """.formatted(HASH))));
        assertThat(terminal.type("audit", "verify")).isZero();
        assertThat(terminal.out())
                .contains("Whole: 12 rows, the last with hash " + HASH, "They agree with 3 heads in /d/audit.head.");
    }

    /** Where the head file is gone, the rows may be all new, or gone too: each start writes one. */
    @Test
    void isNotContentWithRowsThatNoHeadVouchesFor() {
        var whole = """
                {"intact": true, "rows": %d, "hash": "%s", "heads": 0, "headFile": "/d/audit.head"}
                """;
        var terminal = terminal(Map.of(), Map.of("GET /api/audit/verify", new Answer(200, whole.formatted(12, HASH))));
        assertThat(terminal.type("audit", "verify")).isEqualTo(1);
        assertThat(terminal.out()).contains("Whole: 12 rows", "No head in /d/audit.head vouches for them");
        assertThat(terminal.type("audit", "verify", "--json")).isEqualTo(1);
        hub.close();
        terminal = terminal(Map.of(), Map.of("GET /api/audit/verify", new Answer(200, whole.formatted(0, HASH))));
        assertThat(terminal.type("audit", "verify")).isEqualTo(1);
    }

    @Test
    void namesTheRowThatIsNot() {
        var terminal = terminal(Map.of(), Map.of("GET /api/audit/verify", new Answer(200, """
                {"intact": false, "rows": 4, "hash": "%s", "heads": 0, "headFile": "/d/audit.head",
                 "problem": {"what": "missing", "n": 5, "to": 5, "message": "Row 5 is missing."}}
                """.formatted(HASH))));
        assertThat(terminal.type("audit", "verify")).isEqualTo(1);
        assertThat(terminal.out())
                .contains("MISSING: Row 5 is missing.", "4 rows follow", "a cut end would not be seen");
        assertThat(terminal.type("audit", "verify", "--json")).isEqualTo(1);
        assertThat(Json.read(terminal.out()).at("/problem/n").asInt()).isEqualTo(5);
    }

    @Test
    void comparesWithACopyOfTheHeadFile() throws IOException {
        var terminal = terminal(Map.of(), Map.of("POST /api/audit/verify", new Answer(200, """
                {"intact": true, "rows": 12, "hash": "%s", "heads": 2}
                """.formatted(HASH))));
        var copy = data.resolve("copy");
        Files.writeString(copy, """
                {"n":7,"hash":"%1$s","at":"2026-03-11T10:00:00Z"}
                {"n":9,"ha
                {"n":12,"hash":"%1$s","at":"2026-03-11T11:00:00Z"}
                """.formatted(HASH));
        assertThat(terminal.type("audit", "verify", "--head", copy.toString())).isZero();
        assertThat(terminal.out()).contains("They agree with 2 heads in " + copy + ".");
        assertThat(Json.read(hub.requests().getFirst().text()).path("heads").findValuesAsText("n"))
                .containsExactly("7", "12");
        Files.writeString(copy, "nothing\n");
        assertThat(terminal.type("audit", "verify", "--head", copy.toString())).isEqualTo(1);
        assertThat(terminal.err()).contains("there is no head in " + copy);
        assertThat(terminal.type(
                        "audit", "verify", "--head", data.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("cannot be read");
    }
}
