package io.dovetail.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.harness.HrSystem;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.KeycloakServer;
import io.dovetail.harness.Partner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the demo shows, step by step. Every check looks at what the subscriber received and what the hub answers, never
 * at what the demo itself has done.
 */
final class Story {

    private static final int SHOWN = 4;

    private final Page page;
    private final House house;
    private final HubProcess.Address hub;
    private final Desk desk;
    private final Bus bus;
    private final List<Neighbour> neighbours;
    private final @Nullable KeycloakServer keycloak;
    private final Checks checks = new Checks();

    /** @param keycloak null: there is none */
    Story(
            Page page,
            House house,
            HubProcess.Address hub,
            Desk desk,
            Bus bus,
            List<Neighbour> neighbours,
            @Nullable KeycloakServer keycloak) {
        this.page = page;
        this.house = house;
        this.hub = hub;
        this.desk = desk;
        this.bus = bus;
        this.neighbours = neighbours;
        this.keycloak = keycloak;
    }

    Checks tell() throws IOException {
        partnersDeliver();
        nobodyUnknownGetsIn();
        nothingCountsTwice();
        brokenOrderIsParkedAndRepaired();
        mappingIsRepairedWhileTheHubRuns();
        new NeighboursChapter(page, house, hub, bus, checks, neighbours).tell();
        if (keycloak != null) {
            var hr = Partner.of(hub, house.connector(HrSystem.CONNECTOR), "default");
            new KeycloakChapter(page, bus, checks, keycloak, hr).tell();
        }
        booksBalance();
        return checks;
    }

    private void partnersDeliver() {
        page.step("The systems around it deliver: every sample of every connector, good and bad");
        var all = 0;
        var surprises = new ArrayList<String>();
        var silent = new ArrayList<String>();
        for (var connector : house.connectors()) {
            page.say("%s (%s)", connector.title(), connector.name());
            bus.showAtMost(SHOWN);
            var round = new SampleRound(hub, desk, bus, connector);
            round.run(house.samples(connector));
            if (bus.hidden() > 0) {
                page.say("→ and %d more", bus.hidden());
            }
            page.say("%s.", round.summary());
            all += round.size();
            surprises.addAll(round.surprises());
            if (bus.events().stream()
                    .noneMatch(e -> e.path("source").asText().startsWith("/connectors/" + connector.name() + "/"))) {
                silent.add(connector.name());
            }
        }
        bus.showAtMost(Integer.MAX_VALUE);
        checks.add(
                "Deliveries of every connector become events and triggers",
                "each of " + all + " samples ends as its folder says, and the subscriber receives what it promises",
                surprises.isEmpty() && silent.isEmpty()
                        ? "all of them did; the subscriber has " + bus.events().size() + " events and "
                                + bus.triggers().size() + " triggers"
                        : String.join("; ", surprises) + (silent.isEmpty() ? "" : "; nothing came from " + silent),
                all > 0 && surprises.isEmpty() && silent.isEmpty());
    }

    private static byte[] order(String number, String amount) {
        return """
            {"type":"order.placed","timestamp":"2026-03-11T09:15:02.250Z","data":{"orderNumber":"%s",
             "total":{"amount":"%s","currency":"EUR"},"lines":[{"line":"10","quantity":"200","unit":"PCE"}]}}
            """.formatted(number, amount).getBytes(StandardCharsets.UTF_8);
    }

    private Partner partner() {
        return Partner.of(hub, house.connector("partner-api"), "default");
    }

    private void nobodyUnknownGetsIn() {
        page.step("Somebody sends an order in a partner's name, signed with another secret");
        var before = desk.books("partner-api");
        var answer = partner().forger().deliver("forged-1", order("AC-66001", "990000.00"), Map.of());
        page.say(
                "The hub answers %d, %s. Nothing is stored.",
                answer.status(), answer.body().path("title").asText());
        var after = desk.books("partner-api");
        checks.add(
                "A forged delivery is refused",
                "401, and the books as before",
                answer.status() + ", and the books " + (after.equals(before) ? "as before" : "changed"),
                answer.status() == 401 && after.equals(before));
    }

