package io.dovetail.crash;

import io.dovetail.crash.Offer.Kind;
import io.dovetail.crash.Sent.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Partners that send signed deliveries, each key's strictly one after another: a delivery without an answer is sent
 * again, under the same id with a new signature, before the next. Its ledger is what the hub is measured by.
 */
final class Generator implements AutoCloseable {

    private static final int THREADS = 6;
    private static final int KEYS = 48;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HubProcess hub;
    private final Queue<Sent> ledger = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger duplicates = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stopping;

    Generator(HubProcess hub) {
        this.hub = hub;
    }

    /** Everything offered so far. */
    List<Sent> ledger() {
        return List.copyOf(ledger);
    }

    /** How many deliveries were answered so far. */
    int answered() {
        return answered.get();
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
        for (var t = 0; t < THREADS; t++) {
            var thread = t;
            threads.add(Thread.ofPlatform().name("partner-" + t).daemon().start(() -> {
                try {
                    run(thread, new Random(seed * 31 + thread));
                } catch (InterruptedException | RuntimeException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
    }

    /** Ends the load after the deliveries that are on their way, which all get their answer. */
    void finish() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            thread.join(PATIENCE);
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " still waits for an answer");
            }
        }
        threads.clear();
        stopping = false;
        if (!failures.isEmpty()) {
            throw new AssertionError("A partner gave up", failures.getFirst());
        }
    }

    private void run(int thread, Random random) throws InterruptedException {
        var numbers = new int[KEYS];
        while (!stopping) {
            // half of all goes to one key of this thread
            var key = thread + THREADS * (random.nextBoolean() ? 0 : random.nextInt(KEYS / THREADS));
            var name = "C-" + key;
            var sender = Template.SENDERS.get(key % Template.SENDERS.size());
            var dice = random.nextInt(1000);
            // hot keys and every second of the others are never parked, so that enough flows
            var mayBreak = key >= THREADS && key % 2 == 0;
            var kind = dice < 8 && mayBreak
                    ? Kind.REPAIRED
                    : dice < 12 && mayBreak
                            ? Kind.DISCARDED
                            : dice < 20
                                    ? Kind.FORGED
                                    : dice < 25 ? Kind.MALFORMED : dice < 200 ? Kind.REVOKED : Kind.EXPIRING;
            var offer = offer(sender, name, kind.isRefused() ? 0 : ++numbers[key], kind);
            send(offer);
            if (kind == Kind.EXPIRING && random.nextInt(50) == 0) {
                send(new Offer(sender, name, offer.n(), Kind.REPEATED, newId()));
            } else if (!kind.isRefused() && random.nextInt(50) == 0) {
                sendAgain(offer);
            }
        }
    }

    Offer offer(String sender, String key, int n, Kind kind) {
        return new Offer(sender, key, n, kind, newId());
    }

    private static String newId() {
        return "msg_" + java.util.UUID.randomUUID();
    }

    /** Sends until there is an answer that settles it. */
    Sent send(Offer offer) throws InterruptedException {
        var sent = new Sent(offer);
        ledger.add(sent);
        settle(sent);
        return sent;
    }

    /** Counts as its own what somebody else sent, to another hub on the same database or through another door. */
    void adopt(Sent sent) {
        ledger.add(sent);
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

    private void settle(Sent sent) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (sent.outcome == Outcome.UNKNOWN) {
            if (System.nanoTime() > end) {
                throw new AssertionError("No answer within " + PATIENCE + ": " + sent);
            }
            var address = hub.awaitAddress(PATIENCE);
            if (address == null) {
                throw new AssertionError("The hub is away for " + PATIENCE);
            }
            try {
                sent.status = client.send(request(address, sent.offer), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                sent.status = 0;
            }
            if (sent.status == 0 || sent.status >= 500) {
                sent.unanswered++;
                unanswered.incrementAndGet();
                awaitChange(address);
            } else {
                sent.outcome = sent.status < 300 ? Outcome.ACCEPTED : Outcome.REFUSED;
                if (sent.status == 200) {
                    duplicates.incrementAndGet();
                }
                answered.incrementAndGet();
            }
        }
    }

    /** A partner waits a little before it tries again. */
    private void awaitChange(HubProcess.Address failed) throws InterruptedException {
        synchronized (hub) {
            if (failed.equals(hub.address())) {
                hub.wait(50);
            }
        }
    }

    private HttpRequest request(HubProcess.Address address, Offer offer) {
        var body = offer.body();
        var timestamp = Long.toString(Instant.now().getEpochSecond());
        var secret = hub.secret("partner-api." + offer.sender() + ".webhook");
        if (offer.kind() == Kind.FORGED) {
            secret = Signature.newSecret();
        }
        return HttpRequest.newBuilder(URI.create(address.url() + "/in/partner-api"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .header("webhook-id", offer.id())
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", Signature.of(secret, offer.id(), timestamp, body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** Writes the ledger down, for a person who looks for what went wrong. */
    void write(Path file) {
        try {
            Files.write(file, ledger.stream().map(Sent::toString).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(Thread::interrupt);
        client.shutdownNow();
    }
}
