package io.dovetail.operate;

import io.dovetail.ledger.Actor;
import java.util.List;

/** Puts what engineers have changed to work, or says all that is wrong with it. */
public interface Reload {

    /**
     * Checks everything below the hub's root, and makes it live between batches, or not at all.
     *
     * @param actor who wants it
     * @return the version that is live now
     * @throws RefusedException with all problems; what was live goes on
     */
    String reload(Actor actor);

    /** @see #reload */
    final class RefusedException extends RuntimeException {

        private final transient List<String> problems;

        public RefusedException(List<String> problems) {
            super(problems.size() + " problems; nothing was changed", null, false, false);
            this.problems = problems;
        }

        public List<String> problems() {
            return problems;
        }
    }
}
