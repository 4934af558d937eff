package io.dovetail.intake;

import io.dovetail.ledger.Acceptance;
import io.dovetail.ledger.NewDelivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that wait for their transaction: bounded and in order for each connector, fair between connectors. Any
 * writer takes any connector, but no two the same at the same time: so they are stored in order, and nobody waits for the
 * transaction of somebody else's flood while a writer is free. A connector's turn comes with the first of its deliveries
 * that has waited for long enough, and the others go with it.
 */
final class AcceptQueue {

    /** A delivery and the one who waits for its answer. */
    static final class Waiting {

        private final NewDelivery delivery;
        private final CompletableFuture<Acceptance> answer = new CompletableFuture<>();
        private final long since;
        private final long ready;
        private final @Nullable CompletableFuture<Acceptance> before;

        /**
         * @param since {@link System#nanoTime}
         * @param patience how long it waits for others of its connector, unless one comes that goes on at once
         */
        Waiting(NewDelivery delivery, long since, Duration patience) {
            this(delivery, since, since + patience.toNanos(), null);
        }

        /** @param before what must be stored before it, or this is not stored either */
        Waiting(NewDelivery delivery, long since, @Nullable Waiting before) {
            this(delivery, since, since, before);
        }

        private Waiting(NewDelivery delivery, long since, long ready, @Nullable Waiting before) {
            this.delivery = delivery;
            this.since = since;
            this.ready = ready;
            // not the one itself, which would hold on to all that came before it
            this.before = before == null ? null : before.answer;
        }

        /** Ends the wait if what must be stored before was not, and tells whether that is so. */
        boolean isForsaken() {
            if (before == null || !before.isCompletedExceptionally()) {
                return false;
            }
            answer.completeExceptionally(new CancellationException());
            return true;
        }

        NewDelivery delivery() {
            return delivery;
        }

        CompletableFuture<Acceptance> answer() {
            return answer;
        }

        /** Ends the wait if it began before {@code then}, and tells whether it did begin before. */
        boolean expire(long then) {
            if (since - then >= 0) {
                return false;
            }
            if (!answer.isDone()) {
                answer.completeExceptionally(new TimeoutException());
            }
            return true;
        }
    }

    // so many are company enough: whoever waits keeps others of his connector out, where it has few places
    private static final int COMPANY = 8;

    private final int capacity;
    private final int writers;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Map<String, ArrayDeque<Waiting>> byConnector = new HashMap<>();
    // a connector of which something waits is in one of these three
    private final Set<String> inHand = new HashSet<>();
    // the next one first
    private final ArrayDeque<String> turns = new ArrayDeque<>();
    // nothing of it is ready, and when something will be
    private final Map<String, Long> later = new HashMap<>();

    /**
     * @param capacity how many deliveries of one connector may wait
     * @param writers how many take
     * @param nanos as {@link System#nanoTime}
     */
    AcceptQueue(int capacity, int writers, LongSupplier nanos) {
        this.capacity = capacity;
        this.writers = writers;
        this.nanos = nanos;
    }

    /** Whether there was room for it. */
    boolean offer(Waiting waiting) {
        lock.lock();
        try {
            var connector = waiting.delivery.connector();
            var queue = byConnector.computeIfAbsent(connector, c -> new ArrayDeque<>());
            if (queue.size() >= capacity) {
                return false;
            }
            queue.addLast(waiting);
            var turn = later.get(connector);
            if (turn == null
                    ? queue.size() == 1 && !inHand.contains(connector)
                    : waiting.ready - turn < 0 || queue.size() >= COMPANY) {
                arrange(connector, queue);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a connector its turn, or says when it comes. */
    private void arrange(String connector, Collection<Waiting> queue) {
        var now = nanos.getAsLong();
        // nanoTime may overflow
        var first = Collections.min(queue, Comparator.comparingLong(waiting -> waiting.ready - now)).ready;
        if (first - now > 0 && queue.size() < COMPANY) {
            later.put(connector, first);
        } else {
            later.remove(connector);
            turns.addLast(connector);
        }
        notEmpty.signal();
    }

    /**
     * Gives those a turn of which something has become ready.
     *
     * @return when nobody has a turn: for how long, in nanoseconds
     */
    private long go() {
        var now = nanos.getAsLong();
        var wait = Long.MAX_VALUE;
        for (var entries = later.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            var left = entry.getValue() - now;
            if (left <= 0) {
                turns.addLast(entry.getKey());
                entries.remove();
            } else {
                wait = Math.min(wait, left);
            }
        }
        return wait;
    }

    /** Ends the wait of all that have waited since before {@code then} ({@link System#nanoTime}): they will not be stored. */
    void expire(long then) {
        lock.lock();
        try {
            byConnector.forEach((connector, queue) -> {
                // the oldest first
                var waiting = queue.peekFirst();
                while (waiting != null && waiting.expire(then)) {
                    queue.removeFirst();
                    waiting = queue.peekFirst();
                    if (waiting == null) {
                        turns.remove(connector);
                        later.remove(connector);
                    }
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the first and takes up to {@code limit}, one of each connector by turns; of as many connectors as leave
     * the other writers their share. Nobody gets more of them before they are {@link #done}.
     */
    List<Waiting> take(int limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (var wait = go(); turns.isEmpty(); wait = go()) {
                notEmpty.awaitNanos(wait);
            }
            var share = new ArrayDeque<String>();
            for (var count = Math.ceilDiv(turns.size(), writers); count > 0; count--) {
                share.addLast(turns.removeFirst());
            }
            var taken = new ArrayList<Waiting>();
            while (taken.size() < limit && !share.isEmpty()) {
                var connector = share.removeFirst();
                var queue = byConnector.getOrDefault(connector, new ArrayDeque<>());
                var waiting = queue.pollFirst();
                if (waiting != null) {
                    taken.add(waiting);
                    inHand.add(connector);
                }
                if (!queue.isEmpty()) {
                    share.addLast(connector);
                }
            }
            share.removeAll(inHand);
            while (!share.isEmpty()) {
                turns.addFirst(share.removeLast());
            }
            if (!turns.isEmpty() || !later.isEmpty()) {
                // another writer, who may not know yet until when to wait
                notEmpty.signal();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The transaction of what was taken is over. */
    void done(List<Waiting> taken) {
        lock.lock();
        try {
            // whose turn was last comes last
            var last = new ArrayDeque<String>();
            for (var waiting : taken.reversed()) {
                if (inHand.remove(waiting.delivery.connector())) {
                    last.addFirst(waiting.delivery.connector());
                }
            }
            for (var connector : last) {
                var queue = byConnector.get(connector);
                if (queue != null && !queue.isEmpty()) {
                    arrange(connector, queue);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
