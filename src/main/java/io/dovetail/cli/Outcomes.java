package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What became of many deliveries: a row of a table for each, and one for each kind of end its events found. */
final class Outcomes {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOK_MILLIS = 100;
    private static final int MOST_LETTERS = 300;

    private final Page page;
    private final Api api;
    private final List<Sent> all = new ArrayList<>();

    /** @param isKnown the hub had it already */
    private record Sent(String what, int status, boolean isKnown, String id, String text) {

        boolean isAccepted() {
            return status / 100 == 2;
        }
    }

    Outcomes(Page page, Api api) {
        this.page = page;
        this.api = api;
    }

    void add(String what, HttpResponse<String> response) {
        var body = response.body();
        var id = response.headers()
                .firstValue("Delivery-Id")
                .orElseGet(() -> Json.read(body).path("id").asText());
        var known = Json.read(body).path("status").asText().equals("duplicate")
                || all.stream().anyMatch(sent -> sent.isAccepted() && sent.id.equals(id));
        all.add(new Sent(what, response.statusCode(), known, id, body));
    }

    /**
     * Waits for the ends of all, and prints them.
     *
     * @return whether each was accepted or refused, and each event of an accepted one has found its end
     */
    boolean tell() {
        page.line("| file | answer | outcome |");
        page.line("|---|---|---|");
        var good = true;
        for (var sent : all) {
            good &= sent.status < 500;
            if (sent.isAccepted()) {
                var events = ends(sent.id);
                good &= isOver(events);
                page.line(row(sent, (sent.isKnown ? "known already: " : "") + outcome(events)));
            } else {
                page.line(row(sent, "refused: " + reason(sent.text)));
            }
        }
        return good;
    }

    private static String row(Sent sent, String outcome) {
        return "| " + cell(sent.what) + " | " + sent.status + " | " + outcome + " |";
    }

    private JsonNode ends(String id) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var events = api.get("/api/deliveries/" + id).path("events");
            if (isOver(events) || System.nanoTime() > deadline) {
                return events;
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NotDoneException("interrupted");
            }
        }
    }

    private static boolean isOver(JsonNode events) {
        for (var event : events) {
            if (event.path("state").asText().equals("accepted")) {
                return false;
            }
        }
        return true;
    }

    private static String outcome(JsonNode events) {
        Map<String, Integer> ends = new LinkedHashMap<>();
        events.forEach(event -> ends.merge(end(event), 1, Integer::sum));
        return ends.isEmpty()
                ? "no event in it"
                : ends.entrySet().stream()
                        .map(end -> (end.getValue() == 1 ? "" : end.getValue() + " × ") + end.getKey())
                        .collect(Collectors.joining("<br>"));
    }

    private static String end(JsonNode event) {
        var state = event.path("state").asText();
        var type = event.path("type").asText("");
        var failure = event.has("waiting") ? event.path("waiting").path("failure") : event.path("failure");
        return switch (state) {
            case "published" -> {
                var workflows = event.path("triggers")
                        .valueStream()
                        .map(trigger -> trigger.path("workflow").asText())
                        .collect(Collectors.joining(", "));
                yield "published " + type + (workflows.isEmpty() ? "" : ", triggers " + workflows);
            }
            case "parked" -> "parked " + failure(failure);
            case "ignored" -> "ignored: " + cell(event.path("reason").asText());
            case "held" -> "held behind a parked one of its key";
            case "accepted" -> event.has("waiting") ? "waits: " + failure(failure) : "still on its way";
            default -> state + (type.isEmpty() ? "" : " " + type);
        };
    }

    private static String failure(JsonNode failure) {
        return cell(failure.path("kind").asText() + " at "
                + failure.path("place").asText() + ", " + failure.path("rule").asText() + ": "
                + failure.path("message").asText());
    }

    /** Of a refusal in the hub's words, a protocol's or a vendor's. */
    private static String reason(String body) {
        var problem = Json.read(body);
        var detail = problem.path("detail").asText(problem.path("title").asText());
        return cell(detail.isEmpty() ? body : detail);
    }

    /** What others wrote must not break the table, nor steer a terminal. */
    private static String cell(String text) {
        var plain = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\s]+", " ")
                .replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .strip();
        return plain.length() > MOST_LETTERS ? plain.substring(0, MOST_LETTERS) + "…" : plain;
    }
}
