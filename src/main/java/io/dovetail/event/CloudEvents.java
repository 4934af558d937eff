package io.dovetail.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the bus: CloudEvents 1.0.2 in the structured JSON form, UTF-8, media type {@value #MEDIA_TYPE}. Null
 * attributes are left out.
 */
public final class CloudEvents {

    public static final String MEDIA_TYPE = "application/cloudevents+json";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFactory FACTORY = MAPPER.getFactory();

    private CloudEvents() {}

    public static byte[] of(Event event) {
        return write(json -> writeEvent(json, event));
    }

    /** {@code subject} is the event's; the event itself stands whole in {@code data.event}. */
    public static byte[] of(Trigger trigger) {
        var event = trigger.event();
        return write(json -> {
            json.writeStartObject();
            head(json, trigger.id(), source(event.connector(), event.sender()), type(trigger), event.time());
            attribute(json, "subject", event.subject());
            attribute(json, "dataschema", "/schemas/triggers/trigger.v1");
            attribute(json, "partitionkey", event.key());
            attribute(json, "traceparent", event.traceparent());
            json.writeObjectFieldStart("data");
            json.writeStringField("workflow", trigger.workflow());
            json.writeStringField("priority", trigger.priority().name().toLowerCase(Locale.ROOT));
            json.writeStringField("due", trigger.due().toString());
            json.writeObjectFieldStart("approval");
            json.writeBooleanField("required", trigger.approval() != null);
            attribute(json, "reason", trigger.approval());
            json.writeEndObject();
            json.writeObjectFieldStart("policy");
            json.writeStringField("route", trigger.policy());
            json.writeStringField("hash", trigger.policyHash());
            json.writeEndObject();
            json.writeFieldName("event");
            writeEvent(json, event);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    public static byte[] of(Telemetry telemetry) {
        return write(json -> {
            json.writeStartObject();
            head(
                    json,
                    telemetry.id(),
                    source(telemetry.connector(), telemetry.sender()),
                    telemetry.type(),
                    telemetry.endedAt());
            attribute(json, "dataschema", "/schemas/telemetry/telemetry.v1");
            attribute(json, "traceparent", telemetry.traceparent());
            json.writeFieldName("data");
            telemetry.write(json);
            json.writeEndObject();
        });
    }

    /** The type of a trigger's CloudEvent, e.g. {@code trigger.order-review.v1}. */
    public static String type(Trigger trigger) {
        return "trigger." + trigger.workflow() + ".v1";
    }

    private static void writeEvent(JsonGenerator json, Event event) throws IOException {
        json.writeStartObject();
        head(json, event.id(), source(event.connector(), event.sender()), event.type(), event.time());
        attribute(json, "subject", event.subject());
        attribute(json, "dataschema", "/schemas/events/" + event.type());
        attribute(json, "partitionkey", event.key());
        attribute(json, "traceparent", event.traceparent());
        if (event.revises() != null) {
            json.writeNumberField("revision", event.revision());
            json.writeStringField("revises", event.revises().toString());
        }
        // names hold no commas
        attribute(json, "editedby", String.join(",", event.lineage().editedBy()));
        attribute(json, "approvedby", String.join(",", event.lineage().approvedBy()));
        json.writeFieldName("data");
        MAPPER.writeTree(json, event.data());
        json.writeEndObject();
    }

    private static void head(JsonGenerator json, UUID id, String source, String type, Instant time) throws IOException {
        json.writeStringField("specversion", "1.0");
        json.writeStringField("id", id.toString());
        json.writeStringField("source", source);
        json.writeStringField("type", type);
        json.writeStringField("time", time.toString());
        json.writeStringField("datacontenttype", "application/json");
    }

    private static String source(String connector, String sender) {
        return "/connectors/" + connector + "/" + sender;
    }

    static void attribute(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    @FunctionalInterface
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] write(Body body) {
        try (var bytes = new ByteArrayBuilder(2048);
                var json = FACTORY.createGenerator(bytes)) {
            body.write(json);
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
