package io.dovetail.intake;

import io.dovetail.intake.AcceptQueue.Waiting;
import io.dovetail.intake.RefusedException.Reason;
import io.dovetail.ledger.Acceptance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What became of letters that were offered.
 *
 * @param outcomes of the first ones, in their order, for good
 * @param obstacle why the others have to wait; null when there are none
 */
public record Taken(List<Acceptance> outcomes, @Nullable Reason obstacle) {

    static Taken nothing(Reason obstacle) {
        return new Taken(List.of(), obstacle);
    }

    /**
     * As far as those at these places are stored in another way. What is behind one that is not is stored already, and
     * is recognised when it is offered again.
     */
    Taken asFarAs(List<Integer> places, Taken stored) {
        var count = stored.outcomes.size();
        return count == places.size()
                ? this
                : new Taken(List.copyOf(outcomes.subList(0, places.get(count))), stored.obstacle);
    }

    /** Waits for all of them. */
    static Taken of(List<Waiting> waiting, int offered) throws InterruptedException {
        var outcomes = new ArrayList<Acceptance>(waiting.size());
        try {
            for (var one : waiting) {
                outcomes.add(one.answer().get());
            }
        } catch (ExecutionException e) {
            // those behind it are forsaken, so that nothing of them is stored before it is
            return new Taken(outcomes, Reason.UNAVAILABLE);
        }
        return new Taken(outcomes, outcomes.size() < offered ? Reason.BUSY : null);
    }
}
