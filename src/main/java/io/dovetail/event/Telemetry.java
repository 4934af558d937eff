package io.dovetail.event;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How an event came to its end. Telemetry carries ids and timings, never content.
 *
 * @param outcome {@code published}, {@code ignored}, {@code duplicate}, {@code parked} or {@code discarded}
 * @param kind the canonical type of the rule that matched; null when none did
 * @param translatedAt when its fate was decided
 * @param endedAt when the bus was told
 * @param version of the configuration that decided
 * @param reason why it was ignored
 * @param triggers how many workflows it set off
 */
public record Telemetry(
        UUID event,
        UUID delivery,
        String connector,
        String sender,
        String outcome,
        @Nullable String kind,
        Instant acceptedAt,
        Instant translatedAt,
        Instant endedAt,
        @Nullable String version,
        @Nullable String reason,
        @Nullable Failure failure,
        @Nullable String fingerprint,
        int triggers,
        int turn,
        String traceparent) {

    /** The same whenever the same end is told again. */
    public UUID id() {
        return Ids.trigger(event, "telemetry." + outcome + "." + turn);
    }

    public String type() {
        return outcome.equals("parked") ? "dovetail.event.parked.v1" : "dovetail.event.ended.v1";
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("event", event.toString());
        json.writeStringField("delivery", delivery.toString());
        json.writeStringField("connector", connector);
        json.writeStringField("sender", sender);
        json.writeStringField("outcome", outcome);
        CloudEvents.attribute(json, "kind", kind);
        CloudEvents.attribute(json, "version", version);
        CloudEvents.attribute(json, "reason", reason);
        json.writeNumberField("triggers", triggers);
        json.writeStringField("traceId", traceparent.substring(3, 35));
        json.writeObjectFieldStart("steps");
        json.writeStringField("acceptedAt", acceptedAt.toString());
        json.writeNumberField("translateMillis", millis(acceptedAt, translatedAt));
        json.writeNumberField("relayMillis", millis(translatedAt, endedAt));
        json.writeNumberField("totalMillis", millis(acceptedAt, endedAt));
        json.writeEndObject();
        if (failure != null) {
            json.writeObjectFieldStart("failure");
            json.writeStringField("kind", failure.kind().name());
            CloudEvents.attribute(json, "fingerprint", fingerprint);
            json.writeStringField("place", failure.place());
            json.writeStringField("rule", failure.rule());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static long millis(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis());
    }
}
