package io.dovetail.crash;

import io.dovetail.crash.Offer.Kind;
import io.dovetail.crash.Sent.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Partners that send signed deliveries, each key's strictly one after another: a delivery without an answer is sent
 * again, under the same id with a new signature, before the next. Among them are strangers, nonsense, deliveries that
 * break their contract, copies at the same time or later, effects told twice, and keys whose numbers come out of order.
 * Its ledger is what the hub is measured by.
 */
final class Generator implements AutoCloseable {

    /** How far a number may be from its place. */
    private static final int WINDOW = 10;

    private final HubProcess hub;
    private final Load load;
    private final Ledger kept;
    private final Queue<Sent> ledger = new ConcurrentLinkedQueue<>();
    private final Map<String, Collection<Offer>> mayPark = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger duplicates = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stopping;

    Generator(HubProcess hub) {
        this(hub, Load.LIGHT, Ledger.NONE);
    }

    Generator(HubProcess hub, Load load, Ledger kept) {
        this.hub = hub;
        this.load = load;
        this.kept = kept;
    }

    /** Everything offered so far. */
    List<Sent> ledger() {
        return List.copyOf(ledger);
    }

    /** What was offered of a key that may come to lie with the dead letters. */
    Collection<Offer> mayPark(String sender, String key) {
        return mayPark.getOrDefault(sender + "/" + key, List.of());
    }

    /** How many deliveries were answered so far. */
    int answered() {
        return answered.get();
    }

    /** How many of them the hub has accepted, each once however often it was sent. */
    int accepted() {
        return accepted.get();
    }

    /** How many answers said that the delivery was known already. */
    int duplicates() {
        return duplicates.get();
    }

    /** How many attempts got no answer, or one that settles nothing. */
    int unanswered() {
        return unanswered.get();
    }

    /** Whether an operator repairs what is parked under this key while the load goes on, and not only in the end. */
    static boolean isTended(String key) {
        return key.hashCode() % 2 == 0;
    }

