package io.dovetail.intake.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.dovetail.call.Caller;
import io.dovetail.camel.Asks;
import io.dovetail.codec.JsonCodec;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.intake.Letter;
import io.dovetail.intake.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One page of a source, while its route reads it. For one thread. */
public final class Page implements Asks, Handover {

    /** What can store letters, and remember how far a source is read. */
    interface Shelf {

        /** Why a body is not taken from the source's sender, in a word; null: it proves by itself that it is his. */
        @Nullable
        String objection(byte[] body) throws RefusedException;

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
    private final Set<String> proved = new HashSet<>();
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

    /**
     * Tells which bodies prove by themselves, as if they had been sent, that they are the sender's: {@code {proved, refused}}
     * by their names, the former with the bodies, the latter with a word why not.
     *
     * @param bodies texts by their names
     * @throws FailedException when that cannot be told now, or they are something else
     */
    public JsonNode prove(JsonNode bodies) {
        var answer = JsonNodeFactory.instance.objectNode();
        var good = answer.putObject("proved");
        var bad = answer.putObject("refused");
        if (!bodies.isObject()) {
            throw wrong("the variable \"bodies\" is no object of texts by their names");
        }
        try {
            for (var body : bodies.properties()) {
                var text = body.getValue().asText("");
                var objection = shelf.objection(text.getBytes(StandardCharsets.UTF_8));
                if (objection == null) {
                    proved.add(text);
                    good.put(body.getKey(), text);
                } else {
                    bad.put(body.getKey(), objection);
                }
            }
        } catch (RefusedException e) {
            throw new FailedException(Failure.of(
                    FailureKind.EXTERNAL, poll.id(), "proof", "nobody can tell now whose it is: " + e.getMessage()));
        }
        return answer;
    }

    private Letter letter(JsonNode item) {
        if (!item.isTextual()) {
            return poll.letter(JsonCodec.write(item));
        }
        if (!proved.contains(item.textValue())) {
            throw wrong("an item is a text, and kamelet:hub-verify has not found it to be the sender's");
        }
        return poll.text(item.textValue().getBytes(StandardCharsets.UTF_8));
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
        items.forEach(item -> letters.add(letter(item)));
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
