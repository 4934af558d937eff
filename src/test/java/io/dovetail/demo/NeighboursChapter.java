package io.dovetail.demo;

import io.dovetail.connector.Connector;
import io.dovetail.harness.HubProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the demo shows of the systems that the hub asks for their news or listens to, and of those that it writes to. */
final class NeighboursChapter {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ROW = "   %-17s %-26s %-19s %6s  %s";

    private final Page page;
    private final House house;
    private final HubProcess.Address hub;
    private final Bus bus;
    private final Checks checks;
    private final List<Neighbour> neighbours;

    NeighboursChapter(
            Page page, House house, HubProcess.Address hub, Bus bus, Checks checks, List<Neighbour> neighbours) {
        this.page = page;
        this.house = house;
        this.hub = hub;
        this.bus = bus;
        this.checks = checks;
        this.neighbours = neighbours;
    }

    void tell() throws IOException {
        page.step("The systems around it that are asked, listened to and written to");
        page.say(
                "Each is simulated, over the wire and as its vendor documents it. The hub gets its secrets, and finds what"
                        + " is new in it; an office tells the hub what to do in it.");
        bus.showAtMost(0);
        var before = new HashMap<String, Long>();
        neighbours.forEach(one -> before.put(one.connector(), published(one.connector())));
        for (var one : neighbours) {
            house.agreeOnSecrets(hub.secrets(), one.secrets());
        }
        // Graph sends its notices there
        house.agreeOnSecrets(hub.secrets(), Map.of("entra.url", hub.url() + "/in/entra"));
        Desk.await(() -> neighbours.stream().allMatch(one -> one.isHeard().getAsBoolean()), PATIENCE);
        var outside = new Outside(hub, house);
        neighbours.forEach(one -> one.news().accept(outside));
        var told = neighbours.stream().filter(one -> !one.steps().isEmpty()).toList();
        told.forEach(one -> outside.deliver(Office.CONNECTOR, Office.wants(one.connector())));
        Desk.await(
                () -> published(Office.CONNECTOR) >= told.size()
                        && neighbours.stream().allMatch(one -> isWritten(one) && newsOf(one, before) >= one.events()),
                PATIENCE);
        bus.showAtMost(Integer.MAX_VALUE);
        page.line("");
        page.line(ROW.formatted("system", "counterpart", "came in by", "events", "written to it"));
        for (var one : neighbours) {
            row(one, newsOf(one, before));
        }
        page.line("");
        page.say(
                "The others only send, as step 2 has shown: %s. Keycloak is asked with --keycloak, a real one.",
                String.join(", ", others()));
    }

    private List<String> others() {
        var shown = neighbours.stream().map(Neighbour::connector).toList();
        return house.connectors().stream()
                .map(Connector::name)
                .filter(name -> !shown.contains(name) && !name.equals("keycloak"))
                .sorted()
                .toList();
    }

    private long newsOf(Neighbour one, Map<String, Long> before) {
        return published(one.connector()) - before.getOrDefault(one.connector(), 0L);
    }

    private void row(Neighbour one, long events) {
        var written = isWritten(one) ? one.written() : "nothing";
        page.line(ROW.formatted(
                one.connector(),
                one.counterpart(),
                one.by(),
                events,
                one.written().isEmpty() ? "–" : written));
        checks.add(
                one.connector(),
                said(one, one.events(), one.written()),
                said(one, events, written),
                events == one.events() && isWritten(one));
    }

    private static String said(Neighbour one, long events, String written) {
        return "%d %s by %s%s"
                .formatted(events, events == 1 ? "event" : "events", one.by(), written.isEmpty() ? "" : "; " + written);
    }

    private static boolean isWritten(Neighbour one) {
        return one.isWritten().getAsBoolean();
    }

    private long published(String connector) {
        return bus.events().stream()
                .filter(event -> event.path("source").asText().startsWith("/connectors/" + connector + "/"))
                .map(event -> event.path("id").asText())
                .distinct()
                .count();
    }
}