    private void nothingCountsTwice() {
        page.step("A partner sends an order, hears nothing, and sends it again");
        var before = desk.books("partner-api");
        var body = order("AC-77001", "18400.00");
        var first = partner().deliver("order-77001", body, Map.of());
        desk.settled(first.id());
        var second = partner().deliver("order-77001", body, Map.of());
        var event = desk.delivery(first.id()).path("events").path(0).path("id").asText();
        Desk.await(() -> bus.position(event) >= 0);
        page.say(
                "First answer %d %s, second answer %d %s.",
                first.status(),
                first.body().path("status").asText(),
                second.status(),
                second.body().path("status").asText());
        var seen = bus.events().stream()
                .filter(e -> e.path("subject").asText().equals("AC-77001"))
                .count();
        var counted = duplicates(desk.books("partner-api")) - duplicates(before);
        checks.add(
                "A duplicate is recognised",
                "202, then 200 with the same id; one event comes out; the books count one duplicate",
                "%d, then %d with %s id; %d came out; the books count %d"
                        .formatted(
                                first.status(),
                                second.status(),
                                second.id().equals(first.id()) ? "the same" : "another",
                                seen,
                                counted),
                first.status() == 202
                        && second.status() == 200
                        && second.id().equals(first.id())
                        && seen == 1
                        && counted == 1);
    }

    private static long duplicates(JsonNode books) {
        return books.path("deliveries").path("duplicate").asLong();
    }

    private void brokenOrderIsParkedAndRepaired() {
        page.step("SAP sends order 4500099001 with a quantity in words, and then a change of that order");
        var sap = Partner.of(hub, house.connector("sap-idoc"), "default");
        var order = sap.deliver("order", House.resource("order-in-words.xml"), Map.of())
                .id();
        var parked = desk.settled(order).path("events").path(0);
        var change = sap.deliver("change", House.resource("order-change.xml"), Map.of())
                .id();
        var held = desk.settled(change).path("events").path(0);
        var orderEvent = parked.path("id").asText();
        var changeEvent = held.path("id").asText();
        var letter = desk.deadLetter(orderEvent);
        explain(letter);
        page.say(
                "The change waits behind it (%d waiting): orders and their changes never overtake each other.",
                letter.path("waiting").asInt());
        var failure = letter.path("failure");
        checks.add(
                "A broken delivery is parked and explained",
                "parked as CONTRACT, with place, rule and value",
                "%s as %s at %s, rule %s, value %s"
                        .formatted(
                                parked.path("state").asText(),
                                failure.path("kind").asText(),
                                failure.path("place").asText(),
                                failure.path("rule").asText(),
                                failure.path("value").asText()),
                parked.path("state").asText().equals("parked")
                        && failure.path("kind").asText().equals("CONTRACT")
                        && failure.path("place").asText().contains("MENGE")
                        && !failure.path("rule").asText().isEmpty()
                        && failure.path("value").asText().contains("two hundred"));
        var early = bus.position(orderEvent) >= 0 || bus.position(changeEvent) >= 0;
        checks.add(
                "A later event of the same key waits",
                "the change is held, and neither has come out",
                "the change is %s, and %s"
                        .formatted(held.path("state").asText(), early ? "one came out" : "neither came out"),
                held.path("state").asText().equals("held") && !early);

        page.step("An operator corrects the quantity and replays it");
        var patch = List.of(Map.of("op", "replace", "path", "/E1EDP01/0/MENGE", "value", "200.000"));
        page.say("POST /api/dead-letters/…/replay  patch: /E1EDP01/0/MENGE becomes 200.000");
        var answer = desk.replay(orderEvent, Map.of("reason", "Mr Lund confirmed 200 by phone", "patch", patch));
        Desk.await(() -> bus.position(orderEvent) >= 0 && bus.position(changeEvent) >= 0);
        desk.settled(order);
        desk.settled(change);
        var orderAt = bus.position(orderEvent);
        var changeAt = bus.position(changeEvent);
        var quantity = bus.event(orderEvent)
                .map(e -> e.at("/data/lines/0/quantity").asText())
                .orElse("nothing");
        checks.add(
                "It is repaired by an edit and released in order",
                "the order comes out with 200.000 pieces, and its change after it",
                "replay answered %d; the order came out with %s, the change %s"
                        .formatted(
                                answer.status(),
                                quantity,
                                changeAt < 0 ? "did not come out" : changeAt > orderAt ? "after it" : "before it"),
                answer.status() == 200 && quantity.equals("200.000") && orderAt >= 0 && changeAt > orderAt);
    }