    /** Begins the load, as {@code seed} has it. */
    void start(long seed) {
        for (var t = 0; t < load.partners(); t++) {
            var partner = t;
            threads.add(Thread.ofPlatform().name("partner-" + t).daemon().start(() -> {
                try {
                    run(partner, new Random(seed * 31 + partner));
                } catch (InterruptedException | RuntimeException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
    }

    /** @throws AssertionError when a partner has given up */
    void requireWhole() {
        if (!failures.isEmpty()) {
            throw new AssertionError("A partner gave up", failures.getFirst());
        }
    }

    /** Ends the load after the deliveries that are on their way, which all get their answer. */
    void finish() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            thread.join(load.patience());
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " still waits for an answer");
            }
        }
        threads.clear();
        stopping = false;
        requireWhole();
        kept.keep();
    }

    private void run(int partner, Random random) throws InterruptedException {
        var turns = new int[load.keys()];
        var windows = new int[load.keys()][];
        while (!stopping) {
            // half of all goes to one key of this partner
            var mine = random.nextBoolean() ? 0 : random.nextInt(load.keys());
            var key = partner + load.partners() * mine;
            var name = "C-" + key;
            var sender = Template.SENDERS.get(key % Template.SENDERS.size());
            // hot keys and every second of the others are never parked, so that enough flows
            var kind = kind(random.nextInt(1000), mine > 0 && mine % 2 == 0);
            if (kind.isRefused()) {
                send(offer(sender, name, 0, kind));
                continue;
            }
            var turn = ++turns[mine];
            var n = mine % 4 == 1 ? shuffled(turn, mine, windows, random) : turn;
            var offer = new Offer(sender, name, n, turn, kind, newId());
            switch (random.nextInt(100)) {
                case 0 -> sendAtOnce(offer, 2 + random.nextInt(4));
                case 1, 2 -> {
                    send(offer);
                    sendAgain(offer);
                }
                default -> send(offer);
            }
            if (kind == Kind.EXPIRING && random.nextInt(50) == 0) {
                send(new Offer(sender, name, n, turn, Kind.REPEATED, newId()));
            }
        }
    }

    private Kind kind(int dice, boolean mayBreak) {
        if (mayBreak && dice < 12) {
            return dice < 8 ? Kind.REPAIRED : Kind.DISCARDED;
        }
        if (mayBreak && load.unforeseen() && dice >= 500 && dice < 550) {
            return Kind.UNFORESEEN;
        }
        if (dice < 20) {
            return Kind.FORGED;
        }
        return dice < 25 ? Kind.MALFORMED : dice < 200 ? Kind.REVOKED : Kind.EXPIRING;
    }

    /** Ten numbers at a time in any order. */
    private static int shuffled(int turn, int key, int[][] windows, Random random) {
        var place = (turn - 1) % WINDOW;
        if (place == 0) {
            var numbers = new ArrayList<>(IntStream.range(0, WINDOW).boxed().toList());
            Collections.shuffle(numbers, random);
            windows[key] = numbers.stream().mapToInt(n -> turn + n).toArray();
        }
        return windows[key][place];
    }

    Offer offer(String sender, String key, int n, Kind kind) {
        return new Offer(sender, key, n, n, kind, newId());
    }

    private static String newId() {
        return "msg_" + UUID.randomUUID();
    }

    /** Sends until there is an answer that settles it. */
    Sent send(Offer offer) throws InterruptedException {
        var sent = add(new Sent(offer));
        settle(sent);
        count(sent);
        return sent;
    }

    private void count(Sent sent) {
        if (sent.outcome == Outcome.ACCEPTED) {
            accepted.incrementAndGet();
        }
    }

    private Sent add(Sent sent) {
        ledger.add(sent);
        if (sent.offer.kind().mayPark()) {
            mayPark.computeIfAbsent(sent.offer.sender() + "/" + sent.offer.key(), k -> new ConcurrentLinkedQueue<>())
                    .add(sent.offer);
        }
        // before it is sent, so that nothing is known to the hub alone
        kept.note("offered", sent.offer);
        kept.keep();
        return sent;
    }

    /** Counts as its own what somebody else sent, to another hub on the same database or through another door. */
    void adopt(Sent sent) {
        add(sent);
        unanswered.addAndGet(sent.unanswered);
    }

    /** Sends the same delivery although it was answered. */
    private void sendAgain(Offer offer) throws InterruptedException {
        var again = new Sent(offer);
        settle(again);
        if (again.status != 200) {
            throw new AssertionError("A delivery sent again is not recognised: " + again);
        }
    }

    /** Sends the same delivery several times at the same moment, of which one at most may count. */
    private void sendAtOnce(Offer offer, int copies) throws InterruptedException {
        var sent = add(new Sent(offer));
        var all = new ArrayList<>(List.of(sent));
        var others = new ArrayList<Thread>();
        for (var copy = 1; copy < copies; copy++) {
            var another = new Sent(offer);
            all.add(another);
            others.add(Thread.ofVirtual().start(() -> {
                try {
                    settle(another);
                } catch (InterruptedException | RuntimeException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        settle(sent);
        count(sent);
        for (var other : others) {
            other.join();
        }
        if (all.stream().filter(one -> one.status == 202).count() > 1) {
            throw new AssertionError("Copies of one delivery were accepted more than once: " + all);
        }
        if (sent.status == 200 && all.stream().anyMatch(one -> one.status == 202 || one.unanswered > 0)) {
            sent.unanswered++; // it is known by one of its copies
        }
    }

    private void settle(Sent sent) throws InterruptedException {
        var end = System.nanoTime() + load.patience().toNanos();
        while (sent.outcome == Outcome.UNKNOWN) {
            if (System.nanoTime() > end) {
                throw new AssertionError("No answer within " + load.patience() + ": " + sent);
            }
            var address = hub.awaitAddress(load.patience());
            if (address == null) {
                throw new AssertionError("The hub is away for " + load.patience());
            }
            var clock = hub.clock();
            try {
                sent.status = client.send(request(address, sent.offer, clock), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                sent.status = 0;
            }
            if (sent.status == 401 && !clock.isStill(hub.clock())) {
                continue; // signed by a clock that the hub no longer had
            }
            if (sent.status == 0 || sent.status >= 500) {
                sent.unanswered++;
                unanswered.incrementAndGet();
                awaitChange(address);
            } else {
                answered(sent);
            }
        }
    }

    private void answered(Sent sent) {
        sent.outcome = sent.status < 300 ? Outcome.ACCEPTED : Outcome.REFUSED;
        kept.note("answered", sent);
        if (sent.status == 200) {
            duplicates.incrementAndGet();
        }
        answered.incrementAndGet();
    }

    /** A partner waits a little before it tries again. */
    private void awaitChange(HubProcess.Address failed) throws InterruptedException {
        synchronized (hub) {
            if (failed.equals(hub.address())) {
                hub.wait(50);
            }
        }
    }

    private HttpRequest request(HubProcess.Address address, Offer offer, HubProcess.Clock clock) {
        var body = offer.body();
        var timestamp = Long.toString(Instant.now().plus(clock.ahead()).getEpochSecond());
        var secret = offer.kind() == Kind.FORGED
                ? Signature.newSecret()
                : hub.secret("partner-api." + offer.sender() + ".webhook");
        return HttpRequest.newBuilder(URI.create(address.url() + "/in/partner-api"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .header("webhook-id", offer.id())
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", Signature.of(secret, offer.id(), timestamp, body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(Thread::interrupt);
        client.shutdownNow();
        kept.close();
    }
}
