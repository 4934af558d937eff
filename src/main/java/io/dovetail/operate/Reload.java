package io.dovetail.operate;

import io.dovetail.ledger.Actor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts what engineers have changed to work, or what they had before, or says all that is wrong with it. */
public interface Reload {

    /**
     * Checks everything below the hub's root, and makes it live between batches, or not at all.
     *
     * @param actor who wants it
     * @return the version that is live now
     * @throws RefusedException with all problems; what was live goes on
     */
    String reload(Actor actor);

    /**
     * Checks a version that is kept, and makes it live between batches, or not at all. The files stay as they are: for as
     * long as they stay so, it is live after a start, too.
     *
     * @param hash of a kept version
     * @return false: it is live already, and that of the files
     * @throws RefusedException with all problems; what was live goes on
     */
    boolean rollBack(String hash, Actor actor, String reason);

    /** The engineers' files as they are now, path to content. */
    Map<String, byte[]> filesNow();

    /** The files of a version that is kept. */
    Optional<Map<String, byte[]>> filesOf(String hash);

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
