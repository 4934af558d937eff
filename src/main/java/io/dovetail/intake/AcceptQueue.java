package io.dovetail.intake;

import io.dovetail.ledger.Acceptance;
import io.dovetail.ledger.NewDelivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Deliveries that wait for their transaction: bounded and in order for each connector, fair between connectors. */
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
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Map<String, ArrayDeque<Waiting>> byConnector = new HashMap<>();
    // connectors that have something waiting, the next one first
    private final ArrayDeque<String> turns = new ArrayDeque<>();

    /** @param capacity how many deliveries of one connector may wait */
    AcceptQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Whether there was room for it. */
    boolean offer(Waiting waiting) {
        lock.lock();
        try {
            var queue = byConnector.computeIfAbsent(waiting.delivery.connector(), c -> new ArrayDeque<>());
            if (queue.size() >= capacity) {
                return false;
            }
            if (queue.isEmpty()) {
                turns.addLast(waiting.delivery.connector());
            }
            queue.addLast(waiting);
            notEmpty.signal();
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

    /** Waits for the first and takes up to {@code limit}, one of each connector by turns. */
    List<Waiting> take(int limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (turns.isEmpty()) {
                notEmpty.await();
            }
            var taken = new ArrayList<Waiting>();
            while (taken.size() < limit && !turns.isEmpty()) {
                var connector = turns.removeFirst();
                var queue = byConnector.getOrDefault(connector, new ArrayDeque<>());
                var waiting = queue.pollFirst();
                if (!queue.isEmpty()) {
                    turns.addLast(connector);
                }
                if (waiting != null) {
                    taken.add(waiting);
                }
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
