package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.intake.RefusedException.Reason;
import io.dovetail.ledger.Acceptance;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TakenTest {

    private static final Acceptance STORED = new Acceptance.Accepted(UUID.randomUUID());
    private static final Acceptance CONFLICT = new Acceptance.Conflict(UUID.randomUUID());
    private static final Taken TAKEN = new Taken(List.of(STORED, CONFLICT, STORED, CONFLICT, STORED), null);
    private static final List<Integer> CONFLICTS = List.of(1, 3);

    @Test
    void isAllOfItOnceEveryConflictIsStored() {
        assertThat(TAKEN.asFarAs(CONFLICTS, new Taken(List.of(STORED, STORED), null)))
                .isEqualTo(TAKEN);
    }

    /** The queue acknowledges what is taken, so that a conflict which is not stored must not be among it. */
    @Test
    void endsBeforeTheFirstConflictThatIsNotStored() {
        assertThat(TAKEN.asFarAs(CONFLICTS, new Taken(List.of(STORED), Reason.UNAVAILABLE)))
                .isEqualTo(new Taken(List.of(STORED, CONFLICT, STORED), Reason.UNAVAILABLE));
        assertThat(TAKEN.asFarAs(CONFLICTS, new Taken(List.of(), Reason.BUSY)))
                .isEqualTo(new Taken(List.of(STORED), Reason.BUSY));
    }
}
