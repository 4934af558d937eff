package io.dovetail.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Expectation;
import io.dovetail.connector.Expected;
import io.dovetail.connector.Sample;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Partner;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Sends the samples of one connector, and compares what really came of each with what its folder says. */
final class SampleRound {

    private final HubProcess.Address hub;
    private final Desk desk;
    private final Bus bus;
    private final Connector connector;
    private final List<Sent> sent = new ArrayList<>();
    private final List<String> surprises = new ArrayList<>();

    SampleRound(HubProcess.Address hub, Desk desk, Bus bus, Connector connector) {
        this.hub = hub;
        this.desk = desk;
        this.bus = bus;
        this.connector = connector;
    }

    private record Sent(Sample sample, Partner.Answer answer) {}

    /** The good ones first: a parked event would hold others of its key. Nobody plays systems that are asked here. */
    void run(List<Sample> all) {
        var samples = all.stream().filter(sample -> sample.answers().isEmpty()).toList();
        send(samples.stream().filter(SampleRound::isGood).toList());
        send(samples.stream().filter(sample -> !isGood(sample)).toList());
        sent.forEach(this::compare);
    }

    private void send(List<Sample> samples) {
        var round = samples.stream()
                .map(sample -> new Sent(
                        sample,
                        Partner.of(hub, connector, sample.sender())
                                .deliver("sample-" + sample.name(), sample.delivery(), sample.headers())))
                .toList();
        round.stream().filter(each -> each.answer.status() == 202).forEach(each -> desk.settled(each.answer.id()));
        sent.addAll(round);
    }

    private static boolean isGood(Sample sample) {
        return sample.expectation() instanceof Expectation.Events(var events)
                && events.stream().noneMatch(Expected.Parked.class::isInstance);
    }

    int size() {
        return sent.size();
    }

    /** Each sample that did something else than its folder says, in a line. */
    List<String> surprises() {
        return surprises;
    }

    /** In a sentence, how the deliveries ended. */
    String summary() {
        var states = new ArrayList<String>();
        for (var each : sent) {
            if (each.answer.status() == 202) {
                desk.delivery(each.answer.id())
                        .path("events")
                        .forEach(event -> states.add(event.path("state").asText()));
            }
        }
        var refused = sent.stream().filter(each -> each.answer.status() >= 400).count();
        return "%d deliveries: %d refused at the door; of the %d events in the others %d were published and %d parked"
                .formatted(
                        sent.size(),
                        refused,
                        states.size(),
                        states.stream().filter("published"::equals).count(),
                        states.stream().filter("parked"::equals).count());
    }

    private void compare(Sent each) {
        switch (each.sample.expectation()) {
            case Expectation.Refused refused ->
                note(each, each.answer.status() / 100 == 4, "is answered " + each.answer.status());
            case Expectation.Parked parked -> parked(each, parked.pieces());
            case Expectation.Events events -> events(each, events.events());
        }
    }

    private void parked(Sent each, List<String> pieces) {
        var events = desk.delivery(each.answer.id()).path("events");
        var reason = events.path(0).path("failure").toString();
        note(
                each,
                events.size() == 1
                        && events.path(0).path("state").asText().equals("parked")
                        && pieces.stream().allMatch(piece -> reason.contains(piece.replace("\"", "\\\""))),
                "becomes " + states(events) + " " + reason);
    }

    private void events(Sent each, List<Expected> expected) {
        var events = desk.delivery(each.answer.id()).path("events");
        note(each, events.size() == expected.size(), "is " + states(events) + ", answered " + each.answer.status());
        for (var i = 0; i < Math.min(events.size(), expected.size()); i++) {
            event(each, expected.get(i), events.get(i));
        }
    }

    private void event(Sent each, Expected expected, JsonNode event) {
        var state = event.path("state").asText();
        switch (expected) {
            case Expected.Ignored ignored -> note(each, state.equals("ignored"), "is " + state);
            case Expected.Parked parked -> note(each, state.equals("parked"), "is " + state);
            case Expected.Waiting waiting -> note(each, event.has("waiting"), "is " + state);
            case Expected.Said said -> {
                var id = event.path("id").asText();
                Desk.await(() -> bus.event(id).isPresent());
                var seen = bus.event(id).orElse(MissingNode.getInstance());
                note(each, difference(said, event, seen) == null, String.valueOf(difference(said, event, seen)));
            }
        }
    }

    /** What the subscriber saw that the sample does not say; null when all is as it says. */
    private @Nullable String difference(Expected.Said said, JsonNode event, JsonNode seen) {
        var state = event.path("state").asText();
        if (!state.equals("published") || seen.isMissingNode()) {
            return "is " + state + (seen.isMissingNode() ? " and did not come out " : " ")
                    + event.path("failure").path("message").asText();
        }
        if (!seen.path("type").asText().equals(said.type())
                || !seen.path("data").equals(said.data())) {
            return "came out as another " + seen.path("type").asText() + ": " + seen.path("data");
        }
        if (said.subject() != null
                && !Objects.equals(said.subject(), seen.path("subject").asText())) {
            return "came out with the subject " + seen.path("subject").asText();
        }
        var workflows = StreamSupport.stream(event.path("triggers").spliterator(), false)
                .filter(trigger ->
                        Desk.await(() -> bus.hasTrigger(trigger.path("id").asText())))
                .map(trigger -> trigger.path("workflow").asText())
                .sorted()
                .toList();
        var wanted =
                said.triggers().stream().map(Expected.Start::workflow).sorted().toList();
        return workflows.equals(wanted) ? null : "set off " + workflows + " instead of " + wanted;
    }

    private void note(Sent each, boolean asSaid, String otherwise) {
        if (!asSaid) {
            surprises.add(connector.name() + "/" + each.sample.name() + " " + otherwise);
        }
    }

    private static List<String> states(JsonNode events) {
        return StreamSupport.stream(events.spliterator(), false)
                .map(event -> event.path("state").asText())
                .toList();
    }
}
