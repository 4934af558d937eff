package io.dovetail.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Subscriber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a workflow engine sees: every event and trigger that comes out of the hub, in order. */
final class Bus implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int FIELD = 16;

    private final Page page;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<JsonNode> triggers = new CopyOnWriteArrayList<>();
    private final Subscriber eventReader;
    private final Subscriber triggerReader;
    private int shown;
    private int most = Integer.MAX_VALUE;

    Bus(HubProcess.Address hub, Page page) {
        this.page = page;
        eventReader = Subscriber.of(hub, "hub.events", body -> take(body, events));
        triggerReader = Subscriber.of(hub, "hub.triggers", body -> take(body, triggers));
    }

    private void take(byte[] body, List<JsonNode> seen) {
        try {
            var message = MAPPER.readTree(body);
            show(message, seen == triggers);
            seen.add(message);
        } catch (IOException e) {
            throw new UncheckedIOException("What came out is no JSON", e);
        }
    }

    private synchronized void show(JsonNode message, boolean trigger) {
        if (++shown > most) {
            return;
        }
        var data = message.path("data");
        var line = "   → %-8s %-26s %-16s %s"
                .formatted(
                        trigger ? "trigger" : "event",
                        trigger
                                ? data.path("workflow").asText()
                                : message.path("type").asText(),
                        cut(message.path("subject").asText()),
                        message.path("source").asText().split("/")[2]);
        if (trigger) {
            line += ", " + data.path("priority").asText();
            line += data.path("approval").path("required").asBoolean() ? ", a person approves" : "";
        }
        page.line(line);
    }

    private static String cut(String text) {
        return text.length() <= FIELD ? text : text.substring(0, FIELD - 1) + "…";
    }

    /** Prints no more than this many from now on. */
    synchronized void showAtMost(int count) {
        most = count;
        shown = 0;
    }

    /** How many were not printed since {@link #showAtMost}. */
    synchronized int hidden() {
        return Math.max(0, shown - most);
    }

    List<JsonNode> events() {
        return events;
    }

    List<JsonNode> triggers() {
        return triggers;
    }

    Optional<JsonNode> event(String id) {
        return events.stream()
                .filter(event -> event.path("id").asText().equals(id))
                .findFirst();
    }

    boolean hasTrigger(String id) {
        return triggers.stream().anyMatch(trigger -> trigger.path("id").asText().equals(id));
    }

    /** Where in the order of arrival; -1 when it did not come. */
    int position(String id) {
        for (var i = 0; i < events.size(); i++) {
            if (events.get(i).path("id").asText().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        eventReader.close();
        triggerReader.close();
    }
}
