package io.dovetail.intake.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * How far a source is read: an object in its route's own words, of which the hub knows {@code time} alone.
 *
 * @param time up to when, by the source's clock; null where it does not say
 */
record Position(ObjectNode tree, @Nullable Instant time) {

    private static final String TIME = "time";
    private static final String SINCE = "since";
    private static final int LONGEST = 8_000;
    // always of the same length, so that a route may cut it
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    static Position at(Instant time) {
        var tree = JsonNodeFactory.instance.objectNode().put(TIME, text(time));
        return new Position(tree, time);
    }

    /** @throws IllegalArgumentException saying what it should be */
    static Position of(JsonNode tree) {
        if (!(tree instanceof ObjectNode object)) {
            throw new IllegalArgumentException("\"position\" is an object, as {\"time\": …, \"key\": …}");
        }
        var time = object.path(TIME);
        if (JsonCodec.write(tree).length > LONGEST) {
            throw new IllegalArgumentException("\"position\" has more than " + LONGEST + " bytes");
        }
        if (time.isMissingNode()) {
            return new Position(object, null);
        }
        try {
            return new Position(object, OffsetDateTime.parse(time.asText()).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "\"time\" of \"position\" is an instant such as 2026-05-01T09:30:00Z, not " + time);
        }
    }

    static Position read(String json) {
        try {
            return of(new JsonCodec().read(json.getBytes(StandardCharsets.UTF_8)));
        } catch (MalformedException e) {
            throw new IllegalStateException("the ledger holds a position that is none: " + e.getMessage(), e);
        }
    }

    /** The same, in the middle of an asking that began at {@code since}. */
    Position reading(String since) {
        return new Position(tree.deepCopy().put(SINCE, since), time);
    }

    /** When the asking began that has come this far; null: it has come to its end. */
    @Nullable
    String since() {
        var since = tree.path(SINCE);
        try {
            return since.isTextual() ? FORM.format(Instant.parse(since.textValue())) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The same, without {@link #since}. */
    Position atRest() {
        var rest = tree.deepCopy();
        rest.remove(SINCE);
        return new Position(rest, time);
    }

    /** A time as routes are told it. */
    static String text(Instant time) {
        return FORM.format(time);
    }

    String json() {
        return new String(JsonCodec.write(tree), StandardCharsets.UTF_8);
    }

    /** Its time as routes are told it; null where it has none. */
    @Nullable
    String timeText() {
        return time == null ? null : text(time);
    }
}
