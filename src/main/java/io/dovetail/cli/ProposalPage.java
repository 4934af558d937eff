package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/** A proposed edit of a dead letter, as whoever is to approve it reads it. */
final class ProposalPage {

    private ProposalPage() {}

    static void print(Page page, UUID event, JsonNode proposal) {
        page.line(page.bold("An edit waits for an approval")
                + page.pale("  " + proposal.path("id").asText()));
        page.field("by", proposal.path("by").asText());
        page.field("at", proposal.path("at").asText());
        page.field("reason", proposal.path("reason").asText());
        var edit = proposal.path("edit");
        if (edit.has("as")) {
            page.field("as", "version " + edit.path("as").asText());
        }
        edit.path("patch").forEach(change -> page.field("patch", change.toString()));
        var changes = proposal.path("changes");
        for (var change : changes.path("places")) {
            // names of fields are a sender's: none may look like another line
            page.line("  " + change.path("place").asText().replaceAll("\\p{Cntrl}", "?"));
            side(page, "-", change.path("was"));
            side(page, "+", change.path("now"));
        }
        var more = changes.path("more").asInt();
        if (more > 0) {
            page.line("  and " + more + " more places; --json has all that would be translated, in proposal.body");
        } else if (changes.path("places").isEmpty()) {
            page.line("  nothing would differ");
        }
        page.line();
        page.line(page.pale("to approve it, as an approver who is not its author:"));
        page.line("  hub dead approve " + event + " --proposal "
                + proposal.path("id").asText());
        page.line(page.pale("to refuse it:"));
        page.line("  hub dead refuse " + event + " --reason '…'");
    }

    private static void side(Page page, String sign, JsonNode value) {
        if (value.isTextual()) {
            var line = "    " + sign + " " + value.asText();
            page.line(sign.equals("-") ? page.bad(line) : page.good(line));
        }
    }
}
