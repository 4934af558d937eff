package io.dovetail.counterpart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * As much of Request Tracker 5.0.3 as the hub speaks with, below {@code /rt} as Debian has it, with answers in the form of
 * the real one's: searches that read times in the account's time zone and take what they cannot read for 1970, that tell no
 * total of a history, and leave out what the account may not see after the page is made; changes that are refused with
 * status 200. {@code RequestTrackerTest} holds the same connector against a real one. One request at a time.
 */
public final class RequestTrackerDouble implements AutoCloseable {

    private static final String API = "/rt/REST/2.0/";
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final Pattern TERM = Pattern.compile("(\\w+)\\s*(>=|!=|=|>|LIKE)\\s*('[^']*'|\\d+)");
    private static final Pattern TICKET = Pattern.compile("ticket/(\\d+)(?:/(comment|correspond))?");

    private final AskedSystem system = AskedSystem.start();
    private final Map<String, ObjectNode> tickets = new LinkedHashMap<>();
    private final Map<String, String> references = new LinkedHashMap<>();
    private final List<ObjectNode> history = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>();
    private Instant now = Instant.parse("2026-05-01T11:50:00Z");
    private String zone = "UTC";
    private boolean losesAnswer;
    private @Nullable Behaviour refusal;

    public RequestTrackerDouble() {
        system.decides(this::behaviour);
    }

    /** What a hub that reads needs to know of it. */
    public Map<String, String> readers() {
        return Map.of(
                "request-tracker.host",
                "127.0.0.1:" + system.port() + "/rt",
                "request-tracker.reader",
                "reader",
                "request-tracker.reader-password",
                "pw");
    }

    /** What a hub that writes needs to know of it. */
    public Map<String, String> writers() {
        return Map.of(
                "request-tracker.host",
                "127.0.0.1:" + system.port() + "/rt",
                "request-tracker.user",
                "dovetail",
                "request-tracker.password",
                "pw");
    }

    /** From now on it is so late. */
    public synchronized RequestTrackerDouble at(String instant) {
        now = Instant.parse(instant);
        return this;
    }

    /** The reader's, as its page has it. */
    public synchronized void isInZone(String name) {
        zone = name;
    }

    /** The account lacks the right to see it. */
    public synchronized void hides(String entry) {
        hidden.add(entry);
    }

    /** @return the ticket's number */
    public synchronized String opens(String subject, String by) {
        var id = String.valueOf(tickets.size() + 1);
        tickets.put(id, (ObjectNode) Shop.tree("""
                {"id": "%s", "type": "ticket", "_url": "http://127.0.0.1/rt/REST/2.0/ticket/%s", "Subject": "%s",
                 "Status": "new", "Queue": {"id": "1", "type": "queue", "Name": "General"}, "Priority": "0",
                 "Owner": {"id": "Nobody", "type": "user"}, "Requestor": [{"id": "mia@acme.example", "type": "user"}],
                 "Created": "%s", "Resolved": "1970-01-01T00:00:00Z", "Due": "1970-01-01T00:00:00Z"}
                """.formatted(id, id, subject, now)));
        enters(id, "Create", "", "", "", "", by);
        return id;
    }

    /** @return the entry's number */
    public synchronized String enters(
            String ticket, String type, String field, String from, String to, String data, String by) {
        var entry = (ObjectNode) Shop.tree("""
                {"id": "%d", "type": "transaction", "_url": "http://127.0.0.1/rt/REST/2.0/transaction/1", "Type": "%s",
                 "Field": "%s", "OldValue": "%s", "NewValue": "%s", "Creator": {"id": "%s", "type": "user"},
                 "Created": "%s", "ObjectId": "%s", "ObjectType": "RT::Ticket"}
                """.formatted(33 + history.size(), type, field, from, to, by, now, ticket));
        history.add(entry.put("Data", data));
        var changed = tickets.get(ticket).put("LastUpdated", now.toString());
        if (List.of("Status", "Priority").contains(field)) {
            changed.put(field, to);
        }
        return entry.path("id").asText();
    }

    /** Does what the next change says, and breaks the connection off instead of saying so. */
    public void losesTheNextAnswer() {
        losesAnswer = true;
    }

    /** Answers the next change with this, and does nothing. */
    public void refusesTheNextChange(Behaviour how) {
        refusal = how;
    }

    public Map<String, ObjectNode> tickets() {
        return tickets;
    }

    public List<String> entries(String type) {
        return history.stream()
                .filter(entry -> entry.path("Type").asText().equals(type))
                .map(entry -> entry.path("Data").asText())
                .toList();
    }

    /** The changes that it was asked for, whatever became of them. */
    public List<Seen> changes() {
        return system.seen().stream()
                .filter(seen -> !seen.method().equals("GET"))
                .toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        var user = Stream.of("reader", "dovetail")
                .filter(name -> seen.isFrom(name + ":pw"))
                .findFirst();
        if (user.isEmpty()) {
            return AskedSystem.json(401, "{\"message\":\"Unauthorized\"}");
        }
        var uri = URI.create(seen.target());
        var place = uri.getPath().substring(API.length());
        if (seen.method().equals("GET")) {
            return read(place, uri.getRawQuery() == null ? Map.of() : S4.query(uri.getRawQuery()));
        }
        if (refusal != null) {
            var how = refusal;
            refusal = null;
            return how;
        }
        var done = change(place, Shop.tree(seen.body()), user.get());
        if (losesAnswer) {
            losesAnswer = false;
            return exchange -> exchange.close();
        }
        return done;
    }

