package io.dovetail.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.flipkart.zjsonpatch.JsonPatch;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Part;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.event.Ids;
import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.DeadLetters.Detail;
import io.dovetail.ledger.DeadLetters.Identity;
import io.dovetail.ledger.ProposedEdits.Edit;
import io.dovetail.ledger.Versions;
import io.dovetail.replay.Repair.RepairException;
import io.dovetail.replay.Repair.Wish;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an operator's wish makes of a dead letter, found before anything is written. */
final class Preparation {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{1,64}");
    private static final String LISTED = "\"hub versions\" and GET /api/versions list them.";

    private final Versions versions;
    private final Supplier<Configuration> live;
    private final Function<String, Configuration> kept;

    /** @param kept a version that was live once, by its hash; throws {@link UnreadableVersionException} */
    Preparation(Versions versions, Supplier<Configuration> live, Function<String, Configuration> kept) {
        this.versions = versions;
        this.live = live;
        this.kept = kept;
    }

    /**
     * @param edited the event's own part, as JSON; null: as it is
     * @param order what is asked for beyond another try, for the event's history; null: nothing
     * @param identity who the event is, if it did not have a name before
     * @param as the hash of the kept version that is wanted; null: whatever is live
     */
    record Ready(
            byte @Nullable [] edited,
            @Nullable String order,
            @Nullable Identity identity,
            @Nullable String as) {}

    Ready of(Detail detail, Wish wish) throws RepairException {
        var letter = detail.letter();
        var as = asVersion(letter, wish.as());
        var connector = connector(letter, as);
        var edited = edited(connector, detail, wish.patch(), wish.text());
        var part = edited == null ? part(connector, detail) : connector.identify(edited, letter.pointer());
        return new Ready(
                edited == null ? null : JsonCodec.write(edited),
                order(wish, as),
                identity(connector, letter, part).orElse(null),
                as);
    }

    /** An edit that somebody else is to look at first: as it will be kept, so that nothing else is approved. */
    Edit edit(Detail detail, Wish wish) throws RepairException {
        var ready = of(detail, wish);
        var body = Objects.requireNonNull(ready.edited);
        var before = part(connector(detail.letter(), ready.as), detail).tree();
        var order = Objects.requireNonNull(ready.order);
        return new Edit(order, storable(Changes.between(before, tree(body))), body, ready.as);
    }

    /** Who the event is once an edit of it is approved; null: who it was. The connector may have changed meanwhile. */
    @Nullable
    Identity approved(Detail detail, Edit edit) throws RepairException {
        var letter = detail.letter();
        var connector = connector(letter, edit.asVersion());
        var part = connector.identify(tree(edit.body()), letter.pointer());
        return identity(connector, letter, part).orElse(null);
    }

    private static JsonNode tree(byte[] body) throws RepairException {
        try {
            return new JsonCodec().read(body);
        } catch (MalformedException e) {
            throw new RepairException("What the edit makes of it cannot be read: " + e.getMessage());
        }
    }

    /** The hash of the kept version that is wanted; null: whatever is live. */
    private @Nullable String asVersion(DeadLetter letter, @Nullable String as) throws RepairException {
        if (as == null || as.equals("now")) {
            return null;
        }
        if (as.equals("then")) {
            return letter.version();
        }
        var beginning = as.toLowerCase(Locale.ROOT);
        if (!HASH.matcher(beginning).matches()) {
            throw new RepairException(
                    "An event is replayed as \"now\", as \"then\", or as a version, by its hash or the"
                            + " beginning of it; " + LISTED);
        }
        var named = versions.named(beginning);
        if (named.isEmpty()) {
            throw new RepairException("No version is kept whose hash begins with " + beginning + "; " + LISTED);
        }
        if (named.size() > 1) {
            throw new RepairException("The hashes of several versions begin with " + beginning + ", among them "
                    + String.join(" and ", named) + "; give more of it.");
        }
        return named.getFirst();
    }

