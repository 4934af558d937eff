package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Acknowledgement;
import io.dovetail.codec.Codec;
import io.dovetail.codec.Cutter;
import io.dovetail.codec.EdiCodec;
import io.dovetail.codec.EdiCutter;
import io.dovetail.codec.Expression;
import io.dovetail.codec.FieldPath;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.JwtCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.codec.MultipartCodec;
import io.dovetail.codec.XmlCodec;
import io.dovetail.codec.XmlCutter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a folder under {@code connectors/} says.
 *
 * @param name the folder's name
 * @param retention the class of how long its history is kept; the hub's settings say how long that is
 * @param amqp null where no queue is a door of it
 * @param kafka null where no topic is
 * @param remoteQueue null where no queue of another broker is
 * @param claimedSender what a source event says of who sent it; null where it says nothing
 * @param split where the business events stand in a delivery: {@code none}, {@code a.b[]}, {@code a.b[] as name},
 *     {@code []} or {@code //NAME}
 * @param ordered whether events of one ordering key are published one after the other, in the order accepted
 * @param calls how its route asks other systems; null: it asks none
 * @param ignoreReason why unknown events are ignored; null: they are parked
 */
public record Connector(
        String name,
        String title,
        String kind,
        String retention,
        Webhook webhook,
        @Nullable Amqp amqp,
        @Nullable Kafka kafka,
        @Nullable RemoteQueue remoteQueue,
        Codec codec,
        String split,
        @Nullable Expression claimedSender,
        List<EventRule> events,
        boolean ordered,
        @Nullable Calls calls,
        @Nullable String ignoreReason) {

    /** No connector is called so: the names of the hub's own secrets begin with these. */
    public static final Set<String> NAMES_OF_THE_HUB = Set.of("hub", "bus");

    /**
     * A delivery's body as it may be stored: without what must never be ({@code redactBeforeStore}).
     *
     * @throws MalformedException when there may be such a thing in it and it cannot be looked for
     */
    public byte[] kept(byte[] body) throws MalformedException {
        return webhook.redactions().isEmpty() ? body : codec.redact(body, webhook.redactions());
    }

    /**
     * A body whose events all have the names that they must have; the same where nothing is said of that, or they had.
     *
     * @param tree the body's, which gets the names, too
     * @throws MalformedException when a name is none, or two have the same
     */
    public byte[] named(byte[] body, JsonNode tree) throws MalformedException {
        var named = webhook.named();
        return named != null && named.name(tree) ? codec.rewrite(body, tree) : body;
    }

    /**
     * A body as those may see it who may only look: without what the contracts mark as sensitive.
     *
     * @param part whether it is one business event's own part, as JSON, and not a whole delivery
     * @throws MalformedException when there may be such a thing in it and it cannot be looked for
     */
    public byte[] shown(byte[] body, boolean part) throws MalformedException {
        var paths = events.stream()
                .flatMap(rule -> rule.contract().sensitive().stream())
                .distinct()
                .toList();
        if (paths.isEmpty()) {
            return body;
        }
        if (part) {
            return new JsonCodec().redact(body, paths);
        }
        if (!codec.redacts()) {
            throw new MalformedException("It is of a form that cannot be overwritten in part.");
        }
        // lists are stepped into by themselves
        var outer = split.replaceAll("^none$|^\\[]$", "");
        return codec.redact(
                body,
                outer.isEmpty()
                        ? paths
                        : paths.stream()
                                .map(path -> path.below(FieldPath.of(outer)))
                                .toList());
    }

    /**
     * Cuts what is too large for one delivery, or holds several: XML at the elements that {@code split} names, EDI
     * between interchanges. Null: it cannot be cut.
     *
     * @param number of XML: names from such an element to the one whose text is its number; none: it has none
     * @throws MalformedException when not even the beginning can be read
     */
    public @Nullable Cutter cutter(InputStream in, List<String> number) throws IOException, MalformedException {
        return switch (codec) {
            case EdiCodec edi -> new EdiCutter(in, webhook.maxBytes());
            case XmlCodec xml ->
                Split.isByName(split) ? new XmlCutter(in, split.substring(2), number, webhook.maxBytes()) : null;
            case JsonCodec json -> null;
            case JwtCodec jwt -> null;
            case MultipartCodec multipart -> null;
        };
    }

    /**
     * The business events of a delivery, in their order; at least one. Never throws: what cannot be read becomes a part
     * with a problem.
     */
    public List<Part> read(JsonNode tree) {
        return new PartReader(this).read(tree);
    }

    /** The business event that a pointer into a delivery stands for. */
    public JsonNode eventAt(JsonNode delivery, String pointer) {
        return Enclosing.isSaidBy(split) ? Enclosing.of(split).part(delivery, pointer) : delivery.at(pointer);
    }

    /**
     * Where in the delivery something is.
     *
     * @param pointer to its business event
     * @param place a pointer from that event on, or one into the delivery already
     */
    public String place(String pointer, String place) {
        if (place.startsWith(pointer)) {
            return place;
        }
        return Enclosing.isSaidBy(split) ? Enclosing.of(split).place(pointer, place) : pointer + place;
    }

    /** What one part of a delivery is; never throws. */
    public Part identify(JsonNode part, String pointer) {
        return new PartReader(this).part(pointer, part);
    }

    /**
     * What another part of the same id must have in common with this one to be the same event told again.
     *
     * @param written the part's tree as bytes
     */
    public byte[] content(Part part, byte[] written) {
        if (part.sameById() && part.id() != null) {
            return part.id().getBytes(StandardCharsets.UTF_8);
        }
        return webhook.named() == null ? written : Named.content(part.tree());
    }

    /**
     * What the connector's protocol wants to be answered to a delivery that is stored; null: nothing of its own.
     *
     * @param tree the very one that its codec read
     */
    public @Nullable Acknowledgement acknowledgement(JsonNode tree, Instant at) {
        return codec.acknowledge(tree, () -> new Doubts(this).about(tree), at);
    }

    /**
     * The first rule that matches a source event, or null.
     *
     * @throws io.dovetail.codec.ExpressionException when a {@code when} fails on it
     */
    public @Nullable EventRule rule(JsonNode part) {
        for (var rule : events) {
            if (rule.when().test(part)) {
                return rule;
            }
        }
        return null;
    }
}
