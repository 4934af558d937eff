package io.dovetail.ledger;

import io.dovetail.ledger.Outbox.Pending;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the three transactions hand to each other without reading it back: T1 its events to T2, T2 its CloudEvents to
 * T3. States are never taken from here, only content that does not change while the state is the one it was written in.
 */
public final class Memory {

    // for some thousand events of a kilobyte: with less, a backlog of a second would be read back, and so last longer
    private static final long ACCEPTED_BYTES = 24 << 20;
    private static final long TRANSLATED_BYTES = 16 << 20;

    private final List<Recent<Claimed>> accepted;
    private final Recent<Pending> translated = new Recent<>(
            TRANSLATED_BYTES,
            pending ->
                    pending.rows().stream().mapToInt(row -> row.body().length).sum());

    public Memory(Partitions partitions) {
        accepted = Stream.generate(() ->
                        new Recent<Claimed>(ACCEPTED_BYTES / partitions.count(), claimed -> claimed.body().length))
                .limit(partitions.count())
                .toList();
    }

    /** Events as they were accepted. */
    Recent<Claimed> accepted(int partition) {
        return accepted.get(partition);
    }

    /** Events as they were translated. */
    Recent<Pending> translated() {
        return translated;
    }
}
