package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a sample's {@code events.json}. */
final class ExpectedReader {

    private static final Set<String> SAID = Set.of("type", "subject", "time", "id", "key", "keys", "data", "triggers");
    private static final Set<String> START = Set.of("workflow", "priority", "due", "approval", "policy");
    private static final Set<String> PRIORITIES = Set.of("low", "normal", "high", "urgent");

    private final String place;
    private final byte[] raw;
    private final Problems problems;
    private boolean sound = true;

    ExpectedReader(String place, byte[] raw, Problems problems) {
        this.place = place;
        this.raw = raw;
        this.problems = problems;
    }

    /** Null when something is wrong. */
    Expectation.@Nullable Events read() {
        JsonNode tree;
        try {
            tree = new JsonCodec().read(raw);
        } catch (MalformedException e) {
            problems.add(place, e.getMessage());
            return null;
        }
        if (!tree.isArray() || tree.isEmpty()) {
            problem("", "events.json is a list with one entry for each business event of the delivery");
            return null;
        }
        var events = new ArrayList<Expected>();
        for (var i = 0; i < tree.size(); i++) {
            var expected = expected(tree.get(i), "/" + i);
            if (expected != null) {
                events.add(expected);
            }
        }
        return sound ? new Expectation.Events(List.copyOf(events)) : null;
    }

    private @Nullable Expected expected(JsonNode entry, String at) {
        for (var name : List.of("ignored", "duplicate", "parked", "waiting")) {
            if (entry.has(name)) {
                onlyKnown(entry, at, Set.of(name));
                var piece = text(entry, at, name, true);
                return switch (name) {
                    case "ignored" -> new Expected.Ignored(piece);
                    case "duplicate" -> new Expected.Duplicate(piece);
                    case "parked" -> new Expected.Parked(piece);
                    default -> new Expected.Waiting(piece);
                };
            }
        }
        onlyKnown(entry, at, SAID);
        var type = text(entry, at, "type", true);
        var time = text(entry, at, "time", true);
        if (!entry.path("data").isObject()) {
            problem(
                    at,
                    "an entry has 'data', an object; or it is {\"ignored\": …}, {\"duplicate\": …}, {\"parked\": …} or"
                            + " {\"waiting\": …}");
        }
        var triggers = new ArrayList<Expected.Start>();
        var list = entry.path("triggers");
        for (var i = 0; i < list.size(); i++) {
            var start = start(list.get(i), at + "/triggers/" + i);
            if (start != null) {
                triggers.add(start);
            }
        }
        try {
            return new Expected.Said(
                    type,
                    optional(entry, at, "subject"),
                    OffsetDateTime.parse(time).toInstant(),
                    optional(entry, at, "id"),
                    optional(entry, at, "key"),
                    keys(entry, at),
                    entry.path("data"),
                    List.copyOf(triggers));
        } catch (DateTimeException e) {
            problem(at + "/time", "time is an instant as 2026-03-11T10:15:02Z");
            return null;
        }
    }

    private Expected.@Nullable Start start(JsonNode entry, String at) {
        onlyKnown(entry, at, START);
        var priority = text(entry, at, "priority", true);
        if (!PRIORITIES.contains(priority)) {
            problem(at + "/priority", "priority is low, normal, high or urgent");
        }
        try {
            return new Expected.Start(
                    text(entry, at, "workflow", true),
                    priority,
                    Duration.parse(text(entry, at, "due", true)),
                    optional(entry, at, "approval"),
                    optional(entry, at, "policy"));
        } catch (DateTimeException e) {
            problem(at + "/due", "due is a duration as PT4H or P1D");
            return null;
        }
    }

    private @Nullable Map<String, String> keys(JsonNode entry, String at) {
        if (!entry.has("keys")) {
            return null;
        }
        var keys = new TreeMap<String, String>();
        entry.path("keys")
                .fieldNames()
                .forEachRemaining(name -> keys.put(name, text(entry.path("keys"), at + "/keys", name, true)));
        return keys;
    }

    private @Nullable String optional(JsonNode entry, String at, String name) {
        return entry.hasNonNull(name) ? text(entry, at, name, false) : null;
    }

    private String text(JsonNode entry, String at, String name, boolean required) {
        var value = entry.path(name);
        if (!value.isTextual() && (required || !value.isMissingNode())) {
            problem(at + "/" + name, "'" + name + "' is missing or no text");
        }
        return value.asText("");
    }

    private void onlyKnown(JsonNode entry, String at, Set<String> known) {
        var unknown = new TreeSet<String>();
        entry.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(known);
        unknown.forEach(name -> problem(at + "/" + name, "'" + name + "' is not known here"));
    }

    private void problem(String pointer, String message) {
        sound = false;
        var line = new JsonCodec().line(raw, pointer);
        problems.add(line.isPresent() ? place + ":" + line.getAsInt() : place, message);
    }
}
