package io.dovetail.demo;

import io.dovetail.counterpart.ArasDouble;
import io.dovetail.counterpart.ArenaDouble;
import io.dovetail.counterpart.WindchillDouble;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Where products change. What the hub is told to change is not what it reads as news, so that neither waits for the other. */
final class PlmSystems implements AutoCloseable {

    private static final String LONG_AGO = "2026-01-01T00:00:00";

    private final WindchillDouble windchill = new WindchillDouble();
    private final ArasDouble aras = new ArasDouble();
    private final ArenaDouble arena = new ArenaDouble();

    List<Neighbour> all() {
        return List.of(
                Neighbour.of("windchill", "REST Services", "poll")
                        .knownBy(windchill.secrets())
                        .tells(1, outside -> {
                            windchill.has("00077", "RELEASED", soon() + "Z");
                            windchill.has("00078", "OPEN", LONG_AGO + "Z");
                        })
                        .isToldTo(
                                "notice set to RESOLVED",
                                () -> windchill.state("00078").equals("RESOLVED"),
                                Office.set("changeNumber", "\"00078\""),
                                Office.call("windchill-set-state?state=RESOLVED")),
                Neighbour.of("aras", "Innovator's OData", "poll")
                        .knownBy(aras.secrets())
                        .tells(1, outside -> {
                            aras.has(77, "ECN-77", soon(), "Released");
                            aras.has(78, "ECN-78", LONG_AGO, "In Work");
                        })
                        .isToldTo(
                                "ECN promoted",
                                () -> aras.state(78).equals("Released"),
                                Office.set("itemNumber", "\"ECN-78\""),
                                Office.call("aras-promote?state=Released")),
                Neighbour.of("arena", "REST API, event queue", "poll")
                        .knownBy(arena.secrets())
                        .tells(1, outside -> {
                            // else the hub would ask every few seconds alone
                            arena.allows(1_000_000);
                            arena.queues("E77", soon() + "Z", "CHANGE", "changes", "C77");
                        })
                        .isToldTo(
                                "change completed",
                                () -> arena.asked().stream().anyMatch(line -> line.contains("/statuschanges")),
                                Office.set("changeId", "\"C78\""),
                                Office.call("arena-complete")));
    }

    /** In UTC, without saying so. */
    private static String soon() {
        return Instant.now()
                .plusSeconds(10)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .replace("Z", "");
    }

    @Override
    public void close() {
        windchill.close();
        aras.close();
        arena.close();
    }
}
