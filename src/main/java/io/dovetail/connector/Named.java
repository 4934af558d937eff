package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.event.Digests;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * That each event of a delivery, which is an object or a list of them, has its name, a UUID, in a field of its own; what has
 * none is given one that is made of its content, so that it is the same when it is sent again.
 *
 * @param query the parameter of the address that names the only event of a {@code PUT}; null: there is none
 */
public record Named(String field, @Nullable String query) {

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /**
     * Puts in the names that are missing.
     *
     * @return whether there were such
     * @throws MalformedException when a name is none, or two events have the same
     */
    boolean name(JsonNode tree) throws MalformedException {
        var given = false;
        var names = new HashSet<String>();
        for (var event : events(tree)) {
            if (event instanceof ObjectNode object) {
                var name = object.path(field);
                if (name.isMissingNode()) {
                    object.put(field, made(object).toString());
                    given = true;
                } else if (!name.isTextual()
                        || !UUID_FORM.matcher(name.textValue()).matches()) {
                    throw new MalformedException("The \"" + field + "\" of an event is a UUID.");
                }
                if (!names.add(object.path(field).asText().toLowerCase(Locale.ROOT))) {
                    throw new MalformedException("Two events of the delivery have the \"" + field + "\" "
                            + object.path(field).asText() + "; each has its own.");
                }
            }
        }
        return given;
    }

    /**
     * Puts in the name that the address has for the only event.
     *
     * @return whether it had none itself
     * @throws MalformedException when that is none, or it has another one
     */
    public boolean name(JsonNode tree, List<String> parameter) throws MalformedException {
        if (parameter.size() != 1 || !UUID_FORM.matcher(parameter.getFirst()).matches()) {
            throw new MalformedException("The address of a PUT names its event once, by " + query + ", with a UUID.");
        }
        if (!(tree instanceof ObjectNode event)) {
            throw new MalformedException("The body of a PUT is one event, an object.");
        }
        if (!event.has(field)) {
            event.put(field, parameter.getFirst());
            return true;
        }
        if (!event.path(field).asText().equalsIgnoreCase(parameter.getFirst())) {
            throw new MalformedException(
                    "The body has another \"" + field + "\" than " + query + " in the address says.");
        }
        return false;
    }

    /** The names, in the order of the events; those of what is no object are left out. */
    public List<String> names(JsonNode tree) {
        return events(tree).stream()
                .map(event -> event.path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .toList();
    }

    /** What tells an event from another under its name: all of it, in whatever order its fields stand. */
    static byte[] content(JsonNode event) {
        return JsonCodec.writeSorted(event);
    }

    private static List<JsonNode> events(JsonNode tree) {
        var events = new ArrayList<JsonNode>();
        if (tree.isArray()) {
            tree.forEach(events::add);
        } else {
            events.add(tree);
        }
        return events;
    }

    /** RFC 9562, version 8: of the content's digest. */
    private static UUID made(JsonNode event) {
        var digest = ByteBuffer.wrap(Digests.sha256(content(event)));
        return new UUID(
                digest.getLong() & ~0xF000L | 0x8000L,
                digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
    }
}
