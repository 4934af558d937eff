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
import io.dovetail.event.Ids;
import io.dovetail.ledger.DeadLetters;
import io.dovetail.ledger.DeadLetters.Detail;
import io.dovetail.ledger.DeadLetters.Identity;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an operator may do with a dead letter. The original is never changed; an edit never moves an event to another key. */
public final class Repair {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The repair cannot be done; the message tells the operator why and what to do. */
    public static final class RepairException extends Exception {
        RepairException(String message) {
            super(message, null, false, false);
        }
    }

    private final DeadLetters deadLetters;
    private final Supplier<Configuration> configuration;
    private final IntConsumer released;

    /** @param released told which partition has something to go on with */
    public Repair(DeadLetters deadLetters, Supplier<Configuration> configuration, IntConsumer released) {
        this.deadLetters = deadLetters;
        this.configuration = configuration;
        this.released = released;
    }

    /**
     * Sends a dead letter on its way again, as it is or edited.
     *
     * @param patch JSON Patch (RFC 6902) over the event's own part; null for none
     * @param text the whole delivery's text instead; null for none
     * @return whether there was such a dead letter
     */
    public boolean replay(UUID id, String actor, String reason, @Nullable JsonNode patch, @Nullable String text)
            throws RepairException {
        var found = deadLetters.find(id);
        if (found.isEmpty()) {
            return false;
        }
        var detail = found.get();
        var letter = detail.letter();
        var connector = configuration.get().connector(letter.connector());
        if (connector == null) {
            throw new RepairException(
                    "The folder connectors/" + letter.connector() + " is gone. Put it back and reload.");
        }
        var edited = edited(connector, detail, patch, text);
        var part = edited == null ? part(connector, detail) : connector.identify(edited, letter.pointer());
        var identity = identity(letter, part);
        var partition = deadLetters.replay(
                letter,
                actor,
                reason,
                edited == null ? null : JsonCodec.write(edited),
                edited == null ? null : edit(patch, text),
                identity.orElse(null));
        partition.ifPresent(released::accept);
        return partition.isPresent();
    }

    /** Ends a dead letter; whether there was such a one. */
    public boolean discard(UUID id, String actor, String reason) {
        var partition = deadLetters.find(id).flatMap(detail -> deadLetters.discard(detail.letter(), actor, reason));
        partition.ifPresent(released::accept);
        return partition.isPresent();
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
            var parts = connector.read(connector.codec().read(text.getBytes(StandardCharsets.UTF_8)));
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
            var tree = connector.codec().read(detail.body());
            var pointer = detail.letter().pointer();
            if (!pointer.isEmpty()) {
                return connector.identify(tree.at(pointer), pointer);
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
    private static Optional<Identity> identity(DeadLetters.DeadLetter letter, Part part) throws RepairException {
        if (part.id() == null) {
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
                throw new RepairException("An edit must not move an event to another ordering key: it is "
                        + letter.key() + " and would become " + part.key() + ". Discard it and have it sent again.");
            }
            return Optional.empty();
        }
        return Optional.of(new Identity(
                Ids.event(letter.connector(), letter.sender(), part.id()),
                part.emits(),
                part.id(),
                part.key(),
                part.keys()));
    }

    private static String edit(@Nullable JsonNode patch, @Nullable String text) {
        var edit = patch != null ? Map.of("patch", patch) : Map.of("text", MAPPER.valueToTree(text));
        return MAPPER.valueToTree(edit).toString().replace("\\u0000", "\\uFFFD");
    }
}
