package io.dovetail.intake.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.dovetail.call.Caller;
import io.dovetail.camel.Asks;
import io.dovetail.codec.JsonCodec;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.intake.Letter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a source, while its route reads it. For one thread. */
public final class Page implements Asks, Handover {

    /** What can store letters, and remember how far a source is read. */
    interface Shelf {

        /** Returns when all of them are stored, in their order, however long it takes. */
        void store(List<Letter> letters) throws InterruptedException;

        /** All before {@code position} is stored. */
        void moveTo(Position position) throws InterruptedException;

        /** What tells that the source has forgotten what came next. */
        Letter gap();

        /** That is stored. */
        void toldOfAGap();
    }

    /** The rule of a failure that says that an answer holds something else than a page. */
    static final String NO_LIST = "page without items";

    private static final int MOST_ITEMS = 10_000;

    private final Poll poll;
    private final Caller caller;
    private final Shelf shelf;
    private final List<Letter> before;
    private Position position;
    private boolean isAccepted;
    private boolean hasMore;

    /**
     * @param from where it is read
     * @param before what is stored before its first item
     */
    Page(Poll poll, Caller caller, Shelf shelf, Position from, List<Letter> before) {
        this.poll = poll;
        this.caller = caller;
        this.shelf = shelf;
        this.position = from;
        this.before = new ArrayList<>(before);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    /**
     * {@inheritDoc} Then the source is read up to the position.
     *
     * @param said the route's variables, of which {@code items} is a list, {@code position} an object or null, and
     *     {@code more} and {@code gap} are booleans
     * @throws FailedException when it is something else, or the hub is being stopped
     */
    @Override
    public void accept(JsonNode said) {
        var isGap = said.path("gap").asBoolean(false);
        if (isGap && poll.window() == null) {
            throw wrong(
                    "there is a \"gap\", and kamelet:hub-poll does not say for how long the source can tell: window");
        }
        if (isGap) {
            before.add(shelf.gap());
        }
        var letters = letters(said.path("items"));
        var next = position(said.path("position"));
        hasMore = said.path("more").asBoolean(false);
        if (hasMore && (next == null || next.equals(position))) {
            throw wrong(
                    "there is \"more\", and \"position\" is still where this page began: it would be read for ever");
        }
        try {
            shelf.store(letters);
            before.clear();
            if (isGap) {
                shelf.toldOfAGap();
            }
            if (next != null) {
                shelf.moveTo(next);
                position = next;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException(Failure.of(
                    FailureKind.EXTERNAL, poll.id(), "stopped", "the hub is being stopped, or its files change"));
        }
        isAccepted = true;
    }

    private List<Letter> letters(JsonNode items) {
        if (!items.isArray()) {
            // an answer that says what went wrong must not look like one without news
            throw wrong(NO_LIST, "the variable \"items\" is no list, so the answer is not what the route expects");
        }
        if (items.size() > MOST_ITEMS) {
            throw wrong("there are more than " + MOST_ITEMS + " items; ask for fewer at a time");
        }
        var letters = new ArrayList<>(before);
        items.forEach(item -> letters.add(poll.letter(JsonCodec.write(item))));
        return letters;
    }

    private @Nullable Position position(JsonNode said) {
        if (said.isMissingNode() || said instanceof NullNode) {
            return null;
        }
        try {
            var next = Position.of(said);
            if (poll.overlaps() && next.time() == null) {
                throw new IllegalArgumentException("\"position\" needs a \"time\", since there is an overlap");
            }
            return next;
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private FailedException wrong(String what) {
        return wrong("page", what);
    }

    private FailedException wrong(String rule, String what) {
        return new FailedException(Failure.of(
                FailureKind.MAPPING,
                "routes/intake/" + poll.id() + ".camel.yaml",
                rule,
                "what it hands to kamelet:hub-accept is wrong: " + what));
    }

    /** Where to go on. */
    Position position() {
        return position;
    }

    boolean isAccepted() {
        return isAccepted;
    }

    boolean hasMore() {
        return hasMore;
    }

    /** @throws FailedException when nothing was handed over */
    void complete() {
        if (!isAccepted) {
            throw wrong("nothing is handed over; end the route with kamelet:hub-accept, also when there are no items");
        }
    }
}
