package io.dovetail.flow;

import io.dovetail.connector.Calls;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One event that is judged beside the workers, since its route asks another system. It comes to one end, whoever finds it. */
final class Attempt {

    /** @param version of the configuration that decided */
    record End(Outcome outcome, String version) {}

    private final Claimed claimed;
    private final byte @Nullable [] published;
    private final Calls calls;
    private final boolean suspect;
    private final Runnable ended;
    private volatile long begunAt;
    private volatile @Nullable Thread thread;
    private @Nullable End end;

    /**
     * @param claimed as it is once it is written that it is being asked for
     * @param published as {@link Judge#judge} wants it
     * @param suspect whether it may have ended the hub before
     * @param ended told when there is an end
     */
    Attempt(Claimed claimed, byte @Nullable [] published, Calls calls, boolean suspect, Runnable ended) {
        this.claimed = claimed;
        this.published = published;
        this.calls = calls;
        this.suspect = suspect;
        this.ended = ended;
    }

    Claimed claimed() {
        return claimed;
    }

    byte @Nullable [] published() {
        return published;
    }

    Calls calls() {
        return calls;
    }

    boolean suspect() {
        return suspect;
    }

    /** This thread makes it. */
    void begin() {
        begunAt = System.nanoTime();
        thread = Thread.currentThread();
    }

    /** Parks what takes longer than any event may, and so hangs in something other than a request. */
    void endIfOver(Duration deadline) {
        if (thread != null && System.nanoTime() - begunAt > deadline.toNanos()) {
            var failure = Failure.of(
                    FailureKind.POISON,
                    "hub",
                    "deadline",
                    "The event took longer than " + deadline.toSeconds()
                            + " s. Look at what the connector's route and mapping do with it, then replay it.");
            end(new End(new Outcome.Parked(claimed, failure), ""));
        }
    }

    /** Only the first end counts. */
    void end(End found) {
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = found;
        }
        ended.run();
    }

    /** Null while it is under way. */
    synchronized @Nullable End end() {
        return end;
    }

    /** Nobody waits for it any more. */
    void drop() {
        var asking = thread;
        if (asking != null) {
            asking.interrupt();
        }
    }
}
