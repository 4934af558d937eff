package io.dovetail.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Expectation;
import io.dovetail.connector.Expected;
import io.dovetail.connector.Sample;
import io.dovetail.event.Ids;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Partner;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** @param delivery its id; empty where nobody can tell */
    private record Sent(Sample sample, Partner.Answer answer, String delivery) {

        boolean isAccepted() {
            return answer.status() / 100 == 2;
        }
    }

    /** The good ones first: a parked event would hold others of its key. Nobody plays systems that are asked here. */
    void run(List<Sample> all) {
        var samples = all.stream().filter(sample -> sample.answers().isEmpty()).toList();
        send(samples.stream().filter(SampleRound::isGood).toList());
        send(samples.stream().filter(sample -> !isGood(sample)).toList());
        sent.forEach(this::compare);
    }

    private void send(List<Sample> samples) {
        var round = samples.stream().map(this::send).toList();
        round.stream().filter(each -> !each.delivery.isEmpty()).forEach(each -> desk.settled(each.delivery));
        sent.addAll(round);
    }

    private Sent send(Sample sample) {
        var answer = Partner.of(hub, connector, sample.sender())
                .deliver("sample-" + sample.name(), sample.delivery(), sample.headers());
        var isAccepted = answer.status() / 100 == 2;
        return new Sent(sample, answer, !isAccepted || !answer.id().isEmpty() ? answer.id() : delivery(sample));
    }

    /** Of a vendor that is answered in words of its own: the one that an event of it is found in. */
    private String delivery(Sample sample) {
        return traceable(sample)
                .map(id -> Ids.event(connector.name(), sample.sender(), id).toString())
                .map(event -> {
                    Desk.await(() -> !desk.deliveryOf(event).isEmpty());
                    return desk.deliveryOf(event);
                })
                .orElse("");
    }

    /** The id of an event that will be published or parked; what is ignored, or has no id, is found under none. */
    private Optional<String> traceable(Sample sample) {
        try {
            var parts = connector.read(connector.codec().read(sample.delivery()));
            return IntStream.range(0, parts.size())
                    .filter(i -> !(sample.expectation() instanceof Expectation.Events(var events))
                            || !(events.get(i) instanceof Expected.Ignored))
                    .mapToObj(i -> Optional.ofNullable(parts.get(i).id()))
                    .flatMap(Optional::stream)
                    .findFirst();
        } catch (MalformedException e) {
            return Optional.empty();
        }
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
            if (!each.delivery.isEmpty()) {
                desk.delivery(each.delivery)
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
        if (each.isAccepted() && each.delivery.isEmpty()) {
            // without an id in the answer, and none of an event of its own, it cannot be followed from out here
            note(each, traceable(each.sample).isEmpty(), "is found nowhere");
            return;
        }
        switch (each.sample.expectation()) {
            case Expectation.Refused refused -> note(each, !each.isAccepted(), "is answered " + each.answer.status());
            case Expectation.Parked parked -> parked(each, parked.pieces());
            case Expectation.Events events -> events(each, events.events());
        }
    }

    private void parked(Sent each, List<String> pieces) {
        var events = desk.delivery(each.delivery).path("events");
        var reason = events.path(0).path("failure").toString();
        note(
                each,
                events.size() == 1
                        && events.path(0).path("state").asText().equals("parked")
                        && pieces.stream().allMatch(piece -> reason.contains(piece.replace("\"", "\\\""))),
                "becomes " + states(events) + " " + reason);
    }

    private void events(Sent each, List<Expected> expected) {
        var events = desk.delivery(each.delivery).path("events");
        note(each, events.size() == expected.size(), "is " + states(events) + ", answered " + each.answer.status());
        for (var i = 0; i < Math.min(events.size(), expected.size()); i++) {
            event(each, expected.get(i), events.get(i));
        }
    }

    private void event(Sent each, Expected expected, JsonNode event) {
        var state = event.path("state").asText();
        switch (expected) {
            case Expected.Ignored ignored -> note(each, state.equals("ignored"), "is " + state);
            case Expected.Duplicate duplicate -> note(each, state.equals("duplicate"), "is " + state);
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
