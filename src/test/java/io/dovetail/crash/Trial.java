package io.dovetail.crash;

import static org.awaitility.Awaitility.await;

import io.dovetail.crash.Offer.Kind;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A hub with its partners, its consumer and its operator, who are asked in the end whether all promises were kept. */
final class Trial implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final HubProcess hub;
    final Generator partners;
    final Subscriber consumer;
    final Operator operator;
    private final Set<Violation> violations = Collections.synchronizedSet(new LinkedHashSet<>());
    private final List<Offer> setAside = new ArrayList<>();
    private int markers;

    private Trial(HubProcess hub, Subscriber consumer) {
        this.hub = hub;
        this.partners = new Generator(hub);
        this.consumer = consumer;
        this.operator = new Operator(hub);
    }

    /** With a database that was started once and stopped; nothing runs yet. */
    static Trial in(Path directory) {
        return in(directory, arrival -> false);
    }

    static Trial of(HubProcess hub, Subscriber consumer) {
        return new Trial(hub, consumer);
    }

    /** @param rejects what the consumer rolls back, each time it comes */
    static Trial in(Path directory, java.util.function.Predicate<Arrival> rejects) {
        var data = directory.resolve("data").toAbsolutePath();
        Template.get().copy(data);
        var hub = new HubProcess(Template.get(), data);
        return new Trial(hub, new Subscriber(hub, rejects));
    }

    /** One delivery, answered. */
    Sent send(String key, int n, Kind kind) throws InterruptedException {
        return partners.send(partners.offer(Template.SENDERS.getFirst(), key, n, kind));
    }

    /** What a consumer rejected too often, and the broker set aside: it may be missing. */
    void setAside(List<Arrival> arrivals) {
        for (var arrival : arrivals) {
            partners.ledger().stream()
                    .map(sent -> sent.offer)
                    .filter(offer -> offer.hasEffect()
                            && offer.sender().equals(arrival.sender())
                            && offer.key().equals(arrival.key())
                            && offer.n() == arrival.n())
                    .forEach(setAside::add);
        }
    }

    /**
     * Lets everything come to its end, what is parked included, and gives every promise that was not kept. The hub runs;
     * nothing is on its way any more when this returns.
     */
    Set<Violation> settle() throws InterruptedException, IOException {
        partners.finish();
        arrived();
        var letters = operator.deadLetters();
        violations.addAll(checker()
                .held(offers(letters))
                .effects(unfinished(letters))
                .verified(operator.verified())
                .violations());
        while (!letters.isEmpty()) {
            decide(letters);
            quiet();
            letters = operator.deadLetters();
        }
        arrived();
        violations.addAll(checker()
                .answers()
                .effects(setAside)
                .order()
                .books(operator.book(), partners)
                .verified(operator.verified())
                .violations());
        var audit = operator.audit();
        if (!audit.path("intact").asBoolean() || audit.path("heads").asInt() == 0) {
            violations.add(new Violation(Violation.Kind.AUDIT, audit.toString()));
        }
        if (consumer.unreadable() != null) {
            violations.add(new Violation(Violation.Kind.INVENTED, consumer.unreadable()));
        }
        return violations;
    }

    /** Lets the hub verify its books, whatever it has in hand. */
    void verify() throws InterruptedException, IOException {
        violations.addAll(checker().verified(operator.verified()).violations());
    }

    /**
     * Waits until no event is in flight but those held behind a parked one. That all which is in flight is held does not
     * say it: between two turns of a worker that lets go a key, nothing else is in flight either.
     */
    void quiet() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    var page = operator.book();
                    violations.addAll(checker().balanced(page).violations());
                    var held = page.at("/events/held").asInt();
                    return page.at("/events/inFlight").asInt() == held
                            && (held == 0
                                    || operator.deadLetters().stream()
                                                    .mapToInt(Operator.Letter::waiting)
                                                    .sum()
                                            == held);
                });
    }

    /**
     * Waits until the consumer has everything that the hub has said so far: what is sent last, when nothing else is on
     * its way, arrives last.
     */
    void arrived() throws InterruptedException {
        quiet();
        var marker = send("marker", ++markers, Kind.EXPIRING).offer;
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> has(consumer.events(), marker) && has(consumer.triggers(), marker));
        quiet();
    }

    private static boolean has(List<Arrival> arrivals, Offer marker) {
        // the last ones, since nothing comes after a marker but what comes again
        return arrivals.reversed().stream()
                .limit(1_000)
                .anyMatch(arrival -> arrival.key().equals(marker.key()) && arrival.n() == marker.n());
    }

    private void decide(List<Operator.Letter> letters) throws InterruptedException {
        for (var letter : letters) {
            try {
                var offer = offer(letter);
                if (offer == null) {
                    violations.add(new Violation(Violation.Kind.PARKED, letter.toString()));
                    operator.discard(letter);
                } else {
                    operator.decide(letter, offer);
                }
            } catch (HttpTimeoutException e) {
                throw new AssertionError("no answer to a decision on " + letter, e);
            } catch (IOException e) {
                // it is still parked, or not: the next look at the dead letters tells
            }
        }
    }

    private List<Offer> offers(List<Operator.Letter> letters) {
        return letters.stream().map(this::offer).filter(offer -> offer != null).toList();
    }

    /** What was offered and is parked now; null when nothing is wrong with it. */
    Offer offer(Operator.Letter letter) {
        return partners.ledger().stream()
                .map(sent -> sent.offer)
                .filter(offer -> offer.sender().equals(letter.sender())
                        && offer.key().equals(letter.key())
                        && (letter.kind().equals("POISON")
                                ? offer.kind().isPoison()
                                : offer.kind().isBroken() && offer.n() == letter.n()))
                .findFirst()
                .orElse(null);
    }

    /** Effects that wait behind what is parked, or are parked themselves. */
    private List<Offer> unfinished(List<Operator.Letter> letters) {
        var parked = offers(letters);
        var unfinished = new ArrayList<Offer>(setAside);
        for (var sent : partners.ledger()) {
            var offer = sent.offer;
            if (parked.stream()
                    .anyMatch(p ->
                            p.sender().equals(offer.sender()) && p.key().equals(offer.key()) && p.n() <= offer.n())) {
                unfinished.add(offer);
            }
        }
        return unfinished;
    }

    private Checker checker() {
        return new Checker(partners.ledger(), consumer.events(), consumer.triggers());
    }

    @Override
    public void close() {
        partners.close();
        consumer.close();
        operator.close();
        hub.close();
    }
}
