package io.dovetail.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.harness.Operator;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What a bench asks of the hub beside its load: the books of all connectors, and a reload. */
final class Books {

    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(5);

    private Books() {}

    /** The sum of all differences; -1 when the books cannot be read. */
    static long difference(Operator operator) {
        var books = operator.get("/api/books").body();
        return books.isEmpty() ? -1 : sum(books, "/difference");
    }

    /** Waits until nothing is in flight. */
    static void settle(Operator operator) throws InterruptedException {
        var deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
        Thread.sleep(200);
        while (inFlight(operator) > 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The hub does not work off what it has accepted.");
            }
            Thread.sleep(200);
        }
    }

    /** How many events are published. */
    static long published(Operator operator) {
        return sum(operator.get("/api/books").body(), "/events/published");
    }

    /** How many events are accepted, and nothing has become of them yet. */
    static long inFlight(Operator operator) {
        return sum(operator.get("/api/books").body(), "/events/inFlight");
    }

    /** How many events are parked. */
    static long parked(Operator operator) {
        return sum(operator.get("/api/books").body(), "/events/parked");
    }

    static void reload(Operator operator) {
        var answer = operator.post("/api/reload", Map.of());
        if (answer.status() != 200) {
            throw new IllegalStateException("The hub refuses what the bench made of its files: " + answer.body());
        }
    }

    private static long sum(JsonNode books, String what) {
        return StreamSupport.stream(books.spliterator(), false)
                .mapToLong(page -> page.at(what).asLong())
                .sum();
    }
}
