package io.dovetail.intake;

import io.dovetail.ledger.Acceptance;
import io.dovetail.ledger.NewDelivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that wait for their transaction: bounded and in order for each connector, fair between connectors. Any
 * writer takes any connector, but no two the same at the same time: so they are stored in order, and nobody waits for the
 * transaction of somebody else's flood while a writer is free.
 */
final class AcceptQueue {

    /** A delivery and the one who waits for its answer. */
    static final class Waiting {

        private final NewDelivery delivery;
        private final CompletableFuture<Acceptance> answer = new CompletableFuture<>();
        private final long since;
        private final @Nullable CompletableFuture<Acceptance> before;

        /** @param since {@link System#nanoTime} */
        Waiting(NewDelivery delivery, long since) {
            this(delivery, since, null);
        }

        /** @param before what must be stored before it, or this is not stored either */
        Waiting(NewDelivery delivery, long since, @Nullable Waiting before) {
            this.delivery = delivery;
            this.since = since;
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

    private final int capacity;
    private final int writers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Map<String, ArrayDeque<Waiting>> byConnector = new HashMap<>();
    // connectors that have something waiting and are in no writer's hand, the next one first
    private final ArrayDeque<String> turns = new ArrayDeque<>();
    private final Set<String> inHand = new HashSet<>();

    /**
     * @param capacity how many deliveries of one connector may wait
     * @param writers how many take
     */
    AcceptQueue(int capacity, int writers) {
        this.capacity = capacity;
        this.writers = writers;
    }

    /** Whether there was room for it. */
    boolean offer(Waiting waiting) {
        lock.lock();
        try {
            var queue = byConnector.computeIfAbsent(waiting.delivery.connector(), c -> new ArrayDeque<>());
            if (queue.size() >= capacity) {
                return false;
            }
            if (queue.isEmpty() && !inHand.contains(waiting.delivery.connector())) {
                turns.addLast(waiting.delivery.connector());
                notEmpty.signal();
            }
            queue.addLast(waiting);
            return true;
        } finally {
            lock.unlock();
        }
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
            while (turns.isEmpty()) {
                notEmpty.await();
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
            if (!turns.isEmpty()) {
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
                var connector = waiting.delivery.connector();
                if (inHand.remove(connector)
                        && !byConnector
                                .getOrDefault(connector, new ArrayDeque<>())
                                .isEmpty()) {
                    last.addFirst(connector);
                }
            }
            if (!last.isEmpty()) {
                turns.addAll(last);
                notEmpty.signal();
            }
        } finally {
            lock.unlock();
        }
    }
}
