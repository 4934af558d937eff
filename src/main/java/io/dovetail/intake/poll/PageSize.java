package io.dovetail.intake.poll;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.Verdict;
import io.dovetail.event.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many items a source is asked for at a time: fewer when what it answers is too large or broken off, as some do in the
 * middle of a success when a page is more than they can give, and then more again. For one thread.
 */
final class PageSize {

    private static final Set<String> TOO_MUCH =
            Set.of(Verdict.ANSWER_TOO_LARGE, Verdict.ANSWER_MALFORMED, Page.NO_LIST);

    private final @Nullable Integer most;
    private int now;

    /** @param most null: the route asks for as many as it likes */
    PageSize(@Nullable Integer most) {
        this.most = most;
        this.now = most == null ? 1 : most;
    }

    void tell(ObjectNode body) {
        if (most != null) {
            body.put("most", now);
        }
    }

    /** Whether fewer may be answered better than this; then it is half of them. */
    boolean shrinksFor(Failure failure) {
        if (now == 1 || !TOO_MUCH.contains(failure.rule())) {
            return false;
        }
        now /= 2;
        return true;
    }

    void grow() {
        now = most == null ? now : Math.min(most, now * 2);
    }

    @Override
    public String toString() {
        return now == 1 ? "one" : String.valueOf(now);
    }
}
