package io.dovetail.intake.queue;

import io.dovetail.intake.Letter;
import io.dovetail.ledger.Acceptance;
import java.util.List;

/** A queue as its only reader sees it. For one thread. */
interface Source extends AutoCloseable {

    /**
     * What waits, in its order: first what was given and not settled, so that nothing overtakes it. Waits a moment for
     * something to come, and gives nothing when nothing did.
     *
     * @throws RuntimeException when the queue cannot be read now; it may be asked again
     */
    List<Letter> take() throws InterruptedException;

    /** How long it is left alone when it cannot be read. */
    default Pauses pauses() {
        return Pauses.SHORT;
    }

    /**
     * What became of the first ones of what was given last, which will not be given again. A crash before this took
     * effect brings them again, and they are recognised then.
     *
     * @throws RuntimeException when that is in doubt; {@link #take} may be asked again
     */
    void settle(List<Acceptance> outcomes);

    /** How many wait, those in hand included, as far as that is known. For any thread. */
    double waiting();

    /** Whatever was not settled is there for the next reader. */
    @Override
    void close();
}