    private Connector connector(DeadLetter letter, @Nullable String as) throws RepairException {
        var now = live.get();
        if (as == null || as.equals(now.hash())) {
            return connector(
                    now,
                    letter,
                    "The folder connectors/" + letter.connector()
                            + " is gone. Put it back and reload, or replay the event as a version that had it.");
        }
        try {
            return connector(
                    kept.apply(as),
                    letter,
                    "The version " + as + " has no folder connectors/" + letter.connector()
                            + ". Replay the event as a version that has it; " + LISTED);
        } catch (UnreadableVersionException e) {
            throw new RepairException(e.getMessage() + ". Replay the event as another version; " + LISTED);
        }
    }

    private static Connector connector(Configuration version, DeadLetter letter, String orElse) throws RepairException {
        var connector = version.connector(letter.connector());
        if (connector == null) {
            throw new RepairException(orElse);
        }
        return connector;
    }

    private static @Nullable JsonNode edited(
            Connector connector, Detail detail, @Nullable JsonNode patch, @Nullable String text)
            throws RepairException {
        if (patch != null && text != null) {
            throw new RepairException("Give a patch or a text, not both.");
        }
        if (patch != null) {
            try {
                return JsonPatch.apply(patch, part(connector, detail).tree());
            } catch (JsonPatchApplicationException e) {
                throw new RepairException("The patch does not fit: " + e.getMessage());
            }
        }
        if (text == null) {
            return null;
        }
        try {
            var parts = connector.read(connector.codec().read(text));
            if (parts.size() != 1) {
                throw new RepairException("The text holds " + parts.size() + " events; it must hold this one alone.");
            }
            return parts.getFirst().tree();
        } catch (MalformedException e) {
            throw new RepairException("The text cannot be read: " + e.getMessage());
        }
    }

    private static Part part(Connector connector, Detail detail) throws RepairException {
        try {
            if (detail.part()) {
                return connector.identify(
                        new JsonCodec().read(detail.body()), detail.letter().pointer());
            }
            var tree = connector.codec().readStored(detail.body());
            var pointer = detail.letter().pointer();
            if (!pointer.isEmpty()) {
                return connector.identify(connector.eventAt(tree, pointer), pointer);
            }
            var parts = connector.read(tree);
            if (parts.size() != 1) {
                throw new RepairException("The delivery now holds " + parts.size()
                        + " events, but was accepted as one. Discard it and have it sent again.");
            }
            return parts.getFirst();
        } catch (MalformedException e) {
            throw new RepairException("The delivery cannot be read any more: " + e.getMessage());
        }
    }

    /** Who the event is, if it did not have a name before; it may not take another one's. */
    private static Optional<Identity> identity(Connector connector, DeadLetter letter, Part part)
            throws RepairException {
        var id = part.id();
        if (id == null && !part.isUnnamed()) {
            if (letter.sourceId() != null) {
                throw new RepairException("The event has no id any more: "
                        + (part.problem() == null
                                ? "no rule of the connector matches it"
                                : part.problem().message()));
            }
            return Optional.empty();
        }
        if (letter.sourceId() != null) {
            if (!Objects.equals(letter.key(), part.key())) {
                throw new RepairException("A replay must not move an event to another ordering key: it is "
                        + letter.key() + " and would become " + part.key() + ". Discard it and have it sent again.");
            }
            return Optional.empty();
        }
        // what has none goes on under the one that it got for want of one
        var name = id == null ? letter.delivery() + letter.pointer() : id;
        return Optional.of(new Identity(
                Ids.event(letter.connector(), letter.sender(), name),
                part.emits(),
                name,
                part.key(),
                connector.ordered(),
                part.keys()));
    }

    /** What is asked for beyond another try, for the event's history; null: nothing. */
    private static @Nullable String order(Wish wish, @Nullable String as) {
        var order = MAPPER.createObjectNode();
        if (wish.patch() != null) {
            order.set("patch", wish.patch());
        } else if (wish.text() != null) {
            order.put("text", wish.text());
        }
        if (as != null) {
            order.put("as", as);
        }
        return order.isEmpty() ? null : storable(order);
    }

    /** PostgreSQL's jsonb holds every character but NUL. */
    private static String storable(JsonNode json) {
        return json.toString().replace("\\u0000", "\\uFFFD");
    }
}
