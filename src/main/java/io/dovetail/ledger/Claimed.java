package io.dovetail.ledger;

import io.dovetail.event.Lineage;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event whose turn has come.
 *
 * @param was the state it was claimed in
 * @param turn how often its state was decided so far, counted around in a circle
 * @param attempts how often it was begun without an end
 * @param calls how many attempts to ask another system have failed
 * @param sourceId null when it could not be read; {@code id} is then a makeshift
 * @param pointer where {@code body} stands in the delivery's tree
 * @param body the bytes to translate
 * @param part whether {@code body} is JSON of the event's own part, and not the whole delivery as received
 * @param media of the delivery
 * @param asVersion the kept version that an operator wants it decided by; null: the one that is live
 * @param lineage which operators changed what its sender said
 */
public record Claimed(
        long seq,
        Was was,
        int turn,
        int attempts,
        int calls,
        int revision,
        UUID id,
        UUID delivery,
        String connector,
        String sender,
        String pointer,
        byte[] body,
        boolean part,
        String media,
        @Nullable String emits,
        @Nullable String sourceId,
        @Nullable String key,
        @Nullable UUID keyHash,
        byte[] contentHash,
        Instant acceptedAt,
        String traceparent,
        @Nullable String asVersion,
        Lineage lineage) {

    /** The states from which an event's turn may come. */
    public enum Was {
        ACCEPTED("accepted"),
        /** Behind another one of its key. */
        HELD("held"),
        /** For another system to be asked. */
        WAITING("waiting");

        /** As the database calls it. */
        final String state;

        Was(String state) {
            this.state = state;
        }

        static Was of(String state) {
            return switch (state) {
                case "held" -> HELD;
                case "waiting" -> WAITING;
                default -> ACCEPTED;
            };
        }
    }

    public boolean held() {
        return was == Was.HELD;
    }

    public boolean waiting() {
        return was == Was.WAITING;
    }

    /** The event as it is once {@code waiting} is written. */
    public Claimed after(Outcome.Waiting waiting) {
        return new Claimed(
                seq,
                Was.WAITING,
                nextTurn(turn),
                waiting.attempts(),
                waiting.calls(),
                revision,
                id,
                delivery,
                connector,
                sender,
                pointer,
                body,
                part,
                media,
                emits,
                sourceId,
                key,
                keyHash,
                contentHash,
                acceptedAt,
                traceparent,
                asVersion,
                lineage);
    }

    /**
     * The number of the decision after this one, as {@link #NEXT_TURN} counts it. Never 0 again, which says that an
     * event is as it was accepted; and not without end, for a system that is asked may be away for years.
     */
    static int nextTurn(int turn) {
        return turn % 32_000 + 1;
    }

    /** {@link #nextTurn} of the event {@code e}, in SQL. */
    static final String NEXT_TURN = "e.turn % 32000 + 1";
}
