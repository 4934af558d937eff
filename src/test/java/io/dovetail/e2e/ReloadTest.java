package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.check.Tree;
import io.dovetail.relay.Addresses;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** What an engineer changes under a running hub, for better and worse. */
class ReloadTest {

    private static final String MAPPING = "connectors/partner-api/mappings/claim.jslt";

    @TempDir
    Path directory;

    private Path root;
    private String earlier;

    private void change(String file, String piece, String by) throws IOException {
        var text = Files.readString(root.resolve(file));
        assertThat(text).contains(piece);
        Files.writeString(root.resolve(file), text.replace(piece, by));
    }

    @Test
    void repairsByAMendedMappingAndRefusesABrokenOne() throws IOException {
        root = directory.resolve("root");
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        var good = Files.readString(root.resolve(MAPPING));
        // gives no claim number, which the canonical schema wants
        change(MAPPING, "\"claimNumber\":", "\"number\":");
        FileSystemUtils.deleteRecursively(root.resolve("connectors/partner-api/samples"));
        try (var hub = Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()));
                var subscriber = Subscriber.of(hub, "workflow")) {
            var number = Bodies.number();
            var broken =
                    hub.send(hub.signed().partner(Bodies.claim(number, "10"))).hasStatus(202);
            var parked = hub.delivery(broken.id(), "parked").at("/events/0");
            assertThat(parked.at("/failure/kind").asText()).isEqualTo("MAPPING");
            assertThat(parked.at("/failure/place").asText()).startsWith(MAPPING);
            var replay = "/api/dead-letters/" + parked.path("id").asText() + "/replay";
            // nothing is mended yet
            hub.post(replay, "{\"reason\": \"perhaps\"}").hasStatus(200);
            hub.delivery(
                    broken.id(),
                    d -> d.path("state").asText().equals("parked")
                            && d.at("/events/0/steps").size() == 3);

            Files.writeString(root.resolve(MAPPING), good);
            var first = new WeakReference<>(hub.configuration());
            var version = hub.post("/api/reload", "{}")
                    .hasStatus(200)
                    .json()
                    .path("version")
                    .asText();
            assertThat(version).isNotEqualTo(parked.path("mappingVersion").asText());
            hub.post(replay, "{\"reason\": \"the mapping is mended\"}").hasStatus(200);
            var mended = hub.delivery(broken.id(), "published").at("/events/0");
            assertThat(mended.path("mappingVersion").asText()).isEqualTo(version);
            assertThat(mended.path("id")).isEqualTo(parked.path("id"));
            subscriber.awaitOne(
                    Addresses.EVENTS, r -> r.data().path("claimNumber").asText().equals(number));

            // each version takes tens of megabytes
            await("nobody has the first version any more").atMost(Hub.PATIENCE).until(() -> {
                System.gc();
                return first.refersTo(null);
            });
            rollsBackAndForth(hub, parked.path("mappingVersion").asText(), version);
            Files.writeString(root.resolve(MAPPING), "{ \"data\": ");
            Files.delete(root.resolve("schemas/jira/issue-event.v1.schema.json"));
            change("connectors/sap-idoc/connector.yaml", "title:", "colour: red\ntitle:");
            change("routes/triggers/deals.camel.yaml", "kamelet:hub-trigger", "bean:hub");
            var problems = hub.post("/api/reload", "{}")
                    .isProblem(422)
                    .json()
                    .path("problems")
                    .toString();
            assertThat(problems).contains(MAPPING, "jira/issue-event.v1", "colour", "routes/triggers/deals.camel.yaml");
            // what was live goes on
            var other = hub.send(hub.signed().partner(Bodies.claim(Bodies.number(), "10")))
                    .hasStatus(202);
            assertThat(hub.delivery(other.id(), "published")
                            .at("/events/0/mappingVersion")
                            .asText())
                    .isEqualTo(version);
            hub.delivery(
                    hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                            .id(),
                    "published");
            assertThat(hub.get("/api/books").json().findValuesAsText("difference"))
                    .containsOnly("0");
            // an older version can do without the files
            hub.post("/api/versions/" + earlier + "/rollback", "{\"reason\": \"the files are broken\"}")
                    .hasStatus(200);
        }
        try (var hub = Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()))) {
            var live = hub.get("/api/versions").json().get(0);
            assertThat(live.path("hash").asText()).isEqualTo(earlier);
            assertThat(live.path("reason").asText()).isEqualTo("the files are broken");
            assertThat(live.path("onDisk").asBoolean()).isFalse();
            assertThat(hub.get("/api/versions/live/diff?to=disk").text()).contains("colour: red");
            hub.delivery(
                    hub.send(hub.signed().partner(Bodies.claim(Bodies.number(), "10")))
                            .id(),
                    d -> d.at("/events/0/mappingVersion").asText().equals(earlier));
        }
        // somebody has mended the files: they count again
        Tree.of(root, "jira", "partner-api", "sap-idoc");
        try (var hub = Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()))) {
            var live = hub.get("/api/versions").json().get(0);
            assertThat(live.path("onDisk").asBoolean()).isTrue();
            assertThat(live.has("insteadOf")).isFalse();
            assertThat(live.path("hash").asText()).isNotEqualTo(earlier);
        }
    }

    /** The mended mapping turns out to be worse: the version before it is live again, while the files stay. */
    private void rollsBackAndForth(Hub hub, String bad, String version) {
        earlier = bad;
        var path = "/api/versions/" + bad.substring(0, 8) + "/rollback";
        hub.post(path, "{}").isProblem(400);
        hub.post("/api/versions/" + version + "/rollback", "{\"reason\": \"x\"}")
                .isProblem(409);
        hub.post("/api/versions/0123456789abcdef/rollback", "{\"reason\": \"x\"}")
                .isProblem(404);
        var diff = hub.get("/api/versions/" + bad + "/diff").hasStatus(200).json();
        assertThat(diff.path("files")).hasSize(1);
        assertThat(diff.at("/files/0/path").asText()).isEqualTo(MAPPING);
        assertThat(diff.at("/files/0/diff").asText()).contains("\n-  ", "\"number\":", "\n+  ", "\"claimNumber\":");

        hub.post(path, "{\"reason\": \"it is worse\"}").hasStatus(200);
        var claim = hub.send(hub.signed().partner(Bodies.claim(Bodies.number(), "10")));
        assertThat(hub.delivery(claim.id(), "parked")
                        .at("/events/0/mappingVersion")
                        .asText())
                .isEqualTo(bad);
        var versions = hub.get("/api/versions").json();
        assertThat(versions.at("/0/hash").asText()).isEqualTo(bad);
        assertThat(versions.at("/0/by").asText()).isEqualTo("admin");
        assertThat(versions.at("/0/reason").asText()).isEqualTo("it is worse");
        assertThat(versions.at("/0/insteadOf").asText()).isEqualTo(version);
        assertThat(versions.at("/1/onDisk").asBoolean()).isTrue();
        assertThat(hub.get("/api/audit").json().path("rows").toString()).contains("\"rollback\"", "it is worse");
        assertThat(hub.get("/api/openapi.json")
                        .json()
                        .at("/components/schemas/Version/properties")
                        .properties())
                .extracting(Map.Entry::getKey)
                .containsAll(versions.get(0).properties().stream()
                        .map(Map.Entry::getKey)
                        .toList());

        hub.post("/api/reload", "{}").hasStatus(200);
        assertThat(hub.get("/api/versions").json().at("/0/hash").asText()).isEqualTo(version);
    }

    @Test
    void replaysAllThatOneMistakeParked() throws IOException {
        root = directory.resolve("many");
        Tree.of(root, "partner-api");
        var good = Files.readString(root.resolve(MAPPING));
        change(MAPPING, "\"claimNumber\":", "\"number\":");
        FileSystemUtils.deleteRecursively(root.resolve("connectors/partner-api/samples"));
        try (var hub = Hub.start(directory.resolve("manyData"), Map.of("hub.root", root.toString()))) {
            var parked = new ArrayList<String>();
            for (var n = 0; n < 30; n++) {
                parked.add(hub.send(hub.signed().partner(Bodies.claim(Bodies.number(), "10")))
                        .hasStatus(202)
                        .id());
            }
            parked.forEach(id -> hub.delivery(id, "parked"));
            var group = hub.get("/api/dead-letters/groups?connector=partner-api")
                    .hasStatus(200)
                    .json()
                    .at("/groups/0");
            assertThat(group.path("count").asInt()).isEqualTo(30);
            assertThat(group.at("/failure/place").asText()).startsWith(MAPPING);

            Files.writeString(root.resolve(MAPPING), good);
            hub.post("/api/reload", "{}").hasStatus(200);
            var choice = "\"group\": \"" + group.path("fingerprint").asText() + "\"";
            hub.post("/api/replays", "{" + choice + "}").isProblem(400);
            hub.post("/api/replays", "{\"reason\": \"mended\", \"rate\": 0, " + choice + "}")
                    .isProblem(400);
            for (var wrong : List.of(
                    "{\"reason\": \"r\", \"key\": \"a\\u0000b\"}",
                    "{\"reason\": \"r\", \"from\": \"+99999-01-01T00:00:00Z\"}",
                    "{\"reason\": \"r\", \"canary\": -1}",
                    "{\"reason\": \"r\", \"rate\": \"many\"}")) {
                hub.post("/api/replays", wrong).isProblem(400);
            }
            assertThat(hub.post("/api/replays", "{\"count\": true, " + choice + "}")
                            .json()
                            .path("chosen")
                            .asInt())
                    .isEqualTo(30);
            var replay = hub.post("/api/replays", "{\"reason\": \"mended\", \"canary\": 5, " + choice + "}")
                    .hasStatus(200)
                    .json();
            var path = "/api/replays/" + replay.path("id").asText();
            await().until(() -> hub.get(path).json().path("state").asText(), "canary"::equals);
            hub.delivery(parked.get(4), "published");
            hub.delivery(parked.get(5), "parked");
            hub.post(path + "/resume", "{}").hasStatus(200);
            parked.forEach(id -> hub.delivery(id, "published"));
            await().until(() -> hub.get(path).json().path("state").asText(), "done"::equals);
            assertThat(hub.get("/api/replays").json().at("/replays/0/replayed").asInt())
                    .isEqualTo(30);
            hub.post(path + "/pause", "{}").isProblem(409);
            assertThat(hub.audited(replay.path("id").asText()))
                    .containsExactly("replay plan by admin: mended", "replay plan running by admin");
            assertThat(hub.get("/api/books").json().findValuesAsText("difference"))
                    .containsOnly("0");
        }
    }
}
