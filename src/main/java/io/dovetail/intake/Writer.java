package io.dovetail.intake;

import io.dovetail.intake.AcceptQueue.Waiting;
import io.dovetail.ledger.BrokenStatementException;
import io.dovetail.ledger.Deliveries;
import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.UnavailableException;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Group commit: one thread that stores what has gathered while it stored what had gathered before. */
final class Writer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Writer.class);
    private static final int MAX_BATCH = 256;

    private final AcceptQueue queue;
    private final Deliveries deliveries;
    private final Consumer<BitSet> accepted;
    private final Consumer<FencedException> fenced;
    private final Thread thread;
    private volatile List<Waiting> inHand = List.of();

    /** @param accepted told which partitions have new work, after the commit */
    Writer(
            String name,
            AcceptQueue queue,
            Deliveries deliveries,
            Consumer<BitSet> accepted,
            Consumer<FencedException> fenced) {
        this.queue = queue;
        this.deliveries = deliveries;
        this.accepted = accepted;
        this.fenced = fenced;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /**
     * Ends the wait of all in its hand that have waited since before {@code then} ({@link System#nanoTime}). What is in a
     * transaction may still be stored, and is recognised when it is sent again.
     */
    void expire(long then) {
        inHand.forEach(waiting -> waiting.expire(then));
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                var batch = queue.take(MAX_BATCH);
                inHand = batch;
                try {
                    store(batch);
                } finally {
                    inHand = List.of();
                    // nobody else takes of their connectors before
                    queue.done(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void store(List<Waiting> taken) {
        var batch = taken.stream().filter(waiting -> !waiting.isForsaken()).toList();
        if (batch.isEmpty()) {
            return;
        }
        try {
            var stored = deliveries.accept(batch.stream().map(Waiting::delivery).toList());
            accepted.accept(stored.partitions());
            for (var i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(stored.outcomes().get(i));
            }
        } catch (BrokenStatementException e) {
            if (batch.size() == 1) {
                log.error(
                        "A delivery to {} cannot be stored",
                        batch.getFirst().delivery().connector(),
                        e);
                batch.getFirst().answer().completeExceptionally(e);
            } else {
                // one bad delivery must not spoil its neighbours
                batch.forEach(waiting -> store(List.of(waiting)));
            }
        } catch (UnavailableException e) {
            batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
        } catch (FencedException e) {
            batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
            fenced.accept(e);
        } catch (RuntimeException | Error e) {
            log.error("A batch of {} deliveries could not be stored", batch.size(), e);
            batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
