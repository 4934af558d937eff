package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.cli.Listener.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiCommandsTest {

    private static final String ID = "0b5f2a54-6d0f-5a8e-9a53-2f0a7c1f8f11";
    private static final String LETTER = """
            {"id": "%s", "delivery": "d", "connector": "jira", "sender": "default", "type": "ticket.opened.v1",
             "key": "31001", "acceptedAt": "2026-03-11T10:00:00Z", "parkedAt": "2026-03-11T10:00:01Z",
             "mappingVersion": "aa01", "liveVersion": "bb02", "fingerprint": "ab12", "waiting": 2, "media": "application/json", "body": "{\\"a\\": 1}",
             "steps": [{"at": "2026-03-11T10:00:02Z", "step": "replayed", "actor": "admin", "reason": "try it",
               "version": "aa00", "detail": {"as": "aa00"}}],
             "failure": {"kind": "CONTRACT", "place": "/issue/id", "rule": "required", "message": "It is missing."}}
            """.formatted(ID);

    private static final String PROPOSED_ID = "1c5f2a54-6d0f-5a8e-9a53-2f0a7c1f8f11";
    private static final String PROPOSED =
            """
            {"needsApproval": true,
             "proposal": {"id": "%s", "at": "2026-03-11T10:00:02Z", "by": "alice", "reason": "as agreed", "body": "{}",
               "edit": {"as": "aa00", "patch": [{"op": "remove", "path": "/a"}]},
               "changes": {"places": [{"place": "/a", "was": "1"}, {"place": "/b\\n", "was": "1", "now": "2"}], "more": 3}},
            """.formatted(ID) + LETTER.replace(ID, PROPOSED_ID).substring(1);

    private static final String VERIFIED = """
            {"at": "2026-03-11T10:00:00Z", "millis": 2345, "agrees": false, "deliveries": 1200, "events": 3400,
             "rows": [{"connector": "jira", "check": "event-missing", "says": "one is not there", "count": 3,
                       "ids": [{"delivery": "d1", "seq": 17}, {"delivery": "d2"}]},
                      {"check": "outbox-too-much", "says": "too much", "count": 1, "ids": [{"seq": 18}]}],
             "counters": [{"connector": "jira", "counter": "events.published", "counted": 7, "found": 5,
                           "explained": true, "differingMinutes": 12, "minutes": [
                             {"minute": "2026-03-11T09:58:00Z", "counted": 2, "found": 1, "rows": 1, "candidates": []}]},
                          {"connector": "sap", "counter": "events.read", "counted": 1, "found": 2, "explained": false,
                           "differingMinutes": 1, "minutes": [
                             {"counted": 0, "found": 1, "rows": 40, "candidates": [{"delivery": "d3"}]}]}]}
            """;

    @TempDir
    private Path data;

    private Listener hub;
    private Terminal terminal;

    @BeforeEach
    void startAHub() throws Exception {
        hub = new Listener(
                Map.ofEntries(
                        Map.entry(
                                "GET /api/dead-letters?connector=jira",
                                new Answer(200, "{\"deadLetters\": [" + LETTER + "], \"next\": 7}")),
                        Map.entry(
                                "GET /api/dead-letters?connector=jira&after=7",
                                new Answer(200, "{\"deadLetters\": [" + LETTER + "], \"next\": null}")),
                        Map.entry("GET /api/dead-letters/" + ID, new Answer(200, LETTER)),
                        Map.entry("POST /api/dead-letters/" + ID + "/replay", new Answer(200, "{}")),
                        Map.entry(
                                "POST /api/dead-letters/" + ID + "/discard",
                                new Answer(422, "{\"title\": \"Not done\", \"detail\": \"It waits already.\"}")),
                        Map.entry("GET /api/dead-letters/" + PROPOSED_ID, new Answer(200, PROPOSED)),
                        Map.entry(
                                "POST /api/dead-letters/" + PROPOSED_ID + "/replay",
                                new Answer(202, "{\"status\": \"proposed\", \"proposal\": \"" + ID + "\"}")),
                        Map.entry("POST /api/dead-letters/" + PROPOSED_ID + "/approve", new Answer(200, "{}")),
                        Map.entry("POST /api/dead-letters/" + PROPOSED_ID + "/refuse", new Answer(200, "{}")),
                        Map.entry("GET /api/dead-letters/proposals?connector=jira", new Answer(200, """
                        {"proposals": [{"id": "%s", "proposal": "%s", "connector": "jira", "type": "ticket.opened.v1",
                         "key": "31001", "at": "2026-03-11T10:00:02Z", "by": "alice", "reason": "as agreed"}], "next": 7}
                        """.formatted(
                                        PROPOSED_ID, ID))),
                        Map.entry(
                                "GET /api/dead-letters/proposals?connector=jira&after=7",
                                new Answer(200, "{\"proposals\": []}")),
                        Map.entry("POST /api/dead-letters/" + ID + "/skip", new Answer(200, "{}")),
                        Map.entry("POST /api/dead-letters/skip", new Answer(200, "{\"skipped\": 2}")),
                        Map.entry("GET /api/books", new Answer(200, """
                        [{"connector": "jira", "deliveries": {"answered": 5, "accepted": 4, "duplicate": 1},
                          "events": {"read": 4, "published": 1, "ignored": 0, "duplicate": 0, "parked": 1,
                                     "discarded": 0, "inFlight": 1, "held": 1}, "difference": 1}]
                        """)),
                        Map.entry("GET /api/pauses", new Answer(200, "{\"pauses\": []}")),
                        Map.entry("POST /api/pauses", new Answer(200, """
                        {"pauses": [{"what": "intake", "name": "", "at": "2026-03-11T10:00:00Z", "by": "admin", "reason": "it moves"}]}
                        """)),
                        Map.entry("GET /api/books/verify", new Answer(200, VERIFIED)),
                        Map.entry("GET /api/timeline?key=PO+47%2F11", new Answer(200, """
                        {"key": "PO 47/11", "events": [{"id": "e", "delivery": "d", "connector": "jira", "sender": "x",
                         "state": "published", "type": "order.placed.v1", "key": "4711", "mappingVersion": "v9",
                         "acceptedAt": "2026-03-11T10:00:00Z", "publishedAt": "2026-03-11T10:00:03Z",
                         "triggers": [{"id": "t", "workflow": "order-review"}],
                         "history": [
                           {"step": "accepted", "at": "2026-03-11T10:00:00Z", "payload": "/api/deliveries/d/payload"},
                           {"step": "parked", "at": "2026-03-11T10:00:00.5Z", "afterMillis": 500, "actor": "hub",
                            "version": "v8", "reason": "No."},
                           {"step": "skipped", "at": "2026-03-11T10:00:00.6Z", "afterMillis": 100, "actor": "alice",
                            "reason": "The rest cannot wait."},
                           {"step": "approved", "at": "2026-03-11T10:00:01Z", "afterMillis": 400, "actor": "bob",
                            "version": "v7", "proposedBy": "alice", "reason": "as agreed"},
                           {"step": "translated", "at": "2026-03-11T10:00:02Z", "afterMillis": 1000, "version": "v9"},
                           {"step": "published", "at": "2026-03-11T10:00:03Z", "afterMillis": 1000,
                            "payload": "/api/events/7/published"},
                           {"step": "republished", "at": "2026-03-11T12:00:00Z", "afterMillis": 7197000, "actor": "bob",
                            "to": ["hub.events::workflow"], "reason": "their disk"}]}],
                         "next": 7, "refused": []}
                        """)),
                        Map.entry("GET /api/versions", new Answer(200, """
                        [{"hash": "bb02", "firstLiveAt": "2026-03-11T10:00:00Z", "liveSince": "2026-03-12T10:00:00Z",
                          "by": "admin", "reason": "it is worse", "insteadOf": "aa01", "onDisk": false},
                         {"hash": "aa01", "firstLiveAt": "2026-03-10T10:00:00Z", "liveSince": "2026-03-10T10:00:00Z",
                          "liveUntil": "2026-03-11T10:00:00Z", "by": "start", "onDisk": true}]
                        """)),
                        Map.entry("GET /api/versions/c500/diff?to=live", new Answer(200, """
                        {"from": "c50098782446d9aa", "to": "bb02", "files": [
                          {"path": "routes/a.yaml", "change": "changed", "diff": "--- a/routes/a.yaml\\n+++ b/routes/a.yaml\\n@@ -1 +1 @@\\n-x\\n+y\\n"},
                          {"path": "schemas/b.json", "change": "added"}]}
                        """)),
                        Map.entry("GET /api/versions/live/diff?to=disk", new Answer(200, "{\"files\": []}")),
                        Map.entry(
                                "POST /api/versions/c500/rollback",
                                new Answer(200, "{\"version\": \"c50098782446d9aa\", \"status\": \"live\"}")),
                        Map.entry("GET /api/timeline?key=D-311", new Answer(200, """
                        {"key": "D-311", "events": [{"id": "e", "delivery": "d", "connector": "dealdesk", "sender": "x",
                         "state": "accepted", "type": "deal.registered.v1", "key": "D-311",
                         "acceptedAt": "2026-03-11T10:00:00Z", "triggers": [],
                         "waiting": {"attempts": 3, "nextAttemptAt": "2026-03-11T10:00:09Z", "failure":
                           {"kind": "EXTERNAL", "place": "GET https://crm/a", "rule": "status 503", "message": "It is away."}},
                         "history": [{"at": "2026-03-11T10:00:01Z", "step": "asked", "actor": "hub", "reason": "attempt 1 failed"}]}]}
                        """)),
                        Map.entry("GET /api/timeline?key=acme&before=7", new Answer(200, """
                        {"key": "acme", "events": [], "next": null, "refused": [
                          {"connector": "jira", "sender": "acme", "reason": "too_large", "count": 2,
                           "first": "2026-03-11T10:00:00Z", "last": "2026-03-11T10:00:05Z"}]}
                        """)),
                        Map.entry(
                                "POST /api/reload",
                                new Answer(
                                        422,
                                        "{\"title\": \"Not reloaded\", \"detail\": \"Problems.\", \"problems\": [\"a.yaml:3: no\"]}"))));
        Files.createDirectories(data.resolve("secrets"));
        Files.writeString(data.resolve("secrets/hub.admin"), "s3cret\nthe-one-before\n");
        Files.writeString(data.resolve("run.json"), "{\"url\": \"" + hub.url() + "\"}");
        terminal = new Terminal(data, data, Map.of());
    }

    @AfterEach
    void stopTheHub() {
        hub.close();
    }

    @Test
    void listsAllDeadLettersPageByPage() {
        assertThat(terminal.type("dead", "list", "--connector", "jira")).isZero();
        assertThat(terminal.out())
                .contains(ID, "CONTRACT at /issue/id: It is missing.", "2 later events wait", "2 dead letters.");
        assertThat(hub.requests().getFirst().headers().getFirst("Authorization"))
                .isEqualTo(
                        "Basic " + Base64.getEncoder().encodeToString("admin:s3cret".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void showsHowVersionsDiffer() {
        assertThat(terminal.type("versions", "diff", "c500")).isZero();
        assertThat(terminal.out()).contains("routes/a.yaml  changed", "-x\n+y", "schemas/b.json  added", "too much");
        assertThat(terminal.type("versions", "diff", "live", "disk")).isZero();
        assertThat(terminal.out()).contains("Nothing differs.");
    }

    @Test
    void rollsBack() {
        assertThat(terminal.type("rollback", "c500", "--reason", "it is worse")).isZero();
        assertThat(terminal.out()).contains("Live: version c50098782446d9aa.", "The files are as they were.");
        assertThat(new String(hub.requests().getLast().body(), StandardCharsets.UTF_8))
                .contains("it is worse");
    }

    @Test
    void listsDeadLettersForPrograms() {
        assertThat(terminal.type("dead", "list", "--connector=jira", "--json")).isZero();
        assertThat(Json.read(terminal.out()).path("deadLetters")).hasSize(2);
    }

    @Test
    void showsADeadLetter() {
        assertThat(terminal.type("dead", "show", ID)).isZero();
        assertThat(terminal.out()).contains("/issue/id", "replayed by admin as version aa00: try it", "{\"a\": 1}");
    }

    @Test
    void offersTheVersionsThatMaySayIt() {
        assertThat(terminal.type("dead", "show", ID)).isZero();
        assertThat(terminal.out())
                .contains(
                        "aa01; live is bb02",
                        "hub dead replay " + ID + " --reason '…'\n",
                        "hub dead replay " + ID + " --reason '…' --as then",
                        "--as VERSION",
                        "hub dead discard " + ID);
    }

    @Test
    void showsAnEditThatWaitsAndHowToDecideOnIt() {
        assertThat(terminal.type("dead", "show", PROPOSED_ID)).isZero();
        assertThat(terminal.out())
                .containsSubsequence(
                        "An edit waits for an approval",
                        "by         alice",
                        "reason     as agreed",
                        "version aa00",
                        "{\"op\":\"remove\",\"path\":\"/a\"}",
                        "  /a\n    - 1\n  /b?\n    - 1\n    + 2\n",
                        "and 3 more places",
                        "hub dead approve " + PROPOSED_ID + " --proposal " + ID,
                        "hub dead refuse " + PROPOSED_ID + " --reason '…'",
                        "which another operator has to approve");
    }

    @Test
    void saysThatAnEditIsOnlyProposed() {
        assertThat(terminal.type("dead", "replay", PROPOSED_ID, "--reason", "agreed", "--patch", "[]"))
                .isZero();
        assertThat(terminal.out()).startsWith("Proposed. Another operator").contains("hub dead show " + PROPOSED_ID);
    }

    @Test
    void approvesTheEditThatWasLookedAt() {
        assertThat(terminal.type("dead", "approve", PROPOSED_ID)).isEqualTo(2);
        assertThat(hub.requests()).isEmpty();
        assertThat(terminal.type("dead", "approve", PROPOSED_ID, "--proposal", ID))
                .isZero();
        assertThat(hub.requests().getFirst().text()).isEqualTo("{\"proposal\":\"" + ID + "\"}");
    }

    @Test
    void refusesAnEditWithAReason() {
        assertThat(terminal.type("dead", "refuse", PROPOSED_ID)).isEqualTo(2);
        assertThat(terminal.type("dead", "refuse", PROPOSED_ID, "--reason", "not so"))
                .isZero();
        assertThat(hub.requests().getFirst().text()).isEqualTo("{\"reason\":\"not so\"}");
        assertThat(terminal.out()).contains("stays parked");
    }

    @Test
    void listsEditsThatWait() {
        assertThat(terminal.type("dead", "proposals", "--connector", "jira")).isZero();
        assertThat(terminal.out())
                .contains(PROPOSED_ID + "  jira  ticket.opened.v1  31001", "proposed by alice: as agreed");
        assertThat(terminal.type("dead", "proposals", "--connector", "jira", "--json"))
                .isZero();
        assertThat(Json.read(terminal.out()).path("proposals")).hasSize(1);
    }

    @Test
    void replaysAsAnotherVersion() {
        assertThat(terminal.type("dead", "replay", ID, "--reason", "agreed", "--as", "then"))
                .isZero();
        assertThat(hub.requests().get(1).text()).isEqualTo("{\"reason\":\"agreed\",\"as\":\"then\"}");
    }

    @Test
    void listsVersions() {
        assertThat(terminal.type("versions")).isZero();
        assertThat(terminal.out().lines())
                .hasSize(3)
                .startsWith(
                        "bb02  live since 2026-03-12T10:00:00Z by admin, rolled back: it is worse  first"
                                + " 2026-03-11T10:00:00Z",
                        "aa01  live from 2026-03-10T10:00:00Z to 2026-03-11T10:00:00Z by start  on disk")
                .last()
                .asString()
                .startsWith("It was rolled back to: the files are others.");
        assertThat(terminal.type("versions", "--json")).isZero();
    }

    @Test
    void tellsWhatAnEventWaitsFor() {
        assertThat(terminal.type("timeline", "D-311")).isZero();
        assertThat(terminal.out())
                .contains("accepted")
                .contains("asked by hub: attempt 1 failed")
                .contains("waiting: asked 3 times in vain, next at 2026-03-11T10:00:09Z")
                .contains("EXTERNAL at GET https://crm/a: It is away.");
    }

    @Test
    void replaysWithAPatchOrAText() throws Exception {
        var text = Files.writeString(data.resolve("repaired.json"), "{\"b\": 2}");

        assertThat(terminal.type(
                        "dead",
                        "replay",
                        ID,
                        "--reason",
                        "agreed",
                        "--patch",
                        "[{\"op\": \"remove\", \"path\": \"/a\"}]"))
                .isZero();
        assertThat(terminal.type("dead", "replay", ID, "--reason", "agreed", "--text", text.toString()))
                .isZero();
        assertThat(hub.requests().get(1).text())
                .isEqualTo("{\"reason\":\"agreed\",\"patch\":[{\"op\":\"remove\",\"path\":\"/a\"}]}");
        assertThat(hub.requests().get(3).text()).isEqualTo("{\"reason\":\"agreed\",\"text\":\"{\\\"b\\\": 2}\"}");
    }

    @Test
    void wantsAReasonAndOneEditAtMost() {
        assertThat(terminal.type("dead", "replay", ID)).isEqualTo(2);
        assertThat(terminal.err()).contains("--reason");
        assertThat(terminal.type("dead", "replay", ID, "--reason", "x", "--patch", "[]", "--text", "f"))
                .isEqualTo(2);
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void skipsOneOrAllOfAKey() {
        assertThat(terminal.type("dead", "skip", ID, "--reason", "a test")).isZero();
        assertThat(terminal.out()).contains("Skipped " + ID + ".");
        assertThat(terminal.type("dead", "skip", "--connector", "jira", "--key", "OPS-12", "--reason", "a test"))
                .isZero();
        assertThat(terminal.out()).contains("Skipped 2 dead letters of OPS-12.");
        assertThat(terminal.type("dead", "skip", ID, "--connector", "jira", "--key", "OPS-12", "--reason", "x"))
                .isEqualTo(2);
        assertThat(terminal.type("dead", "skip", "--connector", "jira", "--reason", "x"))
                .isEqualTo(2);
    }

    @Test
    void tellsWhatTheHubObjectsTo() {
        assertThat(terminal.type("dead", "discard", ID, "--reason", "a test")).isEqualTo(1);
        assertThat(terminal.err()).isEqualToNormalizingNewlines("hub: Not done: It waits already.\n");
    }

    @Test
    void drainsAHubAndTellsWhatStays() throws Exception {
        assertThat(terminal.type("drain", "--reason", "it moves")).isZero();
        assertThat(terminal.out())
                .contains(
                        "intake paused since 2026-03-11T10:00:00Z by admin: it moves",
                        "Nothing is on its way.",
                        "1 parked (hub dead list), 1 held behind them or paused.");
        assertThat(hub.requests())
                .extracting(Listener.Request::text)
                .contains("{\"what\":\"intake\",\"reason\":\"it moves\"}");
        try (var busy = new Listener(Map.of(
                "GET /api/pauses", new Answer(200, "{\"pauses\": [{\"what\": \"intake\"}]}"),
                "GET /api/books", new Answer(200, "[{\"events\": {\"inFlight\": 7, \"held\": 2}}]")))) {
            assertThat(terminal.type("drain", "--within", "0", "--url", busy.url()))
                    .isEqualTo(1);
            assertThat(terminal.out()).contains("5 on their way.", "0 parked (hub dead list), 2 held");
        }
    }

    @Test
    void showsBooksThatDoNotBalance() {
        assertThat(terminal.type("books")).isEqualTo(1);
        assertThat(terminal.out())
                .contains(
                        "answered 5 = accepted 4 + duplicate 1",
                        "read 4 = published 1 + ignored 0 + duplicate 0 + parked 1 + discarded 0 + in flight 1, of which 1 held",
                        "1 differ");
    }

    @Test
    void showsWhatAVerificationFound() {
        assertThat(terminal.type("books", "--verify")).isEqualTo(1);
        assertThat(terminal.out()).isEqualToNormalizingNewlines("""
                Recomputed from 1,200 deliveries and 3,400 events, as of 2026-03-11T10:00:00Z, in 2.3 s
                jira  3 event-missing
                  one is not there
                    delivery d1  seq 17
                    delivery d2
                    and 1 more ids
                connector unknown  1 outbox-too-much
                  too much
                    seq 18
                jira  events.published counted 7, the rows say 5
                  what is wrong with the rows above is enough to explain it
                  2026-03-11T09:58:00Z  counted 2, the rows say 1
                    and 11 more minutes
                sap  events.read counted 1, the rows say 2
                  without a time  counted 0, the rows say 1; candidates, which are all the rows of this minute:
                    delivery d3
                    and 39 more ids
                """);
        assertThat(terminal.type("books", "--verify", "--json")).isEqualTo(1);
        assertThat(Json.read(terminal.out()).path("rows")).hasSize(2);
    }

    @Test
    void showsWhatHappenedInOrder() {
        assertThat(terminal.type("timeline", "PO 47/11")).isZero();
        assertThat(terminal.out())
                .containsSubsequence(
                        "accepted from x",
                        "parked by hub by version v8: No.  +500 ms",
                        "skipped by alice: The rest cannot wait.  +100 ms",
                        "approved by bob, as proposed by alice as version v7: as agreed",
                        "translated by version v9",
                        "published, triggers order-review  +1000 ms",
                        "republished by bob to hub.events::workflow: their disk  +7197 s",
                        "/api/deliveries/d/payload, /api/events/7/published",
                        "hub timeline PO 47/11 --before 7");
    }

    @Test
    void showsWhatAPartnerWasRefused() {
        assertThat(terminal.type("timeline", "acme", "--before", "7")).isZero();
        assertThat(terminal.out())
                .contains("2026-03-11T10:00:05Z")
                .contains("refused of jira/acme: too_large, 2 since 2026-03-11T10:00:00Z");
    }

    @Test
    void listsTheProblemsThatKeepTheHubFromReloading() {
        assertThat(terminal.type("reload")).isEqualTo(1);
        assertThat(terminal.err()).contains("Not reloaded: Problems.", "  a.yaml:3: no");
    }

    @Test
    void saysInOneSentenceThatThereIsNoHub() {
        hub.close();

        assertThat(terminal.type("books")).isEqualTo(1);
        assertThat(terminal.err().lines()).hasSize(1);
        assertThat(terminal.err()).contains("there is no hub at " + hub.url(), "hub run");
    }

    @Test
    void saysWhereThePasswordMayBe(@TempDir Path nowhere) {
        assertThat(new Terminal(nowhere, nowhere, Map.of()).type("books")).isEqualTo(1);
        assertThat(new Terminal(nowhere, nowhere, Map.of("HUB_ADMIN_PASSWORD", "s3cret"))
                        .type("books", "--url", hub.url()))
                .isEqualTo(1); // 1, as the books do not balance
        assertThat(hub.requests()).hasSize(1);
    }
}
