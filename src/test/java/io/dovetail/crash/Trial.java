package io.dovetail.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.crash.Offer.Kind;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A hub with its partners, its consumer and its operator, who are asked in the end whether all promises were kept. */
final class Trial implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    final HubProcess hub;
    final Generator partners;
    final Subscriber consumer;
    final Operator operator;
    private final Duration patience;
    private final Set<Violation> violations = Collections.synchronizedSet(new LinkedHashSet<>());
    private final AtomicInteger samples = new AtomicInteger();
    private final AtomicInteger unequalSamples = new AtomicInteger();
    private final AtomicInteger verifications = new AtomicInteger();
    private final AtomicInteger disagreements = new AtomicInteger();
    private final Set<Offer> setAside = new HashSet<>();
    private int markers;

    private Trial(HubProcess hub, Generator partners, Subscriber consumer, Duration patience) {
        this.hub = hub;
        this.partners = partners;
        this.consumer = consumer;
        this.operator = new Operator(hub);
        this.patience = patience;
    }

    /** With a database that was started once and stopped; nothing runs yet. */
    static Trial in(Path directory) {
        return in(directory, arrival -> false);
    }

    static Trial of(HubProcess hub, Subscriber consumer) {
        return new Trial(hub, new Generator(hub), consumer, PATIENCE);
    }

    /** @param rejects what the consumer rolls back, each time it comes */
    static Trial in(Path directory, Predicate<Arrival> rejects) {
        var hub = hub(directory);
        return of(hub, new Subscriber(hub, rejects));
    }

    /**
     * One that goes on for long.
     *
     * @param directory where the hub is, with whatever is done to that disk
     * @param ledgers where its partners and its consumer write down what they saw
     */
    static Trial in(Path directory, Path ledgers, Load load) {
        var hub = hub(directory);
        var partners = new Generator(hub, load, Ledger.in(ledgers.resolve("partners.ledger")));
        var consumer = new Subscriber(hub, arrival -> false, Ledger.in(ledgers.resolve("consumer.ledger")));
        return new Trial(hub, partners, consumer, load.patience());
    }

    private static HubProcess hub(Path directory) {
        var data = directory.resolve("data").toAbsolutePath();
        Template.get().copy(data);
        return new HubProcess(data);
    }

    /** One delivery, answered. */
    Sent send(String key, int n, Kind kind) throws InterruptedException {
        return partners.send(partners.offer(Template.SENDERS.getFirst(), key, n, kind));
    }

    /** The same while the hub dies over it: it is sent until a hub that is there again has answered. */
    CompletableFuture<Sent> sending(String key, int n, Kind kind) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return send(key, n, kind);
                            } catch (InterruptedException e) {
                                throw new CompletionException(e);
                            }
                        },
                        Trial::onAThreadOfItsOwn)
                .orTimeout(2 * patience.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * What waits for a hub that is dead must not wait in the common pool: it has one thread on two processors, and the
     * HTTP client of every other test ends its requests there.
     */
    static void onAThreadOfItsOwn(Runnable task) {
        Thread.ofPlatform().daemon().start(task);
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
        violations.addAll(
                checker().held(offers(letters)).effects(unfinished(letters)).violations());
        verify();
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
                .books(book(), partners)
                .violations());
        verify();
        var audit = operator.audit();
        if (!audit.path("intact").asBoolean() || audit.path("heads").asInt() == 0) {
            violations.add(new Violation(Violation.Kind.AUDIT, audit.toString()));
        }
        var unreadable = consumer.unreadable();
        if (unreadable != null) {
            violations.add(new Violation(Violation.Kind.INVENTED, unreadable));
        }
        return violations;
    }

    /** Waits until partners have had so many more answers; for as long as that goes on at all. */
    void awaitAnswers(int more) throws InterruptedException {
        var until = partners.answered() + more;
        var last = partners.answered();
        var end = System.nanoTime() + patience.toNanos();
        while (partners.answered() < until) {
            partners.requireWhole();
            if (partners.answered() != last) {
                last = partners.answered();
                end = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > end) {
                throw new AssertionError("Nobody got an answer for " + patience + ". The hub said:\n" + hub.output());
            }
            Thread.sleep(2);
        }
    }

    /** Waits until this holds; the hub may be away meanwhile. */
    void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .atMost(patience)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(condition);
    }

    /** The books as they stand, which must balance at any moment. */
    JsonNode book() throws InterruptedException, IOException {
        var page = operator.book();
        samples.incrementAndGet();
        if (page.path("difference").asInt() != 0) {
            unequalSamples.incrementAndGet();
            violations.add(new Violation(Violation.Kind.BOOKS, "they do not balance: " + page));
        }
        return page;
    }

    /** Lets the hub verify its books from its rows, whatever it has in hand. */
    void verify() throws InterruptedException, IOException {
        var verified = operator.verified();
        verifications.incrementAndGet();
        if (!verified.path("agrees").asBoolean()) {
            disagreements.incrementAndGet();
            violations.add(new Violation(Violation.Kind.BOOKS, "the rows differ: " + verified));
        }
    }

    /** What was found so far. */
    Set<Violation> found() {
        synchronized (violations) {
            return new LinkedHashSet<>(violations);
        }
    }

    /** How often the books were looked at, and how often they did not balance. */
    int samples() {
        return samples.get();
    }

    int unequalSamples() {
        return unequalSamples.get();
    }

    /** How often they were compared with the rows, and how often these differed. */
    int verifications() {
        return verifications.get();
    }

    int disagreements() {
        return disagreements.get();
    }

    /**
     * Waits until no event is in flight but those held behind a parked one. That all which is in flight is held does not
     * say it: between two turns of a worker that lets go a key, nothing else is in flight either.
     */
    void quiet() {
        await("nothing is on its way any more", () -> {
            var page = book();
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
        await("the consumer has all", () -> has(consumer.events(), marker) && has(consumer.triggers(), marker));
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
        return partners.mayPark(letter.sender(), letter.key()).stream()
                .filter(offer -> letter.kind().equals("POISON")
                        ? offer.kind().isPoison()
                        : !offer.kind().isPoison() && offer.n() == letter.n())
                .findFirst()
                .orElse(null);
    }

    /** Effects that wait behind what is parked, or are parked themselves. */
    private Collection<Offer> unfinished(List<Operator.Letter> letters) {
        var first = new HashMap<String, Integer>();
        for (var offer : offers(letters)) {
            first.merge(offer.sender() + "/" + offer.key(), offer.turn(), Math::min);
        }
        var unfinished = new HashSet<>(setAside);
        for (var sent : partners.ledger()) {
            var offer = sent.offer;
            var parked = first.get(offer.sender() + "/" + offer.key());
            if (parked != null && parked <= offer.turn()) {
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
