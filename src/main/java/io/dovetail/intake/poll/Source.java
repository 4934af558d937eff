package io.dovetail.intake.poll;

import io.dovetail.ledger.Cursors.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where news lies until a poller fetches it, again and again: a system that is asked, or a folder. For one thread. */
public interface Source {

    /** The route's. */
    String id();

    String connector();

    /** How long it is left alone once it is read to its end. */
    Duration every();

    /** How soon it is read when its system sends something by itself; null: no sooner. */
    @Nullable
    Duration hurry();

    /** It is off until all of them are there. */
    Set<String> secrets();

    /**
     * Reads it to its end; all that was there is stored then, and that it was read is kept.
     *
     * @param known what was kept the last time; null: nothing
     * @throws io.dovetail.event.FailedException when it does not come that far; what was stored stays so
     */
    void read(Keeper keeper, @Nullable Cursor known, Instant now) throws InterruptedException;

    /** Whether it may be told to read again from an earlier time on. */
    boolean isReadAnew();
}
