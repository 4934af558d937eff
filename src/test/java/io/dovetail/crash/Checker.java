package io.dovetail.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.crash.Offer.Kind;
import io.dovetail.crash.Sent.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what the consumer got with what the senders were promised. */
final class Checker {

    /** Whose {@code n}th. */
    private record Position(String sender, String key, int n) {
        static Position of(Offer offer) {
            return new Position(offer.sender(), offer.key(), offer.n());
        }

        static Position of(Arrival arrival) {
            return new Position(arrival.sender(), arrival.key(), arrival.n());
        }
    }

    /** What came of one offer. */
    private static final class Effects {
        private final Set<String> ids = HashSet.newHashSet(1);
        private @Nullable Arrival other;
    }

    private final List<Violation> violations = new ArrayList<>();
    private final Map<Position, Offer> promised = new LinkedHashMap<>();
    private final List<Sent> ledger;
    private final List<Arrival> events;
    private final List<Arrival> triggers;

    Checker(List<Sent> ledger, List<Arrival> events, List<Arrival> triggers) {
        this.ledger = ledger;
        this.events = events;
        this.triggers = triggers;
        for (var sent : ledger) {
            if (sent.offer.hasEffect() && sent.outcome != Outcome.REFUSED) {
                promised.put(Position.of(sent.offer), sent.offer);
            }
        }
    }

    List<Violation> violations() {
        return violations;
    }

    /** Every sender got the answer that its delivery deserves. */
    Checker answers() {
        for (var sent : ledger) {
            var deserved = sent.offer.kind().isRefused() ? Outcome.REFUSED : Outcome.ACCEPTED;
            if (sent.outcome != deserved) {
                // an unknown sender who is let in is worse than a known one who is not
                add(
                        sent.offer.kind() == Kind.FORGED ? Violation.Kind.STRANGER : Violation.Kind.ANSWER,
                        sent.toString());
            } else if (sent.status == 200 && sent.unanswered == 0) {
                add(Violation.Kind.ANSWER, "taken for a duplicate at its first attempt: " + sent.offer);
            }
        }
        return this;
    }

    /**
     * Every effect that was promised is there, once, and nothing else.
     *
     * @param missing effects that cannot be there yet, or never will
     */
    Checker effects(Collection<Offer> missing) {
        var came = new HashMap<Position, Effects>();
        for (var event : events) {
            var position = Position.of(event);
            var effects = came.computeIfAbsent(position, p -> new Effects());
            effects.ids.add(event.id());
            var offer = promised.get(position);
            if (offer != null && !(event.type().equals(offer.type()) && event.content() == offer.content())) {
                effects.other = event;
            }
        }
        var setOff = new HashMap<String, Set<String>>();
        for (var trigger : triggers) {
            setOff.computeIfAbsent(trigger.event(), e -> HashSet.newHashSet(1)).add(trigger.id());
            var offer = promised.get(Position.of(trigger));
            if (offer != null && trigger.content() != offer.content()) {
                add(Violation.Kind.INVENTED, trigger + " came of " + offer);
            }
        }
        var known = new HashSet<String>();
        promised.forEach((position, offer) -> {
            var effects = came.get(position);
            var of = effects == null ? Set.<String>of() : effects.ids;
            known.addAll(of);
            if (of.isEmpty() && !missing.contains(offer)) {
                add(Violation.Kind.LOST, "no event of " + offer);
            } else if (of.size() > 1) {
                add(Violation.Kind.DOUBLED, of.size() + " events of " + offer + ": " + of);
            }
            if (effects != null && effects.other != null) {
                add(Violation.Kind.INVENTED, effects.other + " came of " + offer);
            }
            for (var id : of) {
                var triggered = setOff.getOrDefault(id, Set.of()).size();
                if (offer.isTriggering() && triggered == 0) {
                    add(Violation.Kind.LOST, "no trigger of " + offer);
                } else if (triggered > (offer.isTriggering() ? 1 : 0)) {
                    add(Violation.Kind.DOUBLED, triggered + " triggers of " + offer);
                }
            }
        });
        came.forEach((position, effects) -> {
            if (!promised.containsKey(position)) {
                add(Violation.Kind.INVENTED, "nobody offered what came as " + position + " " + effects.ids);
            }
        });
        setOff.keySet().stream()
                .filter(event -> !known.contains(event))
                .forEach(event -> add(Violation.Kind.INVENTED, "a trigger of event " + event + ", which never came"));
        return this;
    }

