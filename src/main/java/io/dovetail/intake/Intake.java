package io.dovetail.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dovetail.codec.Acknowledgement;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Named;
import io.dovetail.connector.answer.Answers;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.connector.verify.Headers;
import io.dovetail.intake.AcceptQueue.Waiting;
import io.dovetail.intake.RefusedException.Reason;
import io.dovetail.ledger.Acceptance;
import io.dovetail.ledger.Actor;
import io.dovetail.ledger.Deliveries;
import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.NewDelivery;
import io.dovetail.ledger.Refusals;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in, the same for every door: find the connector, prove the sender over the raw bytes, parse strictly once,
 * read what the events are, and store. Dear work comes last.
 */
public final class Intake implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    private static final long TICK_MILLIS = 50;

    private final Supplier<Configuration> configuration;
    private final Secrets secrets;
    private final KeySets keySets;
    private final Rotations rotations;
    private final Clock clock;
    private final Letters letters;
    private final IntakeSettings settings;
    private final Admission admission;
    private final ByteBudget memory;
    private final Allowances allowances = new Allowances(System::nanoTime);
    private final InHand inHand = new InHand();
    private final Handshakes handshakes;
    private final Refusals refusals;
    private final AcceptQueue queue;
    private final List<Writer> writers;
    private volatile Consumer<String> hinted = connector -> {};
    // one clock for all: a timer for each delivery would cost more than finding its connector
    private final ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("accept-timeout").daemon().factory());

    /**
     * @param configuration the one that is live
     * @param ledger makes T1 for one writer
     * @param accepted told which partitions have new work, after each commit
     * @param refusals counts what is not taken
     * @param fenced told when another hub has taken the database over
     */
    public Intake(
            Supplier<Configuration> configuration,
            Secrets secrets,
            KeySets keySets,
            Rotations rotations,
            Clock clock,
            IntakeSettings settings,
            Admission admission,
            Supplier<Deliveries> ledger,
            Consumer<BitSet> accepted,
            Refusals refusals,
            Consumer<FencedException> fenced) {
        this.configuration = configuration;
        this.secrets = secrets;
        this.keySets = keySets;
        this.rotations = rotations;
        this.clock = clock;
        this.letters = new Letters(clock);
        this.settings = settings;
        this.admission = admission;
        this.handshakes = new Handshakes(configuration, secrets, keySets, rotations, allowances, inHand, clock);
        this.refusals = refusals;
        this.memory = new ByteBudget(settings.memory().toBytes());
        this.queue = new AcceptQueue(settings.queue(), settings.writers(), System::nanoTime);
        this.writers = IntStream.range(0, settings.writers())
                .mapToObj(i -> new Writer("accept-" + i, queue, ledger.get(), accepted, fenced))
                .toList();
        clockwork.scheduleAtFixedRate(this::expire, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void expire() {
        // late by a tick at most, so that one tick less is always in time
        var then = System.nanoTime() - settings.timeout().toNanos() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
        expire(then);
    }

    private void expire(long then) {
        queue.expire(then);
        writers.forEach(writer -> writer.expire(then));
    }

    /** A delivery before anybody has looked at it. */
    public interface Arrival {

        Envelope envelope();

        /** Whether it names its event in the address ({@code PUT}). */
        default boolean isPut() {
            return false;
        }

        /** The values of a parameter of the address. */
        default List<String> parameters(String name) {
            return List.of();
        }

        default Headers headers() {
            return envelope().headers();
        }

        /** Media type without parameters, lower case; null when there is none. */
        @Nullable
        String media();

        /** In bytes; -1 when it is not declared. */
        long declaredLength();

        InputStream body() throws IOException;
    }

    /**
     * The answer to a vendor's handshake, under the same limits; empty where the request is none.
     *
     * @throws RefusedException when it is one and is not answered
     * @throws IOException when the vendor went away
     */
    public Optional<Handshakes.Greeting> greet(String connectorName, Handshakes.Knock knock)
            throws RefusedException, IOException {
        try {
            return handshakes.greet(connectorName, knock);
        } catch (RefusedException e) {
            count(configuration.get().connector(connectorName), "handshake-refused", e);
            throw e;
        }
    }

    /** How a connector answers deliveries, where not in the hub's own words. */
    public Answers answers(String connectorName) {
        var connector = configuration.get().connector(connectorName);
        return connector == null ? Answers.NONE : connector.webhook().answers();
    }

    /** By which methods a connector takes deliveries. */
    public List<String> methods(String connectorName) {
        var connector = configuration.get().connector(connectorName);
        return connector != null && connector.webhook().requests().put() ? List.of("POST", "PUT") : List.of("POST");
    }

    /**
     * Takes a delivery in; returns when it is durably stored.
     *
     * @throws RefusedException when it is not, and nothing of it is stored
     * @throws IOException when its sender went away
     */
    public Receipt receive(String connectorName, Arrival arrival) throws RefusedException, IOException {
        var connector = configuration.get().connector(connectorName);
        try {
            if (connector == null) {
                throw new RefusedException(
                        Reason.UNKNOWN_CONNECTOR,
                        "There is no connector of this name; see connectors/ for those there are.");
            }
            var tail = arrival.envelope().tail();
            if (tail != null
                    && !connector.webhook().verify().isInAddress()
                    && !tail.equals(connector.webhook().requests().path())) {
                throw new RefusedException(
                        Reason.UNKNOWN_CONNECTOR, "The address goes on behind the connector's name.");
            }
            var acceptance = receive(connector, arrival);
            hint(connectorName);
            return acceptance;
        } catch (RefusedException e) {
            count(connector, "delivery-refused", e);
            throw e;
        }
    }

    /** With as much of a name as is known: one that a stranger made up goes nowhere. */
    private void count(@Nullable Connector connector, String action, RefusedException e) {
        var actor = connector == null
                ? Actor.UNKNOWN
                : Actor.of(e.sender() == null ? connector.name() : connector.name() + "/" + e.sender());
        refusals.count(actor, action, e.reason().label(), e.about());
    }

    private Receipt receive(Connector connector, Arrival arrival) throws RefusedException, IOException {
        var webhook = connector.webhook();
        if (arrival.declaredLength() > webhook.maxBytes()) {
            throw tooLarge(webhook.maxBytes());
        }
        var claim = Claim.of(connector, arrival.envelope(), secrets, keySets, clock)
                .orElseThrow(RefusedException::unauthenticated);
        if (claim.isHopeless()) {
            throw RefusedException.unauthenticated();
        }
        try (var place = inHand.enter(connector.name(), webhook.limits());
                var reader = new BodyReader(memory, place)) {
            var body = reader.read(arrival.body(), webhook.maxBytes(), arrival.declaredLength());
            if (body.length > webhook.maxBytes()) {
                throw tooLarge(webhook.maxBytes());
            }
            reader.weigh(ByteBudget.weight(connector.codec(), body));
            return receive(connector, claim, arrival, new Content(connector.codec(), body));
        }
    }

    private Receipt receive(Connector connector, Claim claim, Arrival arrival, Content content)
            throws RefusedException {
        var proved = claim.provedBy(content).orElseThrow(RefusedException::unauthenticated);
        proved.uses().forEach(use -> rotations.used(connector.name(), use.name(), use.credential()));
        try {
            return receive(connector, proved.sender(), arrival, content);
        } catch (RefusedException e) {
            throw e.sentBy(proved.sender());
        }
    }

    private Receipt receive(Connector connector, String sender, Arrival arrival, Content content)
            throws RefusedException {
        var webhook = connector.webhook();
        var patience = allowances.spend(connector.name(), sender, webhook.limits(), content.body().length);
        var media = arrival.media();
        if (media == null || !webhook.media().contains(media)) {
            throw new RefusedException(
                    Reason.MEDIA_TYPE, "This connector takes " + String.join(", ", webhook.media()) + ".");
        }
        if (!arrival.headers().all("Content-Encoding").isEmpty()) {
            throw new RefusedException(Reason.MEDIA_TYPE, "Send the body without a Content-Encoding.");
        }
        for (var header : webhook.requests().headers().entrySet()) {
            var value = arrival.headers().only(header.getKey());
            if (value == null || !header.getValue().matcher(value).matches()) {
                throw new RefusedException(
                        Reason.MALFORMED,
                        "The header " + header.getKey() + " must be there, once, and be of the form "
                                + header.getValue() + ".");
            }
        }
        // after the proof: strangers get 401 whatever the state of the hub is
        admission.require();
        try {
            var tree = content.tree();
            var named = webhook.named();
            var whole = named != null && arrival.isPut() && named.name(tree, arrival.parameters(parameter(named)))
                    ? new Content(connector.codec(), connector.codec().rewrite(content.body(), tree))
                    : content;
            var delivery = delivery(connector, sender, media, arrival.headers(), whole);
            var acceptance = store(named == null ? delivery : delivery.asExclusive(), patience);
            // a resend gets the time of the first one too, and so the same answer
            var at = DeliveryIds.time(acceptance.delivery());
            return new Receipt(
                    acceptance,
                    named == null
                            ? acknowledgement(() -> connector.acknowledgement(tree, at))
                            : arrival.isPut() ? null : names(named.names(whole.tree())));
        } catch (MalformedException e) {
            var answer = acknowledgement(() -> connector.codec().refuse(content.body(), clock.instant()));
            throw new RefusedException(Reason.MALFORMED, e.getMessage()).with(answer);
        }
    }

    private static String parameter(Named named) {
        return String.valueOf(named.query());
    }

    private static Acknowledgement names(List<String> names) {
        var list = JsonNodeFactory.instance.arrayNode();
        names.forEach(list::add);
        return new Acknowledgement("application/json", JsonCodec.write(list));
    }

    /** What is stored stays so, whatever becomes of the words for it. */
    private static @Nullable Acknowledgement acknowledgement(Supplier<@Nullable Acknowledgement> protocol) {
        try {
            return protocol.get();
        } catch (RuntimeException | StackOverflowError e) {
            log.error("A delivery cannot be acknowledged in the form of its protocol", e);
            return null;
        }
    }

    private NewDelivery delivery(Connector connector, String sender, String media, Headers headers, Content content)
            throws RefusedException, MalformedException {
        var header = connector.webhook().deliveryIdHeader();
        var sourceId = header == null ? null : headers.only(header);
        if (sourceId != null && sourceId.length() > Letter.MAX_ID) {
            throw new RefusedException(
                    Reason.MALFORMED,
                    "The delivery id in " + header + " is longer than " + Letter.MAX_ID + " characters.");
        }
        var letter = new Letter(
                sender,
                sourceId,
                connector.webhook().deliveryIdSigned(),
                media,
                content.body(),
                headers.only("traceparent"));
        return letters.delivery(connector, letter, content);
    }

    /**
     * Why a body that was fetched is not taken from somebody: it must prove by itself, as if he had sent it, that it is his.
     * What is not taken is counted for the audit.
     *
     * @return null: it is
     * @throws RefusedException when that cannot be told now
     */
    public @Nullable Reason objection(String connectorName, String sender, byte[] body) throws RefusedException {
        var connector = configuration.get().connector(connectorName);
        if (connector == null) {
            throw unavailable();
        }
        var objection = objection(connector, sender, body);
        if (objection != null) {
            refused(connectorName, objection == Reason.MALFORMED ? sender : null, objection, "fetched");
        }
        return objection;
    }

    private @Nullable Reason objection(Connector connector, String sender, byte[] body) throws RefusedException {
        if (body.length > connector.webhook().maxBytes()) {
            return Reason.TOO_LARGE;
        }
        var claim = Claim.of(connector, Envelope.of(name -> List.of()), secrets, keySets, clock);
        var content = new Content(connector.codec(), body);
        var proved =
                claim.isEmpty() ? Optional.<Claim.Proved>empty() : claim.get().provedBy(content);
        if (proved.isEmpty() || !proved.get().sender().equals(sender)) {
            return Reason.UNAUTHENTICATED;
        }
        proved.get().uses().forEach(use -> rotations.used(connector.name(), use.name(), use.credential()));
        try {
            content.tree();
            return null;
        } catch (MalformedException e) {
            return Reason.MALFORMED;
        }
    }

    /** @param listener told the connector whenever a sender has sent something by himself */
    public void onHint(Consumer<String> listener) {
        hinted = listener;
    }

    /** Tells that a sender of the connector has sent something by himself: there may be more to ask for. */
    public void hint(String connectorName) {
        hinted.accept(connectorName);
    }

    /**
     * Takes in what waits in a queue, in its order, as far as it goes: never a letter without those before it. What was
     * not taken is to be offered again, in the same order, and what was stored meanwhile is recognised then. Nobody is
     * there to be told of a conflict: what comes of it is stored, too, and parked at its turn.
     *
     * @param connectorName the senders are proved to be its own
     */
    public Taken take(String connectorName, List<Letter> offered) throws InterruptedException {
        var connector = configuration.get().connector(connectorName);
        if (connector == null) {
            return Taken.nothing(Reason.UNKNOWN_CONNECTOR);
        }
        var obstacle = admission.obstacle();
        if (obstacle != null) {
            return Taken.nothing(obstacle);
        }
        var waiting = new ArrayList<Waiting>(offered.size());
        var bytes = 0L;
        try {
            for (var letter : offered) {
                var weight = ByteBudget.weight(connector.codec(), letter.body());
                if (!memory.take(weight)) {
                    break;
                }
                bytes += weight;
                var next = new Waiting(
                        letters.delivery(connector, letter),
                        System.nanoTime(),
                        waiting.isEmpty() ? null : waiting.getLast());
                if (!queue.offer(next)) {
                    break;
                }
                waiting.add(next);
            }
            var taken = park(connector, offered, Taken.of(waiting, offered.size()));
            countConflicts(connectorName, offered, taken);
            return taken;
        } finally {
            memory.giveBack(bytes);
        }
    }

    /**
     * Stores those, too, whose id was used before with another body, for operators to decide on. They come behind the
     * others, which is no matter: they are held by no key, and hold none.
     */
    private Taken park(Connector connector, List<Letter> offered, Taken taken) throws InterruptedException {
        var places = IntStream.range(0, taken.outcomes().size())
                .filter(i -> taken.outcomes().get(i) instanceof Acceptance.Conflict)
                .boxed()
                .toList();
        var waiting = new ArrayList<Waiting>();
        for (var place : places) {
            var next = new Waiting(
                    letters.conflicting(connector, offered.get(place)),
                    System.nanoTime(),
                    waiting.isEmpty() ? null : waiting.getLast());
            if (!queue.offer(next)) {
                break;
            }
            waiting.add(next);
        }
        return taken.asFarAs(places, Taken.of(waiting, places.size()));
    }

    /** How many letters of a queue may be taken at once: as many as the connector's senders may bring in a second. */
    public int atOnce(String connectorName) {
        var connector = configuration.get().connector(connectorName);
        var perSecond =
                connector == null ? 0 : connector.webhook().limits().together().perSecond();
        return perSecond == 0 ? Integer.MAX_VALUE : perSecond;
    }

    /** @return how long the connector's queue is to wait after these, so that its senders bring no more than they may */
    public Duration pace(String connectorName, List<Letter> taken) {
        var connector = configuration.get().connector(connectorName);
        if (connector == null || taken.isEmpty()) {
            return Duration.ZERO;
        }
        var bytes = taken.stream().mapToLong(letter -> letter.body().length).sum();
        return allowances.owe(connectorName, connector.webhook().limits(), taken.size(), bytes);
    }

    private void countConflicts(String connectorName, List<Letter> offered, Taken taken) {
        for (var i = 0; i < taken.outcomes().size(); i++) {
            if (taken.outcomes().get(i) instanceof Acceptance.Conflict conflict) {
                refused(connectorName, offered.get(i).sender(), Reason.CONFLICT, "delivery " + conflict.first());
            }
        }
    }

    /**
     * Counts for the audit what the door of a queue has not let in.
     *
     * @param connectorName one that there is, or the bus; null: nobody knows where it was to go
     * @param sender who has proved himself; null: nobody has
     * @param about what helps whoever looks into it
     */
    public void refused(
            @Nullable String connectorName, @Nullable String sender, Reason reason, @Nullable String about) {
        var actor = connectorName == null
                ? Actor.UNKNOWN
                : Actor.of(sender == null ? connectorName : connectorName + "/" + sender);
        refusals.count(actor, "delivery-refused", reason.label(), about);
    }

    private Acceptance store(NewDelivery delivery, Duration patience) throws RefusedException {
        var waiting = new Waiting(delivery, System.nanoTime(), patience);
        if (!queue.offer(waiting)) {
            throw new RefusedException(
                    Reason.BUSY, "Too many deliveries of this connector are waiting; send it again.");
        }
        try {
            var acceptance = waiting.answer().get();
            if (acceptance instanceof Acceptance.Conflict conflict) {
                throw new RefusedException(
                                Reason.CONFLICT,
                                delivery.exclusive()
                                        ? "An event of it has an id under which another content was accepted. Give"
                                                + " each its own id."
                                        : "This delivery id was used before, with another body. Give each its own id.")
                        .about("delivery " + conflict.first());
            }
            return acceptance;
        } catch (ExecutionException e) {
            throw unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
    }

    private static RefusedException tooLarge(int maxBytes) {
        return new RefusedException(
                Reason.TOO_LARGE, String.format(Locale.ROOT, "This connector takes at most %,d bytes.", maxBytes));
    }

    private static RefusedException unavailable() {
        return new RefusedException(Reason.UNAVAILABLE, "The delivery could not be stored now; send it again.");
    }

    @Override
    public void close() {
        clockwork.shutdownNow();
        writers.forEach(Writer::close);
        // nobody else ends their wait now
        expire(System.nanoTime() + 1);
    }
}
