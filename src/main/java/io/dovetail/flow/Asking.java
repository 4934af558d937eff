package io.dovetail.flow;

import io.dovetail.call.Callers;
import io.dovetail.ledger.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * The attempts of all partitions to ask other systems: who may make one, and the threads that do. A platform thread each,
 * as many as connectors allow: a mapping that never ends would keep a virtual thread's carrier, of which there are as few
 * as processors, from all that answers senders.
 */
final class Asking implements AutoCloseable {

    // of bodies at the same time, and the one that exceeds it; what becomes of them in memory is a multiple of it
    private static final long MAX_BYTES = 8 << 20;

    private final Callers callers;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("ask-", 0).factory());
    private final Map<String, Integer> busy = new HashMap<>();
    private final Set<Attempt> underWay = new HashSet<>();
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private long bytes;
    private boolean suspectUnderWay;

    Asking(Callers callers) {
        this.callers = callers;
    }

    Callers callers() {
        return callers;
    }

    /**
     * How many events of a connector may begin to ask now.
     *
     * @param otherwise runs once, when it is none and may have become more
     */
    synchronized int free(String connector, int atOnce, Runnable otherwise) {
        var free = free(connector, atOnce);
        if (free == 0) {
            waiting.add(otherwise);
        }
        return free;
    }

    private int free(String connector, int atOnce) {
        return Math.max(0, Math.min(atOnce, callers.most(connector)) - busy.getOrDefault(connector, 0));
    }

    /** Before then {@link #free} does not rise, whatever becomes of the attempts under way. */
    Instant notBefore(String connector) {
        return callers.closedUntil(connector);
    }

    /** Whether an attempt may begin; if so, {@link #run} or {@link #leave} must follow. */
    synchronized boolean enter(Attempt attempt) {
        var connector = attempt.claimed().connector();
        if (free(connector, attempt.calls().atOnce()) == 0
                || bytes >= MAX_BYTES
                // one suspect at a time, so that what ends the hub is to blame alone
                || attempt.suspect() && suspectUnderWay) {
            return false;
        }
        busy.merge(connector, 1, Integer::sum);
        bytes += attempt.claimed().body().length;
        suspectUnderWay |= attempt.suspect();
        underWay.add(attempt);
        return true;
    }

    /** Makes an attempt that has entered, on a thread of its own. */
    void run(Attempt attempt, Function<Attempt, Attempt.End> work) {
        threads.execute(() -> {
            attempt.begin();
            Attempt.End end;
            try {
                end = work.apply(attempt);
            } catch (RuntimeException | Error e) {
                end = new Attempt.End(new Outcome.Parked(attempt.claimed(), Judge.internal(e)), "");
            }
            // before it is told, so that the next one of its key finds a place
            leave(attempt);
            attempt.end(end);
        });
    }

    void leave(Attempt attempt) {
        List<Runnable> wake;
        synchronized (this) {
            underWay.remove(attempt);
            busy.merge(attempt.claimed().connector(), -1, (n, one) -> n == 1 ? null : n - 1);
            bytes -= attempt.claimed().body().length;
            suspectUnderWay &= !attempt.suspect();
            wake = List.copyOf(waiting);
            waiting.clear();
        }
        wake.forEach(Runnable::run);
    }

    /** Ends those that hang. */
    void endThoseOver(Duration deadline) {
        List<Attempt> all;
        synchronized (this) {
            all = List.copyOf(underWay);
        }
        all.forEach(attempt -> attempt.endIfOver(deadline));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
