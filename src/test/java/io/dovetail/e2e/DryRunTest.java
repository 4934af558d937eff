package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.check.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Somebody wants to know what a mended mapping makes of what is parked, and a new one of what is published. */
class DryRunTest {

    private static final String MAPPING = "connectors/partner-api/mappings/claim.jslt";
    private static final int CLAIMS = 12;

    @TempDir
    private Path directory;

    private Hub hub;

    private void put(String mapping) throws IOException {
        Files.writeString(directory.resolve("root").resolve(MAPPING), mapping);
    }

    private JsonNode dryRun(String choice) {
        return hub.post("/api/replays", "{\"dryRun\": true, \"connector\": \"partner-api\"" + choice + "}")
                .hasStatus(200)
                .json();
    }

    private static JsonNode onlyGroup(JsonNode report) {
        assertThat(report.path("groups")).hasSize(1);
        return report.at("/groups/0");
    }

    @Test
    void tellsWhatWouldComeOutAndWritesNothing() throws IOException {
        var root = directory.resolve("root");
        Tree.of(root, "partner-api");
        FileSystemUtils.deleteRecursively(root.resolve("connectors/partner-api/samples"));
        var good = Files.readString(root.resolve(MAPPING));
        put(good.replace("\"claimNumber\":", "\"number\":"));
        try (var running = Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()))) {
            hub = running;
            var claims = new ArrayList<String>();
            for (var n = 0; n < CLAIMS; n++) {
                claims.add(hub.send(hub.signed().partner(Bodies.claim(Bodies.number(), "10")))
                        .id());
            }
            claims.forEach(claim -> hub.delivery(claim, "parked"));
            var before = hub.get("/api/books").text();

            var asBefore = dryRun("");
            assertThat(asBefore.path("tried").asInt()).isEqualTo(CLAIMS);
            assertThat(asBefore.path("complete").asBoolean()).isTrue();
            assertThat(onlyGroup(asBefore).path("difference").asText())
                    .startsWith("would be parked as before: MAPPING at " + MAPPING);

            put(good);
            hub.post("/api/reload", "{}").hasStatus(200);
            var mended = onlyGroup(dryRun(", \"samples\": 2"));
            assertThat(mended.path("difference").asText())
                    .isEqualTo("would be published: claim.submitted.v1, setting off claim-triage");
            assertThat(mended.path("count").asInt()).isEqualTo(CLAIMS);
            assertThat(mended.path("samples")).hasSize(2);
            assertThat(mended.at("/samples/0/delivery").asText()).isEqualTo(claims.getFirst());
            assertThat(mended.at("/samples/0/now/data/claimed/amount").asText()).isEqualTo("10");
            assertThat(mended.at("/samples/0/now/triggers/claim-triage/priority")
                            .asText())
                    .isNotEmpty();
            var some = dryRun(", \"limit\": 5");
            assertThat(some.path("tried").asInt()).isEqualTo(5);
            assertThat(some.path("complete").asBoolean()).isFalse();
            assertThat(hub.get("/api/books").text()).isEqualTo(before);
            claims.forEach(claim -> hub.delivery(claim, "parked"));

            hub.post("/api/replays", "{\"connector\": \"partner-api\", \"reason\": \"mended\"}")
                    .hasStatus(200);
            claims.forEach(claim -> hub.delivery(claim, "published"));
            assertThat(onlyGroup(dryRun(", \"state\": \"published\""))
                            .path("difference")
                            .asText())
                    .isEqualTo("the same");

            put(good.replace("text($value.currency)", "\"USD\""));
            hub.post("/api/reload", "{}").hasStatus(200);
            var changed = onlyGroup(dryRun(", \"state\": \"published\", \"from\": \"2026-01-01T00:00:00Z\""));
            assertThat(changed.path("difference").asText()).isEqualTo("replace /data/claimed/currency");
            assertThat(changed.path("count").asInt()).isEqualTo(CLAIMS);
            assertThat(changed.at("/samples/0/then/data/claimed/currency").asText())
                    .isEqualTo("EUR");
            assertThat(changed.at("/samples/0/now/data/claimed/currency").asText())
                    .isEqualTo("USD");
            assertThat(dryRun("").path("tried").asInt()).isZero();

            hub.post("/api/replays", "{\"state\": \"published\", \"reason\": \"again\"}")
                    .isProblem(400);
            hub.post("/api/replays", "{\"dryRun\": true, \"state\": \"held\"}").isProblem(400);
            hub.post("/api/replays", "{\"dryRun\": true, \"limit\": 0}").isProblem(400);
            assertThat(hub.get("/api/books/verify").json().path("agrees").asBoolean())
                    .isTrue();
        }
    }
}
