package io.dovetail.crash;

import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A workflow engine that reads its events and triggers over AMQP 1.0 and connects anew whenever the hub is gone. Keeps
 * all that arrives in the order in which it arrives, what comes again included.
 */
final class Subscriber implements AutoCloseable {

    private static final int BATCH = 50;

    private final HubProcess hub;
    private final Predicate<Arrival> rejects;
    private final Ledger kept;
    private final List<Arrival> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Arrival> triggers = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger rejected = new AtomicInteger();
    private volatile @Nullable String unreadable;
    private volatile boolean closed;

    Subscriber(HubProcess hub) {
        this(hub, arrival -> false);
    }

    /** @param rejects what it rolls back, each time it comes; not counted as arrived */
    Subscriber(HubProcess hub, Predicate<Arrival> rejects) {
        this(hub, rejects, Ledger.NONE);
    }

    /** @param kept what it has on disk before it lets the bus forget it */
    Subscriber(HubProcess hub, Predicate<Arrival> rejects, Ledger kept) {
        this.hub = hub;
        this.rejects = rejects;
        this.kept = kept;
    }

    /** Reads from now on, from whatever hub is there; once is enough. */
    Subscriber start() {
        if (threads.isEmpty()) {
            read("hub.events::workflow", events);
            read("hub.triggers::workflow.triggers", triggers);
        }
        return this;
    }

    List<Arrival> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    List<Arrival> triggers() {
        synchronized (triggers) {
            return List.copyOf(triggers);
        }
    }

    /** How often it rejected something. */
    int rejected() {
        return rejected.get();
    }

    /** What came and could not be read; null when all could. */
    @Nullable
    String unreadable() {
        return unreadable;
    }

    private void read(String queue, List<Arrival> into) {
        threads.add(Thread.ofPlatform().name(queue).daemon().start(() -> {
            while (!closed) {
                try {
                    var address = hub.awaitAddress(Duration.ofSeconds(1));
                    if (address != null) {
                        read(address, queue, into);
                    }
                } catch (JMSException e) {
                    if (!waits()) {
                        return;
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }));
    }

    /** A moment: the hub is gone, or its bus, or not yet there. */
    private static boolean waits() {
        try {
            Thread.sleep(50);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void read(HubProcess.Address address, String queue, List<Arrival> into) throws JMSException {
        var factory = new JmsConnectionFactory(
                "workflow",
                hub.secret("bus.workflow"),
                "amqp://127.0.0.1:" + address.amqpPort() + "?jms.requestTimeout=5000&jms.connectTimeout=5000");
        try (var connection = factory.createConnection()) {
            connection.start();
            var session = connection.createSession(true, Session.SESSION_TRANSACTED);
            var consumer = session.createConsumer(session.createQueue(queue));
            var uncommitted = 0;
            while (!closed && address.equals(hub.address())) {
                // before the next one is received: received in this transaction, it would be consumed by a commit whose
                // answer a kill cuts off, and never be written down
                if (uncommitted == BATCH) {
                    kept.keep();
                    session.commit();
                    uncommitted = 0;
                }
                var message = consumer.receive(uncommitted == 0 ? 200 : 1);
                if (message == null) {
                    if (uncommitted > 0) {
                        kept.keep();
                        session.commit();
                        uncommitted = 0;
                    }
                    continue;
                }
                var arrival = Arrival.of(message.getBody(byte[].class));
                if (rejects.test(arrival)) {
                    rejected.incrementAndGet();
                    session.rollback();
                    uncommitted = 0;
                } else {
                    into.add(arrival);
                    kept.note("arrived", arrival);
                    uncommitted++;
                }
            }
            if (uncommitted > 0) {
                kept.keep();
                session.commit();
            }
        } catch (IOException e) {
            unreadable = queue + ": " + e.getMessage();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (var thread : threads) {
            thread.interrupt();
        }
        for (var thread : threads) {
            try {
                thread.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        kept.close();
    }
}
