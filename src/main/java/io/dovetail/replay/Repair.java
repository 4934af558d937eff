package io.dovetail.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.ledger.Actor;
import io.dovetail.ledger.DeadLetters;
import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.DeadLetters.Detail;
import io.dovetail.ledger.ProposedEdits;
import io.dovetail.ledger.Versions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do with a dead letter. The original is never changed; an edit never moves an event to another key;
 * and for connectors that want it so, a second operator has to approve it.
 */
public final class Repair {

    // of a strictly ordered key there is one; an event of an unknown sender or a skipped one may be another
    private static final int MOST = 1_000;

    /** The repair cannot be done; the message tells the operator why and what to do. */
    public static final class RepairException extends Exception {
        RepairException(String message) {
            super(message, null, false, false);
        }
    }

    /** It is not, or not any more, for this operator to decide; the message tells why and what to do. */
    public static final class ConflictException extends Exception {
        ConflictException(String message) {
            super(message, null, false, false);
        }
    }

    private final DeadLetters deadLetters;
    private final ProposedEdits proposals;
    private final Preparation preparation;
    private final Set<String> approved;
    private final IntConsumer released;

    /**
     * @param kept a version that was live once, by its hash; throws {@link UnreadableVersionException}
     * @param approved the connectors of which a second operator approves every edit
     * @param released told which partition has something to go on with
     */
    public Repair(
            DeadLetters deadLetters,
            ProposedEdits proposals,
            Versions versions,
            Supplier<Configuration> live,
            Function<String, Configuration> kept,
            Set<String> approved,
            IntConsumer released) {
        this.deadLetters = deadLetters;
        this.proposals = proposals;
        this.preparation = new Preparation(versions, live, kept);
        this.approved = Set.copyOf(approved);
        this.released = released;
    }

    /**
     * What an operator wants with a dead letter, and why.
     *
     * @param patch JSON Patch (RFC 6902) over the event's own part; null for none
     * @param text the whole delivery's text instead; null for none
     * @param as {@code now}: as the version says it that is live at the event's turn; {@code then}: as the one that
     *     parked it; or the hash of a kept one, or how only that one's begins; null for {@code now}
     */
    public record Wish(
            String reason,
            @Nullable JsonNode patch,
            @Nullable String text,
            @Nullable String as) {

        boolean isEdit() {
            return patch != null || text != null;
        }
    }

    /** @param proposal under which the edit waits for somebody else to approve it; null: the event is on its way */
    public record Replayed(@Nullable UUID proposal) {}

    /** Whether an edit of a dead letter waits for a second operator. */
    public boolean needsApproval(DeadLetter letter) {
        return approved.contains(letter.connector());
    }

    /**
     * Sends a dead letter on its way again, as it is or edited; or keeps the edit until it is approved.
     *
     * @return empty when there is no such dead letter
     */
    public Optional<Replayed> replay(UUID id, Actor actor, Wish wish) throws RepairException {
        var found = deadLetters.find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var letter = found.get().letter();
        if (wish.isEdit() && needsApproval(letter)) {
            return proposals
                    .propose(letter, actor, wish.reason, preparation.edit(found.get(), wish))
                    .map(Replayed::new);
        }
        var ready = preparation.of(found.get(), wish);
        var partition = deadLetters.replay(
                letter, actor, wish.reason, ready.edited(), ready.order(), ready.identity(), ready.as());
        partition.ifPresent(released::accept);
        return partition.map(woken -> new Replayed(null));
    }

    /**
     * Lets an edit of somebody else's take effect.
     *
     * @param proposal the one that the operator has looked at
     * @return whether there was such a dead letter
     */
    public boolean approve(UUID id, Actor actor, UUID proposal) throws RepairException, ConflictException {
        var found = deadLetters.find(id);
        if (found.isEmpty()) {
            return false;
        }
        var proposed = proposed(found.get());
        if (!proposed.id().equals(proposal)) {
            throw new ConflictException("Another edit has taken the place of this one. Look at it first:"
                    + " \"hub dead show\" and GET /api/dead-letters/{id} show it.");
        }
        if (proposed.actor().equals(actor.name())) {
            throw new ConflictException("This edit is your own; another approver has to look at it.");
        }
        var letter = found.get().letter();
        var identity = preparation.approved(found.get(), proposed.edit());
        var partition = proposals.approve(letter, proposal, actor, identity);
        if (partition.isEmpty()) {
            throw new ConflictException("Somebody else decided on it at this very moment.");
        }
        partition.ifPresent(released::accept);
        return true;
    }

    /** Takes a proposed edit away; the event stays parked. Whether there was such a dead letter. */
    public boolean refuse(UUID id, Actor actor, String reason) throws ConflictException {
        var found = deadLetters.find(id);
        if (found.isEmpty()) {
            return false;
        }
        proposed(found.get());
        if (!proposals.refuse(found.get().letter(), actor, reason)) {
            throw new ConflictException("Somebody else decided on it at this very moment.");
        }
        return true;
    }

    private static ProposedEdits.Proposal proposed(Detail detail) throws ConflictException {
        var proposal = detail.proposal();
        if (proposal == null) {
            throw new ConflictException("No edit of this event waits for an approval. What was proposed before is gone"
                    + " if it was refused, or if the event was replayed since and is parked anew.");
        }
        return proposal;
    }

    /** Ends a dead letter; whether there was such a one. */
    public boolean discard(UUID id, Actor actor, String reason) {
        var partition = deadLetters.find(id).flatMap(detail -> deadLetters.discard(detail.letter(), actor, reason));
        partition.ifPresent(released::accept);
        return partition.isPresent();
    }

    /** Lets what waits behind a dead letter go on without it; whether there was such a one, and anything held by it. */
    public boolean skip(UUID id, Actor actor, String reason) {
        var partition = deadLetters.find(id).flatMap(detail -> deadLetters.skip(detail.letter(), actor, reason));
        partition.ifPresent(released::accept);
        return partition.isPresent();
    }

    /**
     * Ends all dead letters of a key, or lets what waits behind them go on without them.
     *
     * @return how many
     */
    public int ofKey(String connector, String key, boolean skip, Actor actor, String reason) {
        var done = 0;
        for (var letter : deadLetters.ofKey(connector, key, MOST)) {
            var partition = skip ? deadLetters.skip(letter, actor, reason) : deadLetters.discard(letter, actor, reason);
            partition.ifPresent(released::accept);
            done += partition.isPresent() ? 1 : 0;
        }
        return done;
    }
}
