package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** How moments in an event's life read. */
final class Timelines {

    private Timelines() {}

    static String step(JsonNode step) {
        return entry(step.path("at").asText(), words(step));
    }

    /**
     * {@code replayed by admin as version 3c0222cb9119cc9d: mapping repaired}, or {@code approved by bob, as proposed by
     * alice: amount as agreed}.
     */
    static String words(JsonNode step) {
        var actor = step.path("actor").asText("");
        var author = step.path("detail").path("proposedBy").asText("");
        var as = step.path("detail").path("as").asText("");
        var to = RepublishCommand.to(step.path("detail"));
        var reason = step.path("reason").asText("");
        return step.path("step").asText()
                + (actor.isEmpty() ? "" : " by " + actor)
                + (author.isEmpty() ? "" : ", as proposed by " + author)
                + (as.isEmpty() ? "" : " as version " + as)
                + (to.isEmpty() ? "" : " to " + to)
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    static String entry(String at, String what) {
        return String.format("%-30s %s", at, what);
    }
}