    private Behaviour read(String place, Map<String, String> query) {
        if (place.equals("user/reader")) {
            return AskedSystem.json(200, "{\"Name\": \"reader\", \"Timezone\": \"" + zone + "\"}");
        }
        if (place.equals("tickets")) {
            var found = sorted(tickets.values(), holds(query.get("query")), query);
            return AskedSystem.json(200, page(found, query, String.valueOf(found.size())));
        }
        if (place.equals("transactions")) {
            return AskedSystem.json(200, page(sorted(history, holds(query.get("query")), query), query, "null"));
        }
        var ticket = TICKET.matcher(place);
        return ticket.matches() && tickets.containsKey(ticket.group(1))
                ? AskedSystem.json(200, tickets.get(ticket.group(1)).toString())
                : AskedSystem.json(404, "{\"message\":\"Not Found\"}");
    }

    /** Those of one value in another order than they came. */
    private static List<ObjectNode> sorted(
            java.util.Collection<ObjectNode> rows, Predicate<ObjectNode> holds, Map<String, String> query) {
        var by = query.getOrDefault("orderby", "id");
        var found = new ArrayList<>(rows.stream().filter(holds).toList().reversed());
        found.sort(
                by.equals("id")
                        ? Comparator.comparingInt(row -> row.path("id").asInt())
                        : Comparator.comparing(row -> row.path(by).asText()));
        return found;
    }

    private String page(List<ObjectNode> found, Map<String, String> query, String total) {
        var most = Math.min(100, Integer.parseInt(query.getOrDefault("per_page", "20")));
        var number = Integer.parseInt(query.getOrDefault("page", "1"));
        var page = found.stream()
                .skip((number - 1L) * most)
                .limit(most)
                .filter(row -> !hidden.contains(row.path("id").asText()) || row.has("Subject"))
                .toList();
        return "{\"items\": %s, \"count\": %d, \"page\": %d, \"per_page\": %d, \"pages\": null, \"total\": %s}"
                .formatted(page, page.size(), number, most, total);
    }

    private Predicate<ObjectNode> holds(String query) {
        var terms = TERM.matcher(query).results().toList();
        var objects = terms.stream()
                .filter(term -> term.group(1).equals("ObjectId"))
                .map(term -> term.group(3))
                .toList();
        return row ->
                (objects.isEmpty() || objects.contains(row.path("ObjectId").asText()))
                        && terms.stream()
                                .filter(term -> !term.group(1).equals("ObjectId"))
                                .allMatch(term -> holds(row, term));
    }

    private boolean holds(ObjectNode row, MatchResult term) {
        var wanted = term.group(3).replace("'", "");
        var is = switch (term.group(1)) {
            case "RefersTo" -> references.getOrDefault(row.path("id").asText(), "");
            default -> row.path(term.group(1)).asText();
        };
        return switch (term.group(2)) {
            case "=" -> is.equals(wanted);
            case "!=" -> !is.equals(wanted);
            case "LIKE" -> is.contains(wanted);
            case ">" -> Long.parseLong(is) > Long.parseLong(wanted);
            default -> !Instant.parse(is).isBefore(instant(wanted));
        };
    }

    private Instant instant(String text) {
        try {
            return LocalDateTime.parse(text, MOMENT).atZone(ZoneId.of(zone)).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private Behaviour change(String place, JsonNode fields, String by) {
        if (place.equals("ticket")) {
            if (!fields.has("Queue")) {
                return AskedSystem.json(400, "{\"message\":\"Could not create ticket. Queue not set\"}");
            }
            var id = opens(fields.path("Subject").asText(), by);
            references.put(id, fields.path("RefersTo").asText());
            return AskedSystem.json(201, "{\"id\":\"" + id + "\",\"type\":\"ticket\",\"_url\":\"http://127.0.0.1\"}");
        }
        var ticket = TICKET.matcher(place);
        if (!ticket.matches() || !tickets.containsKey(ticket.group(1))) {
            return AskedSystem.json(400, "{\"message\":\"Permission Denied\"}");
        }
        var id = ticket.group(1);
        if (ticket.group(2) != null) {
            var isComment = ticket.group(2).equals("comment");
            // what the real one keeps of a subject has a line's end behind it
            var subject = fields.path("Subject").asText() + "\n";
            enters(id, isComment ? "Comment" : "Correspond", "", "", "", subject, by);
            return AskedSystem.json(201, "[\"" + (isComment ? "Comments" : "Correspondence") + " added\"]");
        }
        var status = fields.path("Status").asText();
        if (!List.of("new", "open", "stalled", "resolved", "rejected").contains(status)) {
            return AskedSystem.json(
                    200, "[\"Ticket %s: Status '%s' isn't a valid status for this ticket.\"]".formatted(id, status));
        }
        enters(id, "Status", "Status", tickets.get(id).path("Status").asText(), status, "", by);
        return AskedSystem.json(200, "[\"Ticket %s: Status changed\"]".formatted(id));
    }

    @Override
    public void close() {
        system.close();
    }
}
