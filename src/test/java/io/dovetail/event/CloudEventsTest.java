package io.dovetail.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.provider.EventFormatProvider;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Read by the SDK of CloudEvents itself. */
class CloudEventsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Instant TIME = Instant.parse("2026-05-01T12:00:00.123Z");

    private static CloudEvent read(byte[] body) {
        return EventFormatProvider.getInstance()
                .resolveFormat(CloudEvents.MEDIA_TYPE)
                .deserialize(body);
    }

    private static Event event(int revision, UUID revises) {
        return event(revision, revises, Lineage.NONE);
    }

    private static Event event(int revision, UUID revises, Lineage lineage) {
        return new Event(
                new UUID(1, 2),
                "jira",
                "acme",
                "ticket.opened.v1",
                "PUMP-41",
                TIME,
                "10040",
                "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
                revision,
                revises,
                lineage,
                MAPPER.createObjectNode().put("ticketId", "10040").put("summary", "ä\u0000💥"));
    }

    @Test
    void sayAnEventInStructuredForm() throws IOException {
        var said = read(CloudEvents.of(event(0, null)));
        assertThat(said.getId()).isEqualTo(new UUID(1, 2).toString());
        assertThat(said.getSource()).hasToString("/connectors/jira/acme");
        assertThat(said.getType()).isEqualTo("ticket.opened.v1");
        assertThat(said.getSubject()).isEqualTo("PUMP-41");
        assertThat(said.getTime().toInstant()).isEqualTo(TIME);
        assertThat(said.getDataContentType()).isEqualTo("application/json");
        assertThat(said.getDataSchema()).hasToString("/schemas/events/ticket.opened.v1");
        assertThat(said.getExtensionNames()).containsExactlyInAnyOrder("partitionkey", "traceparent");
        assertThat(MAPPER.readTree(said.getData().toBytes()).path("summary").asText())
                .isEqualTo("ä\u0000💥");
    }

    @Test
    void sayOfARevisionWhatItRevises() {
        var said = read(CloudEvents.of(event(2, new UUID(7, 7))));
        assertThat(said.getExtension("revision")).isEqualTo(2);
        assertThat(said.getExtension("revises")).isEqualTo(new UUID(7, 7).toString());
    }

    @Test
    void sayOfAnEditedEventWhoHadAHandInIt() {
        var said = read(CloudEvents.of(event(0, null, new Lineage(List.of("carol", "alice"), List.of("bob")))));
        assertThat(said.getExtension("editedby")).isEqualTo("carol,alice");
        assertThat(said.getExtension("approvedby")).isEqualTo("bob");
    }

    @Test
    void sayATriggerWithItsEvent() throws IOException {
        var trigger = new Trigger(
                new UUID(3, 4),
                "ticket-escalation",
                Priority.URGENT,
                TIME.plusSeconds(3600),
                "A person decides",
                "tickets",
                "0123456789abcdef",
                event(0, null));
        var said = read(CloudEvents.of(trigger));
        assertThat(said.getId()).isEqualTo(new UUID(3, 4).toString());
        assertThat(said.getType()).isEqualTo("trigger.ticket-escalation.v1");
        var data = MAPPER.readTree(said.getData().toBytes());
        assertThat(data.path("priority").asText()).isEqualTo("urgent");
        assertThat(data.at("/approval/required").asBoolean()).isTrue();
        assertThat(data.at("/policy/route").asText()).isEqualTo("tickets");
        assertThat(data.path("event")).isEqualTo(MAPPER.readTree(CloudEvents.of(event(0, null))));
    }
}