    /** What came first of each effect came in the order in which its key was accepted. */
    Checker order() {
        order(events);
        order(triggers);
        return this;
    }

    private void order(List<Arrival> arrivals) {
        var seen = new HashSet<String>();
        var last = new HashMap<String, Integer>();
        for (var arrival : arrivals) {
            if (!seen.add(arrival.id())) {
                continue;
            }
            var key = arrival.sender() + "/" + arrival.key();
            var turn = turn(arrival);
            var before = last.put(key, turn);
            if (before != null && before > turn) {
                add(
                        Violation.Kind.ORDER,
                        "%s of %s: turn %d came after %d"
                                .formatted(arrival.isTrigger() ? "triggers" : "events", key, turn, before));
            }
        }
    }

    /** In which turn of its key it was accepted. */
    private int turn(Arrival arrival) {
        var offer = promised.get(Position.of(arrival));
        return offer == null ? arrival.n() : offer.turn();
    }

    /** Nothing came of a key after what is parked of it. */
    Checker held(Collection<Offer> parked) {
        var first = new HashMap<String, Integer>();
        for (var offer : parked) {
            first.merge(offer.sender() + "/" + offer.key(), offer.turn(), Math::min);
        }
        for (var arrivals : List.of(events, triggers)) {
            for (var arrival : arrivals) {
                var blocker = first.get(arrival.sender() + "/" + arrival.key());
                if (blocker != null && turn(arrival) > blocker) {
                    add(Violation.Kind.HELD, "%s came, and turn %d of its key is parked".formatted(arrival, blocker));
                }
            }
        }
        return this;
    }

    /** The hub counts what its partners count, once every event has found its end. */
    Checker books(JsonNode page, Generator generator) {
        var accepted = count(null);
        var known = page.at("/deliveries/duplicate").asInt();
        if (known < generator.duplicates() || known > generator.duplicates() + generator.unanswered()) {
            add(
                    Violation.Kind.BOOKS,
                    "%d duplicate deliveries, partners were told of %d and wonder about %d"
                            .formatted(known, generator.duplicates(), generator.unanswered()));
        }
        var expected = new LinkedHashMap<String, Integer>();
        expected.put("/deliveries/accepted", accepted);
        expected.put("/events/read", accepted);
        expected.put("/events/published", (int) ledger.stream()
                .filter(sent -> sent.outcome == Outcome.ACCEPTED && sent.offer.hasEffect())
                .count());
        expected.put("/events/duplicate", count(Kind.REPEATED));
        expected.put("/events/discarded", count(Kind.DISCARDED));
        expected.put("/events/ignored", 0);
        expected.put("/events/parked", 0);
        expected.put("/events/inFlight", 0);
        compare(page, expected);
        return this;
    }

    private void compare(JsonNode page, Map<String, Integer> expected) {
        expected.forEach((pointer, count) -> {
            if (page.at(pointer).asInt() != count) {
                add(Violation.Kind.BOOKS, "%s is %s, counted %d: %s".formatted(pointer, page.at(pointer), count, page));
            }
        });
    }

    private int count(@Nullable Kind kind) {
        return (int) ledger.stream()
                .filter(sent -> sent.outcome == Outcome.ACCEPTED && (kind == null || sent.offer.kind() == kind))
                .count();
    }

    private void add(Violation.Kind kind, String what) {
        violations.add(new Violation(kind, what));
    }
}
