package io.dovetail.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.Operator;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** An operator's desk: asks the hub what became of things, and tells it what to do with those that failed. */
final class Desk {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Set<String> NOT_YET = Set.of("accepted");

    private final Operator operator;

    Desk(HubProcess.Address hub) {
        operator = new Operator(hub);
    }

    /** The delivery once none of its events is on its way any more; as it is, should that take too long. */
    JsonNode settled(String delivery) {
        await(() -> !NOT_YET.contains(delivery(delivery).path("state").asText("accepted")));
        return delivery(delivery);
    }

    JsonNode delivery(String id) {
        return operator.get("/api/deliveries/" + id).body();
    }

    /** The delivery that an event came with; empty until it is accepted. */
    String deliveryOf(String event) {
        return operator.get("/api/timeline?key=" + event)
                .body()
                .path("events")
                .path(0)
                .path("delivery")
                .asText();
    }

    JsonNode deadLetter(String event) {
        return operator.get("/api/dead-letters/" + event).body();
    }

    JsonNode books() {
        return operator.get("/api/books").body();
    }

    /** Whether nothing is on its way: what has just come out of the bus may be in flight for the books yet. */
    boolean isAtRest() {
        return books().valueStream()
                .allMatch(book -> book.path("events").path("inFlight").asLong() == 0);
    }

    JsonNode books(String connector) {
        return operator.books(connector);
    }

    Operator.Answer replay(String event, Map<String, Object> order) {
        return operator.post("/api/dead-letters/" + event + "/replay", order);
    }

    Operator.Answer reload() {
        return operator.post("/api/reload", Map.of());
    }

    /** Whether it came true in time. */
    static boolean await(BooleanSupplier condition) {
        return await(condition, PATIENCE);
    }

    /** Whether it came true within that time. */
    static boolean await(BooleanSupplier condition, Duration patience) {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
