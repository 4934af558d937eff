package io.dovetail.intake;

import io.dovetail.intake.RefusedException.Reason;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything is taken in at the moment, whoever sends it: there is room for it, and no operator has closed the doors.
 */
public final class Admission {

    private final FreeSpace space;
    private final BooleanSupplier closed;

    /** @param closed whether an operator lets nothing in for a time */
    public Admission(FreeSpace space, BooleanSupplier closed) {
        this.space = space;
        this.closed = closed;
    }

    /** Why nothing is taken in; null when it is. */
    public @Nullable Reason obstacle() {
        if (closed.getAsBoolean()) {
            return Reason.UNAVAILABLE;
        }
        return space.isEnough() ? null : Reason.NO_SPACE;
    }

    /** @throws RefusedException when nothing is taken in */
    public void require() throws RefusedException {
        var obstacle = obstacle();
        if (obstacle != null) {
            throw new RefusedException(
                    obstacle,
                    obstacle == Reason.NO_SPACE
                            ? "The hub has no room for deliveries now; send it again."
                            : "The hub takes no deliveries for a time; send it again.");
        }
    }
}
