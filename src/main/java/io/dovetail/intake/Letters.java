package io.dovetail.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Part;
import io.dovetail.event.Digests;
import io.dovetail.event.Ids;
import io.dovetail.ledger.NewDelivery;
import io.dovetail.ledger.NewDelivery.NewEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes of a letter what the ledger stores. */
record Letters(Clock clock) {

    private static final String WITHHELD =
            "This body is not kept: it could not be read, so what the connector overwrites"
                    + " before the store (redactBeforeStore) could not be found in it. %s";

    /**
     * Of one that nobody is there to mend: what cannot be read becomes one event without a key, parked at its turn. Of
     * a connector that overwrites something its body is not kept then, as it may hold that.
     */
    NewDelivery delivery(Connector connector, Letter letter) {
        try {
            return delivery(connector, letter, new Content(connector.codec(), letter.body()));
        } catch (MalformedException e) {
            var id = DeliveryIds.next(clock);
            var hash = Digests.sha256(letter.body());
            var event = unnamed(connector, letter, id, "", null, hash, Map.of());
            var kept = connector.webhook().redactions().isEmpty()
                    ? letter.body()
                    : WITHHELD.formatted(e.getMessage()).getBytes(UTF_8);
            return delivery(connector, letter, id, hash, kept, List.of(event));
        }
    }

    /**
     * Of one whose signed id was used before with another body, where nobody is there to be told: its events have no
     * names and no keys, and are parked at their turn. By the id together with the body it is known when it comes again.
     */
    NewDelivery conflicting(Connector connector, Letter letter) {
        var known = letter.named(Objects.requireNonNull(letter.id()));
        var read = delivery(connector, known);
        var events = read.events().stream()
                .map(event -> unnamed(
                        connector, known, read.id(), event.pointer(), event.body(), event.contentHash(), event.keys()))
                .toList();
        return delivery(connector, known, read.id(), read.bodyHash(), read.body(), events);
    }

    /** @param content the letter's body */
    NewDelivery delivery(Connector connector, Letter letter, Content content) throws MalformedException {
        var tree = content.tree();
        var redacted = connector.kept(letter.body());
        var kept = connector.named(redacted, tree);
        // what is stored is what counts: nothing is made of a value that nobody can look up later
        var parts = connector.read(
                redacted == letter.body() ? tree : connector.codec().read(kept));
        var id = DeliveryIds.next(clock);
        var events = new ArrayList<NewEvent>(parts.size());
        for (var part : parts) {
            events.add(event(connector, letter.sender(), id, part, parts.size() > 1));
        }
        // where the same bytes may be news, they are no name for a delivery either
        var named = parts.stream().anyMatch(Part::isUnnamed) && letter.id() == null
                ? letter.named(letter.place() == null ? id.toString() : letter.place())
                : letter;
        // over what arrived: the same sent again is known by it, with another credential it is another delivery
        return delivery(connector, named, id, Digests.sha256(letter.body()), kept, events);
    }

    private static NewDelivery delivery(
            Connector connector, Letter letter, UUID id, byte[] bodyHash, byte[] kept, List<NewEvent> events) {
        var sourceId = letter.id();
        var media = letter.media();
        return new NewDelivery(
                id,
                connector.name(),
                letter.sender(),
                sourceId == null ? HexFormat.of().formatHex(bodyHash) : sourceId,
                sourceId != null && letter.signed(),
                media == null ? connector.webhook().firstMedia() : media,
                kept,
                bodyHash,
                Traces.continued(letter.traceparent(), id),
                events);
    }

    /** One that has no id yet, and no place among others. */
    private static NewEvent unnamed(
            Connector connector,
            Letter letter,
            UUID delivery,
            String pointer,
            byte @Nullable [] body,
            byte[] contentHash,
            Map<String, String> keys) {
        return new NewEvent(
                Ids.event(connector.name(), letter.sender(), delivery + pointer),
                pointer,
                body,
                null,
                null,
                null,
                connector.ordered(),
                contentHash,
                keys);
    }

    private static NewEvent event(Connector connector, String sender, UUID delivery, Part part, boolean oneOfSeveral) {
        var bytes = JsonCodec.write(part.tree());
        var makeshift = delivery + part.pointer();
        return new NewEvent(
                Ids.event(connector.name(), sender, part.id() == null ? makeshift : part.id()),
                part.pointer(),
                oneOfSeveral ? bytes : null,
                part.emits(),
                part.isUnnamed() ? makeshift : part.id(),
                part.key(),
                connector.ordered(),
                Digests.sha256(connector.content(part, bytes)),
                part.keys());
    }
}
