package io.dovetail.relay;

import io.dovetail.event.CloudEvents;
import io.dovetail.event.Telemetry;
import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.Outbox;
import io.dovetail.ledger.Outbox.Due;
import io.dovetail.ledger.Outbox.Pending;
import io.dovetail.ledger.OutboxRow;
import io.dovetail.ledger.Pauses;
import io.dovetail.ledger.Pauses.What;
import io.dovetail.ledger.UnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * T3: the only one who speaks on the bus. An event, its triggers and the telemetry of its end go in one transaction of
 * the bus; only after its acknowledgement they are marked. Dying in between, they are said again under the same ids.
 */
public final class Relay implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final int MAX_BATCH = 1000;
    private static final int FEW = 4;
    private static final int MANY = 100;
    private static final Duration GATHER = Duration.ofMillis(2);
    private static final long IDLE_SECONDS = 5;
    private static final long RETRY_SECONDS = 1;

    private final Outbox outbox;
    private final Pauses pauses;
    private final Bus bus;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Consumer<FencedException> fenced;
    private final KeptBackTriggers triggers;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean stopping;
    private volatile boolean connected = true;
    private final Thread thread = Thread.ofPlatform().name("relay").daemon().unstarted(this::run);

    public Relay(
            Outbox outbox,
            Pauses pauses,
            Bus bus,
            Clock clock,
            MeterRegistry meters,
            Consumer<FencedException> fenced) {
        this.outbox = outbox;
        this.pauses = pauses;
        this.triggers = new KeptBackTriggers(outbox, pauses);
        this.bus = bus;
        this.clock = clock;
        this.meters = meters;
        this.fenced = fenced;
    }

    public void start() {
        thread.start();
    }

    /** The outbox has something new. */
    public void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** Whether the last attempt to publish succeeded. */
    public boolean isConnected() {
        return connected;
    }

    private void run() {
        // null: not known
        @Nullable Due due = null;
        while (!stopping) {
            try {
                // whatever happens, it is looked at once: later decisions are to be seen
                var known = due;
                due = null;
                if (pauses.isPaused(What.RELAY, "")) {
                    work.tryAcquire(IDLE_SECONDS, TimeUnit.SECONDS);
                    continue;
                }
                var more = triggers.goOn(bus);
                var pending = known == null ? outbox.next(MAX_BATCH) : outbox.next(known);
                if (!pending.isEmpty()) {
                    var next = tell(pending);
                    if (pending.size() < FEW || pending.size() >= MANY) {
                        due = next;
                    } else {
                        // they come fast: a moment for more of them, since a transaction costs much the same for one as
                        // for many
                        Thread.sleep(GATHER);
                    }
                } else if (!more && (known == null || known.isNone())) {
                    work.tryAcquire(IDLE_SECONDS, TimeUnit.SECONDS);
                }
            } catch (BusException e) {
                if (connected) {
                    log.warn("The bus is away; events wait in the outbox: {}", e.getMessage());
                }
                connected = false;
                pause();
            } catch (UnavailableException e) {
                pause();
            } catch (FencedException e) {
                fenced.accept(e);
                return;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                log.error("The relay failed and tries again", e);
                pause();
            }
        }
    }

    /** @return what is due then */
    private Due tell(List<Pending> pending) {
        var keptBack = triggers.of(pending);
        var messages = new ArrayList<Message>(pending.size() * 3);
        for (var event : pending) {
            add(messages, event, keptBack);
        }
        bus.publish(messages);
        connected = true;
        var next = outbox.told(pending, keptBack, MAX_BATCH);
        var now = clock.instant();
        for (var event : pending) {
            var published = event.outcome().equals("translated");
            meters.counter(
                            "hub_relayed_total",
                            "connector",
                            event.connector(),
                            "outcome",
                            published ? "published" : event.outcome())
                    .increment();
            if (published) {
                meters.timer("hub_end_to_end_seconds", "connector", event.connector())
                        .record(Duration.between(event.acceptedAt(), now));
            }
        }
        return next;
    }

    static Message message(OutboxRow row) {
        return new Message(
                row.workflow() == null ? Addresses.EVENTS : Addresses.TRIGGERS,
                row.id().toString(),
                row.type(),
                row.body(),
                true);
    }

    private void add(List<Message> messages, Pending pending, Set<String> keptBack) {
        for (var row : pending.rows()) {
            if (row.workflow() == null || !keptBack.contains(row.workflow())) {
                messages.add(message(row));
            }
        }
        var published = pending.outcome().equals("translated");
        var telemetry = new Telemetry(
                pending.id(),
                pending.delivery(),
                pending.connector(),
                pending.sender(),
                published ? "published" : pending.outcome(),
                pending.emits(),
                pending.acceptedAt(),
                pending.translatedAt(),
                clock.instant(),
                pending.version(),
                pending.reason(),
                pending.failure(),
                pending.fingerprint(),
                Math.max(0, pending.rows().size() - 1),
                pending.turn(),
                pending.traceparent());
        var body = CloudEvents.of(telemetry);
        // the ring forgets telemetry anyway; on disk it would cost as much as the event it tells of
        messages.add(new Message(Addresses.TELEMETRY, telemetry.id().toString(), telemetry.type(), body, false));
        if (pending.outcome().equals("parked")) {
            messages.add(new Message(Addresses.DEAD_LETTERS, telemetry.id().toString(), telemetry.type(), body, true));
        }
    }

    private void pause() {
        try {
            // not a wait on work: a bus that is away is not asked more often because there is more to say
            Thread.sleep(Duration.ofSeconds(RETRY_SECONDS));
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
