package io.dovetail.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the rows say of the books.
 *
 * @param at the moment of the snapshot
 * @param agrees nothing is wrong
 * @param deliveries how many there are
 * @param events how many there are
 * @param rows what contradicts itself there: its ids are exact
 * @param counters that say something else than the rows
 */
public record Verified(
        Instant at,
        long millis,
        boolean agrees,
        long deliveries,
        long events,
        List<Finding> rows,
        List<Miscount> counters) {

    /**
     * Rows that contradict each other.
     *
     * @param connector null where nothing that is left tells it
     * @param check in short, for programs
     * @param says the same for people
     * @param count of all of them
     * @param ids of the first of them
     */
    public record Finding(@Nullable String connector, String check, String says, long count, List<Ids> ids) {}

    /** What finds a row; the timeline takes the ids of deliveries, and mostly those of events. */
    public record Ids(
            @Nullable UUID delivery,
            @Nullable Long seq,
            @Nullable UUID event) {

        @Override
        public String toString() {
            return Stream.of(named("delivery", delivery), named("event", event), named("seq", seq))
                    .filter(Objects::nonNull)
                    .reduce((a, b) -> a + " " + b)
                    .orElse("?");
        }

        private static @Nullable String named(String name, @Nullable Object id) {
            return id == null ? null : name + " " + id;
        }
    }

    /**
     * A counter that says something else than the rows.
     *
     * @param counter as a page of the books names it
     * @param counted what the counter says
     * @param found what the rows say
     * @param explained the rows that contradict each other are enough to explain it, and there are no candidates
     * @param differingMinutes how many there are; 0 where the rows no longer tell when they were counted
     * @param minutes the first of them
     */
    public record Miscount(
            String connector,
            String counter,
            long counted,
            long found,
            boolean explained,
            long differingMinutes,
            List<Minute> minutes) {}

    /**
     * A minute in which a counter says something else than the rows.
     *
     * @param minute its beginning; null for rows that do not tell theirs
     * @param rows how many the rows of this minute are
     * @param candidates the first of their ids: what is too much is one of them, what is too little was beside them
     */
    public record Minute(@Nullable Instant minute, long counted, long found, long rows, List<Ids> candidates) {}
}
