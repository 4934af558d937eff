package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.operate.Housekeeping;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History that has been kept for its time, removed by a hub whose database user owns no table. */
class OldHistoryTest {

    @TempDir
    Path data;

    @Test
    void isRemovedAfterItsTime() {
        var number = Bodies.number();
        String done;
        try (var hub = Hub.start(data, Map.of())) {
            done = hub.send(hub.signed().jira(Bodies.issueCreated(number))).id();
            hub.delivery(done, "published");
        }
        var later = Clock.offset(Clock.systemUTC(), Duration.ofDays(10));
        var settings = Map.<String, Object>of("hub.retention.standard", "7d");
        try (var hub = Hub.start(data, settings, Map.of("clock", later))) {
            hub.get("/api/deliveries/" + done).hasStatus(200);
            hub.bean(Housekeeping.class).clean();
            hub.get("/api/deliveries/" + done).isProblem(404);
            // the books remember it, and life goes on
            var books = hub.get("/api/books").json();
            assertThat(books.findValuesAsText("difference")).containsOnly("0");
            assertThat(books.findValuesAsText("published")).contains("1");
            hub.delivery(
                    hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                            .id(),
                    "published");
            hub.bean(Housekeeping.class).clean();
            var metrics = hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                    .to(hub.managementPort())
                    .text();
            assertThat(metrics)
                    .contains("hub_history_removed_total{retention=\"standard\"} 1.0")
                    .containsPattern("hub_database_bytes [1-9]")
                    .containsPattern("hub_history_bytes\\{retention=\"standard\",table=\"delivery\"} [1-9]")
                    .containsPattern(
                            "hub_payload_bytes\\{payload=\"received\",retention=\"standard\",size=\"raw\"} [1-9]");
        }
    }
}