    private void explain(JsonNode letter) {
        var failure = letter.path("failure");
        page.field(
                "parked",
                failure.path("kind").asText() + ": " + failure.path("message").asText());
        page.field("place", failure.path("place").asText());
        page.field("rule", failure.path("rule").asText());
        page.field("value", failure.path("value").asText());
    }

    private void mappingIsRepairedWhileTheHubRuns() throws IOException {
        page.step("A learning platform writes a day as 11.03.2026, which its mapping does not know");
        var academy = Partner.of(hub, house.connector(House.ACADEMY), "default");
        var delivery = academy.deliver("course-1", House.resource("academy/course-passed.json"), Map.of())
                .id();
        var parked = desk.settled(delivery).path("events").path(0);
        var event = parked.path("id").asText();
        var letter = desk.deadLetter(event);
        explain(letter);
        page.step("An engineer repairs the mapping; the hub takes it over without a restart");
        house.repairMapping();
        page.say("%s now reads both ways of writing; ./hub reload, and replay.", House.MAPPING);
        var reload = desk.reload();
        var replay = desk.replay(event, Map.of("reason", "the mapping knows such days now"));
        Desk.await(() -> bus.position(event) >= 0);
        var after = desk.settled(delivery).path("events").path(0);
        var day = bus.event(event).map(e -> e.at("/data/grantedOn").asText()).orElse("nothing");
        var before = letter.path("mappingVersion").asText();
        var now = after.path("mappingVersion").asText();
        checks.add(
                "It is repaired by a fixed mapping",
                "parked as MAPPING at a place in the mapping; after the reload it comes out with 2026-03-11",
                "%s as %s at %s; reload %d, replay %d; it came out with %s by version %s instead of %s"
                        .formatted(
                                parked.path("state").asText(),
                                letter.path("failure").path("kind").asText(),
                                letter.path("failure").path("place").asText(),
                                reload.status(),
                                replay.status(),
                                day,
                                now,
                                before),
                letter.path("failure").path("kind").asText().equals("MAPPING")
                        && letter.path("failure").path("place").asText().startsWith(House.MAPPING)
                        && day.equals("2026-03-11")
                        && now.equals(reload.body().path("version").asText())
                        && !now.equals(before));
    }

    private void booksBalance() {
        page.step("The books: what was read equals what became of it");
        Desk.await(desk::isAtRest);
        var pages = desk.books();
        var wrong = new ArrayList<String>();
        for (var book : pages) {
            var name = book.path("connector").asText();
            var d = book.path("deliveries");
            var e = book.path("events");
            page.say(
                    "%s: %d answered = %d accepted + %d duplicate",
                    name, number(d, "answered"), number(d, "accepted"), number(d, "duplicate"));
            page.say(
                    "   %d read = %d published + %d ignored + %d duplicate + %d parked + %d discarded + %d in flight",
                    number(e, "read"),
                    number(e, "published"),
                    number(e, "ignored"),
                    number(e, "duplicate"),
                    number(e, "parked"),
                    number(e, "discarded"),
                    number(e, "inFlight"));
            var events = number(e, "published")
                    + number(e, "ignored")
                    + number(e, "duplicate")
                    + number(e, "parked")
                    + number(e, "discarded")
                    + number(e, "inFlight");
            var seen = bus.events().stream()
                    .filter(event -> event.path("source").asText().startsWith("/connectors/" + name + "/"))
                    .map(event -> event.path("id").asText())
                    .distinct()
                    .count();
            if (number(e, "read") != events
                    || number(d, "answered") != number(d, "accepted") + number(d, "duplicate")
                    || book.path("difference").asLong(-1) != 0
                    || seen != number(e, "published")) {
                wrong.add(name + " (the subscriber received " + seen + ") " + book);
            }
        }
        var names = StreamSupport.stream(pages.spliterator(), false)
                .map(book -> book.path("connector").asText())
                .toList();
        var complete =
                names.contains(House.ACADEMY) && house.connectors().stream().allMatch(c -> names.contains(c.name()));
        checks.add(
                "The books balance",
                "both equations hold for every connector, and published is what the subscriber received",
                wrong.isEmpty() && complete
                        ? "they hold for " + String.join(", ", names)
                        : "they hold for " + names + " but not for " + wrong,
                wrong.isEmpty() && complete);
    }

    private static long number(JsonNode book, String name) {
        return book.path(name).asLong(-1);
    }
}
