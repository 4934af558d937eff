package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "books",
        mixinStandardHelpOptions = true,
        header = "Show for each connector that nothing is lost: what came in, and what became of it.",
        description = {
            "",
            "With --verify the hub recomputes its books from every row that it has, and names the ids of whatever differs."
                    + " It goes on working, and takes some seconds for each million of events.",
            "",
            "Exits with 1 if the books of any connector do not balance, or if anything differs."
        },
        footer = {"", "Example: hub books --verify"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BooksCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofHours(1);

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(names = "--verify", description = "recompute them from the rows, and name what differs")
    private boolean verify;

    @Option(names = "--json", description = "print them as JSON")
    private boolean json;

    BooksCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        return verify ? verify() : show();
    }

    private int verify() {
        var verified = Api.of(workplace, hub).get("/api/books/verify", PATIENCE);
        var page = Page.of(spec);
        if (json) {
            page.line(Json.pretty(verified));
        } else {
            new VerifiedBooks(page).print(verified);
        }
        return verified.path("agrees").asBoolean() ? 0 : 1;
    }

    private int show() {
        var books = Api.of(workplace, hub).get("/api/books");
        var page = Page.of(spec);
        var balanced = true;
        for (var book : books) {
            balanced &= book.path("difference").asLong() == 0;
            if (!json) {
                print(page, book);
            }
        }
        if (json) {
            page.line(Json.pretty(books));
        } else if (books.isEmpty()) {
            page.line("Nothing has come in yet.");
        }
        return balanced ? 0 : 1;
    }

    private static void print(Page page, JsonNode book) {
        var deliveries = book.path("deliveries");
        var events = book.path("events");
        var held = events.path("held").asLong();
        page.line(page.bold(book.path("connector").asText()));
        page.field("deliveries", equation(deliveries, "answered", "accepted", "duplicate"));
        page.field(
                "events",
                equation(events, "read", "published", "ignored", "duplicate", "parked", "discarded", "inFlight")
                        + (held == 0 ? "" : ", of which " + held + " held"));
        var difference = book.path("difference").asLong();
        page.field(
                "balance", difference == 0 ? page.good("0") : page.bad(difference + " differ: see hub books --verify"));
    }

    /** {@code read 5 = published 4 + parked 1}. */
    private static String equation(JsonNode counts, String left, String... right) {
        var text = new StringBuilder(term(counts, left));
        for (var i = 0; i < right.length; i++) {
            text.append(i == 0 ? " = " : " + ").append(term(counts, right[i]));
        }
        return text.toString();
    }

    private static String term(JsonNode counts, String name) {
        return (name.equals("inFlight") ? "in flight" : name) + " "
                + counts.path(name).asLong();
    }
}
