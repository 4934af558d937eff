package io.dovetail.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.event.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What came of a delivery, in the form of a sample's {@code events.json}; see connectors/README.md. */
public final class EventsJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

    private EventsJson() {}

    /** One entry for each business event; what is empty is left out. */
    public static ArrayNode of(Rehearsed.Accepted accepted, Instant acceptedAt) {
        var list = JSON.arrayNode();
        accepted.events().forEach(fate -> list.add(entry(fate, acceptedAt)));
        return list;
    }

    private static ObjectNode entry(Rehearsed.Fate fate, Instant acceptedAt) {
        var entry = JSON.objectNode();
        switch (fate) {
            case Rehearsed.Ignored ignored -> entry.put("ignored", ignored.reason());
            case Rehearsed.Duplicate duplicate ->
                entry.put("duplicate", duplicate.part().id());
            case Rehearsed.Parked parked -> entry.put("parked", parked.failure().message());
            case Rehearsed.Waiting waiting ->
                entry.put("waiting", waiting.failure().message());
            case Rehearsed.Said said -> {
                var event = said.event();
                entry.put("type", event.type());
                put(entry, "id", said.part().id());
                put(entry, "key", event.key());
                if (!said.part().keys().isEmpty()) {
                    var keys = entry.putObject("keys");
                    said.part().keys().forEach(keys::put);
                }
                put(entry, "subject", event.subject());
                entry.put("time", event.time().toString());
                entry.set("data", event.data());
                if (!said.triggers().isEmpty()) {
                    var triggers = entry.putArray("triggers");
                    said.triggers().forEach(trigger -> triggers.add(entry(trigger, acceptedAt)));
                }
            }
        }
        return entry;
    }

    private static ObjectNode entry(Trigger trigger, Instant acceptedAt) {
        var entry = JSON.objectNode();
        entry.put("workflow", trigger.workflow());
        entry.put("priority", trigger.priority().name().toLowerCase(Locale.ROOT));
        entry.put("due", words(Duration.between(acceptedAt, trigger.due())));
        put(entry, "approval", trigger.approval());
        entry.put("policy", trigger.policy());
        return entry;
    }

    private static void put(ObjectNode entry, String name, @Nullable String value) {
        if (value != null) {
            entry.put(name, value);
        }
    }

    /** A duration as a person would write it: whole days are days. */
    public static String words(Duration duration) {
        var days = duration.toDays();
        return days > 0 && duration.equals(Duration.ofDays(days)) ? "P" + days + "D" : duration.toString();
    }
}
